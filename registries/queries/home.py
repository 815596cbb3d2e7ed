"""The registries of an organization, as one person sees them."""

from __future__ import annotations

from functools import partial

from django.db.models import (
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)

from accounts.models import Organization, User
from accounts.statements import prepared
from registries.models import Collection, Event, Registry, Version
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import NumberOf, PageOfRows, page_read, shown_from
from registries.queries.terms import Likeness
from registries.visibility import registries_visible_to

REGISTRIES_ON_A_PAGE = 50
LATEST_CHANGES = 5
# Nobody counts further by eye; a page of fifty registries would count all versions there are.
COUNTED_UP_TO = 1_000
ALIAS_CHANGES = (Event.Kind.ALIAS_ADDED, Event.Kind.ALIAS_MOVED, Event.Kind.ALIAS_REMOVED)

SORTS: Sorts = {
    "name": ("Name", ("folded",)),
    "newest": ("Newest", ("-pk",)),
    "changed": ("Last change", (F("last_change").desc(nulls_last=True), "-pk")),
}


def registries_of(
    user: User, organization: Organization, wanted: Narrowing
) -> tuple[list[Registry], PageOfRows[Registry]]:
    """Core registries, and a page of the organization's own; of both those that match."""
    core = [one for one in _core(user, organization.pk) if wanted.term.is_in(one.folded)]
    read = partial(_own_from, user, organization.pk, *wanted.term.asked, Sort(wanted.sort))
    own = page_read(read, wanted.page, REGISTRIES_ON_A_PAGE)
    prefetch_related_objects([*core, *own.rows], "accepted_types")
    return core, own


def latest_alias_changes(user: User, organization: Organization) -> list[Event]:
    return _latest_changes(user, organization.entity_id)


@prepared
def _core(user: User, organization_id: int) -> QuerySet[Registry]:
    core = registries_visible_to(user).filter(organization=organization_id, is_core=True)
    return _with_facts(core).order_by("pk")


@prepared
def _own_from(
    user: User,
    organization_id: int,
    likeness: Likeness,
    terms: tuple[str, ...],
    sort: Sort,
    start: int,
) -> QuerySet[Registry]:
    own = registries_visible_to(user).filter(organization=organization_id, is_core=False)
    for term in terms:
        own = own.filter(likeness.of(term))
    return shown_from(own, _with_facts, sort.of(SORTS), start, REGISTRIES_ON_A_PAGE)


@prepared
def _latest_changes(user: User, entity_id: int) -> QuerySet[Event]:
    """What an organization owns are registries. Newest first and each asked whether it is seen:
    a few are read, where all registries would be."""
    seen = registries_visible_to(user).filter(pk=OuterRef("project"))
    changes = Event.objects.filter(Exists(seen), entity=entity_id, kind__in=ALIAS_CHANGES)
    return changes.select_related("actor").order_by("-pk")[:LATEST_CHANGES]


def _with_facts(registries: QuerySet[Registry]) -> QuerySet[Registry]:
    """Adds `last_change`, and `collection_count` and `version_count`, which stop at
    COUNTED_UP_TO + 1."""
    collections = Collection.objects.filter(project=OuterRef("pk"))
    versions = Version.objects.filter(collection__project=OuterRef("pk"))
    events = Event.objects.filter(project=OuterRef("pk")).order_by("-pk")
    return registries.select_related("project").annotate(
        collection_count=NumberOf(collections.order_by().values("pk")[: COUNTED_UP_TO + 1]),
        version_count=NumberOf(versions.order_by().values("pk")[: COUNTED_UP_TO + 1]),
        last_change=Subquery(events.values("at")[:1], output_field=DateTimeField()),
    )
