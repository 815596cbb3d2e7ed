"""Lists of automations, each with how its last message went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Entity, Organization, User
from accounts.stand_ins import Shape
from accounts.statements import prepared
from artifacts.models import Project
from automations.filters import pattern_of_filter
from automations.kinds import EventKind
from automations.models import Automation, Delivery
from automations.visibility import automations_in, automations_visible_to, notes_visible_to
from registries.models import Collection
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, page_read, shown_from

SORTS: Sorts = {
    "name": ("Name", ("name", "pk")),
    "newest": ("Newest", ("-pk",)),
    "message": ("Last message", (F("last_at").desc(nulls_last=True), "name", "pk")),
}
SWITCHED = {"on": "On", "off": "Off"}


@dataclass(frozen=True)
class _State(Shape):
    """Switched on, off, or None for both."""

    enabled: bool | None

    @classmethod
    def of(cls, wanted: Narrowing) -> _State:
        chosen = wanted.chosen["state"]
        return cls(chosen == "on" if chosen else None)


@dataclass(frozen=True)
class AutomationRow:
    """`pattern` is None where the filter is more than a pattern."""

    automation: Automation

    @property
    def event(self) -> str:
        return EventKind(self.automation.event_kind).label

    @property
    def pattern(self) -> str | None:
        return pattern_of_filter(self.automation.filter)

    @property
    def last_state(self) -> str:
        return self.automation.last_state or ""  # type: ignore[attr-defined]

    @property
    def last_fails(self) -> bool:
        """Of a message that is pending, whether it was tried."""
        return bool(self.automation.last_tries)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class AutomationList:
    page: PageOfRows[Automation]

    @property
    def rows(self) -> Iterator[AutomationRow]:
        return map(AutomationRow, self.page)

    @property
    def total(self) -> int:
        return self.page.total


@dataclass(frozen=True)
class AutomationCounts:
    """Of a home that the person sees; `notes` says if there are any for them there."""

    automations: int
    notes: bool


def counts_of_home(user: User, project: Project) -> AutomationCounts:
    """Whoever sees a home sees all of its automations."""
    (counts,) = _counts(user, project.pk)
    return AutomationCounts(*counts)


@prepared
def _counts(user: User, project_id: int) -> QuerySet[Project, tuple[int, bool]]:
    live = Count("automations", filter=Q(automations__deleted_at=None))
    notes = Exists(notes_visible_to(user).filter(project=OuterRef("pk")))
    home = Project.objects.filter(pk=project_id).annotate(live=live, noted=notes)
    return home.values_list("live", "noted")


def automations_of_home(
    user: User,
    project: Project,
    wanted: Narrowing,
    collection: Collection | None = None,
) -> AutomationList:
    """Of a registry or project; with a collection, its own and those of its home."""
    collections = () if collection is None else (collection.pk,)
    read = partial(_of_home_from, user, project.pk, collections, _State.of(wanted), *wanted.asked)
    return AutomationList(page_read(read, wanted.page, ROWS_ON_A_PAGE))


@prepared
def _of_home_from(
    user: User,
    project_id: int,
    collections: tuple[int, ...],
    state: _State,
    sort: Sort,
    terms: tuple[str, ...],
    start: int,
) -> QuerySet[Automation]:
    found = automations_in(user, project_id)
    for collection_id in collections:
        found = found.filter(Q(collection=collection_id) | Q(collection=None))
    return _page_from(found, state, sort, terms, start)


def automations_of_organization(
    user: User, organization: Organization, wanted: Narrowing
) -> AutomationList:
    """Of its registries, and of the projects of its teams, as far as the person sees them."""
    ids = (organization.pk, organization.entity_id)
    read = partial(_of_organization_from, user, *ids, _State.of(wanted), *wanted.asked)
    return AutomationList(page_read(read, wanted.page, ROWS_ON_A_PAGE))


@prepared
def _of_organization_from(
    user: User,
    organization_id: int,
    entity_id: int,
    state: _State,
    sort: Sort,
    terms: tuple[str, ...],
    start: int,
) -> QuerySet[Automation]:
    itself = Entity.objects.filter(pk=entity_id).values("pk")
    teams = Entity.objects.filter(team__organization=organization_id).values("pk")
    # A union is read once, where an OR over a join is asked of each automation.
    found = automations_visible_to(user).filter(entity__in=itself.union(teams, all=True))
    return _page_from(found, state, sort, terms, start)


def _page_from(
    found: QuerySet[Automation], state: _State, sort: Sort, terms: tuple[str, ...], start: int
) -> QuerySet[Automation]:
    for term in terms:
        named = Q(name__icontains=term) | Q(description__icontains=term)
        found = found.filter(named | Q(integration__name__icontains=term))
    if state.enabled is not None:
        found = found.filter(enabled=state.enabled)
    return shown_from(found, _rows, sort.of(SORTS), start, ROWS_ON_A_PAGE)


def _rows(found: QuerySet[Automation]) -> QuerySet[Automation]:
    last = Delivery.objects.filter(automation=OuterRef("pk")).order_by("-pk")
    return found.select_related(
        "project__entity", "project__registry", "collection", "integration", "created_by"
    ).annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_tries=Subquery(last.values("tries")[:1]),
        last_at=Subquery(last.values("created_at")[:1]),
    )
