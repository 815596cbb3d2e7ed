"""The log of messages: filtered, paged, each with its last attempt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Organization, User
from accounts.statements import kept
from artifacts.models import Project
from automations.messages import Story
from automations.models import Automation, Delivery, DeliveryAttempt
from automations.visibility import deliveries_visible_to
from registries.queries.days import midnight, typed_day
from registries.queries.narrowing import in_address, sort_in
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, long_page_read, some_rows_from
from registries.queries.terms import askable

# A page looks again for what is sent within this time; what waits for hours is not looked for.
SOON = timedelta(minutes=2)
MINUTE, HOUR = 60, 3600
SORTS = {"newest": "Newest first", "oldest": "Oldest first"}
STATES = {
    "pending": "Pending",
    "retrying": "Pending after a failure",
    "delivered": "Delivered",
    "dead": "Given up",
    "cancelled": "Cancelled",
    "nothing": "Nothing to send",
}


@dataclass(frozen=True)
class DeliveryFilter:
    """`since` and `until` are days of UTC, both included."""

    state: str = ""
    alias: str = ""
    automation: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "newest"

    @classmethod
    def read(cls, address: QueryDict) -> DeliveryFilter:
        def typed(name: str) -> str:
            return askable(address.get(name, "")).strip()[:255]

        state = typed("state")
        return cls(
            state if state in STATES else "",
            typed("alias"),
            typed("automation"),
            typed_day(typed("since")),
            typed_day(typed("until")),
            sort_in(address, SORTS),
        )

    @property
    def narrows(self) -> bool:
        return bool(in_address(self._parts))

    @property
    def query(self) -> str:
        """As it stands in an address, without the page."""
        sort = {"sort": self.sort} if self.oldest_first else {}
        return in_address(self._parts | sort)

    @property
    def oldest_first(self) -> bool:
        return self.sort == "oldest"

    @property
    def _parts(self) -> dict[str, object]:
        return {
            "state": self.state,
            "alias": self.alias,
            "automation": self.automation,
            "since": self.since,
            "until": self.until,
        }

    def apply(self, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if self.state == "retrying":
            deliveries = deliveries.filter(state=Delivery.State.PENDING, tries__gt=0)
        elif self.state:
            deliveries = deliveries.filter(state=self.state)
        if self.alias:
            deliveries = deliveries.filter(alias=self.alias)
        if self.automation:
            deliveries = deliveries.filter(automation__name__icontains=self.automation)
        if self.since:
            deliveries = deliveries.filter(created_at__gte=midnight(self.since))
        if self.until:
            end = midnight(self.until) + timedelta(days=1)
            deliveries = deliveries.filter(created_at__lt=end)
        return deliveries


@dataclass(frozen=True)
class DeliveryList:
    page: PageOfRows[Delivery]

    @property
    def rows(self) -> Iterator[DeliveryRow]:
        return map(DeliveryRow, self.page)

    @property
    def states(self) -> dict[str, str]:
        return STATES

    @property
    def sorts(self) -> dict[str, str]:
        return SORTS

    @property
    def is_moving(self) -> bool:
        """Something on this page will change soon: the page looks again."""
        soon = timezone.now() + SOON
        return any(
            one.state == Delivery.State.PENDING and one.next_attempt_at <= soon for one in self.page
        )


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery as `deliveries_of` annotates it."""

    delivery: Delivery

    @property
    def fails(self) -> bool:
        """Tried, and to be tried again; not one that is sent again by hand."""
        return self.delivery.state == Delivery.State.PENDING and self.delivery.tries > 0

    @property
    def told(self) -> str:
        """The happening, as the message's receiver reads it."""
        return Story.of(self.delivery.happening, self.delivery.automation).sentence()

    @property
    def next_try(self) -> str:
        """`at once`, `in 5 min`, `in 2 h`: when it is due and its receiver wants no pause."""
        due, integration = self.delivery.next_attempt_at, self.delivery.integration
        if integration is not None and integration.slow_until is not None:
            due = max(due, integration.slow_until)
        seconds = int((due - timezone.now()).total_seconds())
        if seconds < 1:
            return "at once"
        if seconds < MINUTE:
            return f"in {seconds} s"
        return f"in {seconds // MINUTE} min" if seconds < HOUR else f"in {seconds // HOUR} h"


def deliveries_of(
    user: User,
    wanted: DeliveryFilter,
    page: str,
    *,
    automation: Automation | None = None,
    project: Project | None = None,
) -> DeliveryList:
    """Those of one automation or of one home."""
    found = _among(user, automation, project)
    narrowed = wanted.apply(found)

    def read(start: int) -> list[Delivery]:
        if not wanted.query and automation is not None:
            return _of_automation_from(user, automation.pk, start)
        if not wanted.query and project is not None:
            return _of_home_from(user, project.pk, start)
        return list(_from(narrowed, start, oldest_first=wanted.oldest_first))

    return DeliveryList(long_page_read(read, page, ROWS_ON_A_PAGE, narrowed.count))


def deliveries_left_to(
    user: User, organization: Organization, wanted: DeliveryFilter, page: str
) -> DeliveryList:
    """Those that registries of the organization left behind when they were deleted."""
    left = deliveries_visible_to(user).filter(
        project=None, automation__entity=organization.entity_id
    )
    found = wanted.apply(left)

    def read(start: int) -> list[Delivery]:
        return list(_from(found, start, oldest_first=wanted.oldest_first))

    return DeliveryList(long_page_read(read, page, ROWS_ON_A_PAGE, found.count))


def _among(
    user: User, automation: Automation | None, project: Project | None
) -> QuerySet[Delivery]:
    found = deliveries_visible_to(user)
    if automation is not None:
        found = found.filter(automation=automation)
    return found if project is None else found.filter(project=project)


@kept
def _of_automation_from(user: User, automation_id: int, start: int) -> QuerySet[Delivery]:
    return _from(deliveries_visible_to(user).filter(automation=automation_id), start)


@kept
def _of_home_from(user: User, project_id: int, start: int) -> QuerySet[Delivery]:
    return _from(deliveries_visible_to(user).filter(project=project_id), start)


def _from(
    found: QuerySet[Delivery], start: int, *, oldest_first: bool = False
) -> QuerySet[Delivery]:
    rows, keys = _rows(Delivery.objects.all()), [found.values("pk")]
    if oldest_first:
        rows = rows.order_by("pk")
    return some_rows_from(rows, start, ROWS_ON_A_PAGE, keys, oldest_first=oldest_first)


def _rows(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    last = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-number")
    return (
        found.select_related("happening", "automation", "integration")
        .annotate(
            last_status=Subquery(last.values("status")[:1]),
            last_error=Subquery(last.values("error")[:1]),
            last_milliseconds=Subquery(last.values("milliseconds")[:1]),
        )
        .order_by("-pk")
    )
