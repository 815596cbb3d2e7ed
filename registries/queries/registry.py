"""The collections of a registry or project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)

from accounts.stand_ins import evenly
from accounts.statements import kept, prepared
from artifacts.models import Project
from registries.models import Collection, CollectionTag, Version
from registries.permissions import Access
from registries.queries.aliases import PlacedAlias, placed_aliases
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, page_read, rows_from
from registries.queries.terms import Likeness

SORTS: Sorts = {
    "changed": ("Last change", ("-changed_at", "-pk")),
    "name": ("Name", ("folded", "pk")),
    "newest": ("Newest version", (F("newest_at").desc(nulls_last=True), "-pk")),
    "type": ("Type", ("type", "folded", "pk")),
}


@dataclass(frozen=True)
class CollectionRow:
    collection: Collection
    protected: list[PlacedAlias]
    tags: list[str]


@dataclass(frozen=True)
class CollectionList:
    page: PageOfRows[Collection]
    rows: list[CollectionRow]
    types: list[str]
    total: int


def collections_of(home: Project, access: Access, wanted: Narrowing) -> CollectionList:
    """One page, with all types there are and the number of all collections."""
    by_type = dict(_by_type(home.pk))
    asked = (home.pk, wanted.texts("type"), *wanted.term.asked, Sort(wanted.sort))
    found = page_read(partial(_collections_from, *asked), wanted.page, ROWS_ON_A_PAGE)
    placed = placed_aliases(found.rows, access.protected_names, access)
    tags = _tags(found.rows)
    rows = [CollectionRow(one, placed.get(one.pk, []), tags.get(one.pk, [])) for one in found]
    return CollectionList(found, rows, list(by_type), sum(by_type.values()))


@prepared
def _by_type(project_id: int) -> QuerySet[Collection, tuple[str, int]]:
    collections = Collection.objects.filter(project=project_id)
    return collections.order_by("type").values_list("type").annotate(rows=Count("pk"))


@kept
def _collections_from(
    project_id: int,
    types: tuple[str, ...],
    likeness: Likeness,
    terms: tuple[str, ...],
    sort: Sort,
    start: int,
) -> QuerySet[Collection]:
    """A term is looked for in names and tags."""
    found = _with_facts(Collection.objects.filter(project=project_id))
    for term in terms:
        tagged = CollectionTag.objects.filter(likeness.of(term), collection=OuterRef("pk"))
        found = found.filter(likeness.of(term) | Exists(tagged))
    for one in types:
        found = found.filter(type=one)
    return rows_from(found.order_by(*sort.of(SORTS)), start, ROWS_ON_A_PAGE)


def _with_facts(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """Adds `newest_number` and `newest_at`."""
    newest = Version.objects.filter(collection=OuterRef("pk")).order_by("-number")
    return collections.annotate(
        newest_number=Subquery(newest.values("number")[:1], output_field=IntegerField()),
        newest_at=Subquery(newest.values("linked_at")[:1], output_field=DateTimeField()),
    )


def _tags(collections: Sequence[Collection]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    for collection_id, name in _tags_on(evenly(one.pk for one in collections)):
        tags.setdefault(collection_id, []).append(name)
    return tags


@kept
def _tags_on(collections: tuple[int, ...]) -> QuerySet[CollectionTag, tuple[int, str]]:
    tags = CollectionTag.objects.filter(collection__in=collections)
    return tags.order_by("folded").values_list("collection_id", "name")
