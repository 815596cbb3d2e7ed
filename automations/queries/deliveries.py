"""The log of messages: filtered, paged, each with its last attempt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Organization, User
from accounts.stand_ins import Shape
from accounts.statements import prepared
from artifacts.models import Project
from automations.messages import Story
from automations.models import Automation, Delivery, DeliveryAttempt
from automations.visibility import (
    deliveries_left_by,
    deliveries_of_automation,
    deliveries_of_home,
)
from registries.queries.days import begin_of, end_of, typed_day
from registries.queries.narrowing import in_address, sort_in
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, long_page_read, some_rows_from
from registries.queries.terms import askable

# A page looks again for what is sent within this time; what waits for hours is not looked for.
SOON = timedelta(minutes=2)
MINUTE, HOUR = 60, 3600
SORTS = {"newest": "Newest first", "oldest": "Oldest first"}
STATES = {
    "pending": "Pending",
    "retrying": "Retrying",
    "delivered": "Delivered",
    "dead": "Given up",
    "cancelled": "Cancelled",
    "nothing": "Nothing to send",
}


@dataclass(frozen=True)
class DeliveryShape(Shape):
    """`state` is one of STATES, or empty for all."""

    state: str
    oldest_first: bool


# An automation, a home, or an organization whose deleted registries and projects left them behind.
Owners = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
# Aliases, letters of an automation's name, and moments: one each, or none where nothing is asked.
Asked = tuple[
    DeliveryShape,
    tuple[str, ...],
    tuple[str, ...],
    tuple[datetime, ...],
    tuple[datetime, ...],
]


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

    @property
    def asked(self) -> Asked:
        """What a statement that is kept takes."""
        shape = DeliveryShape(self.state, self.oldest_first)
        aliases = (self.alias,) if self.alias else ()
        named = (self.automation,) if self.automation else ()
        return shape, aliases, named, begin_of(self.since), end_of(self.until)

    def apply(self, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return _narrowed(deliveries, self.asked)


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
    def is_moved(self) -> bool:
        """Its automation is elsewhere by now: what it is called there is told there."""
        return self.delivery.automation.project_id != self.delivery.project_id

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
    automations = () if automation is None else (automation.pk,)
    projects = () if project is None else (project.pk,)
    return _listed(user, (automations, projects, ()), wanted, page)


def deliveries_left_to(
    user: User, organization: Organization, wanted: DeliveryFilter, page: str
) -> DeliveryList:
    """Those that registries of the organization and projects of its teams left behind when they
    were deleted."""
    return _listed(user, ((), (), (organization.entity_id,)), wanted, page)


def _listed(user: User, of: Owners, wanted: DeliveryFilter, page: str) -> DeliveryList:
    def count() -> int:
        return wanted.apply(_among(user, *of)).count()

    read = partial(_from, user, *of, *wanted.asked)
    return DeliveryList(long_page_read(read, page, ROWS_ON_A_PAGE, count))


@prepared
def _from(
    user: User,
    automations: tuple[int, ...],
    projects: tuple[int, ...],
    left_by: tuple[int, ...],
    shape: DeliveryShape,
    aliases: tuple[str, ...],
    named: tuple[str, ...],
    since: tuple[datetime, ...],
    until: tuple[datetime, ...],
    start: int,
) -> QuerySet[Delivery]:
    among = _among(user, automations, projects, left_by)
    found = _narrowed(among, (shape, aliases, named, since, until))
    return _page_from(found, start, oldest_first=shape.oldest_first)


def _among(
    user: User,
    automations: tuple[int, ...],
    projects: tuple[int, ...],
    left_by: tuple[int, ...],
) -> QuerySet[Delivery]:
    for entity_id in left_by:
        return deliveries_left_by(user, entity_id)
    for automation_id in automations:
        return deliveries_of_automation(user, automation_id)
    (project_id,) = projects
    return deliveries_of_home(user, project_id)


# Of an automation that moved the name is not told, and so not looked for.
_AT_HOME = Q(automation__project=F("project")) | Q(automation__project=None, project=None)


def _narrowed(found: QuerySet[Delivery], asked: Asked) -> QuerySet[Delivery]:
    shape, aliases, named, since, until = asked
    if shape.state == "retrying":
        found = found.filter(state=Delivery.State.PENDING, tries__gt=0)
    elif shape.state == "pending":
        found = found.filter(state=Delivery.State.PENDING, tries=0)
    elif shape.state:
        found = found.filter(state=shape.state)
    for alias in aliases:
        found = found.filter(alias=alias)
    for name in named:
        found = found.filter(_AT_HOME, automation__name__icontains=name)
    for begin in since:
        found = found.filter(created_at__gte=begin)
    for end in until:
        found = found.filter(created_at__lt=end)
    return found


def _page_from(
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
