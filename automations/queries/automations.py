"""Lists of automations, each with how its last message went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Entity, Organization, User
from accounts.statements import kept
from artifacts.models import Project
from automations.filters import pattern_of_filter
from automations.kinds import EventKind
from automations.models import Automation, Delivery
from automations.visibility import automations_visible_to, notes_visible_to
from registries.models import Collection
from registries.queries.narrowing import Narrowing, Sorts
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, page_of, page_read, rows_from

SORTS: Sorts = {
    "name": ("Name", ("name", "pk")),
    "newest": ("Newest", ("-pk",)),
    "message": ("Last message", (F("last_at").desc(nulls_last=True), "name", "pk")),
}
SWITCHED = {"on": "On", "off": "Off"}


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


@kept
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
    if not wanted.is_usual:
        found = _in_home(user, project.pk)
        if collection is not None:
            found = found.filter(Q(collection=collection) | Q(collection=None))
        return _narrowed(found, wanted)
    if collection is None:
        read = partial(_of_home_from, user, project.pk)
    else:
        read = partial(_of_collection_from, user, project.pk, collection.pk)
    return AutomationList(page_read(read, wanted.page, ROWS_ON_A_PAGE))


@kept
def _of_home_from(user: User, project_id: int, start: int) -> QuerySet[Automation]:
    return rows_from(_rows(_in_home(user, project_id)), start, ROWS_ON_A_PAGE)


@kept
def _of_collection_from(
    user: User, project_id: int, collection_id: int, start: int
) -> QuerySet[Automation]:
    found = _in_home(user, project_id).filter(Q(collection=collection_id) | Q(collection=None))
    return rows_from(_rows(found), start, ROWS_ON_A_PAGE)


def _in_home(user: User, project_id: int) -> QuerySet[Automation]:
    return automations_visible_to(user).filter(project=project_id)


def automations_of_organization(
    user: User, organization: Organization, wanted: Narrowing
) -> AutomationList:
    """Of its registries, and of the projects of its teams, as far as the person sees them."""
    entities = Entity.objects.filter(
        Q(pk=organization.entity_id) | Q(team__organization=organization)
    )
    found = automations_visible_to(user).filter(entity__in=entities)
    return _narrowed(found, wanted)


def _narrowed(automations: QuerySet[Automation], wanted: Narrowing) -> AutomationList:
    if wanted.term:
        text = wanted.term.text
        automations = automations.filter(
            Q(name__icontains=text)
            | Q(description__icontains=text)
            | Q(integration__name__icontains=text)
        )
    if wanted.chosen["state"]:
        automations = automations.filter(enabled=wanted.chosen["state"] == "on")
    return AutomationList(page_of(_rows(automations).order_by(*wanted.order), wanted.page))


def _rows(found: QuerySet[Automation]) -> QuerySet[Automation]:
    last = Delivery.objects.filter(automation=OuterRef("pk")).order_by("-pk")
    return (
        found.select_related(
            "project__entity", "project__registry", "collection", "integration", "created_by"
        )
        .annotate(
            last_state=Subquery(last.values("state")[:1]),
            last_at=Subquery(last.values("created_at")[:1]),
        )
        .order_by("name", "pk")
    )
