"""The collections of a registry or project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)

from artifacts.models import Project
from registries.models import Collection, CollectionTag, Version
from registries.permissions import Access
from registries.queries.aliases import PlacedAlias, placed_aliases
from registries.queries.narrowing import Narrowing, Sorts
from registries.queries.paging import PageOfRows, page_of

SORTS: Sorts = {
    "changed": ("Last change", ("-changed_at", "-pk")),
    "name": ("Name", ("folded", "pk")),
    "newest": ("Newest version", ("-newest_at", "-pk")),
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
    collections = Collection.objects.filter(project=home)
    by_type = dict(collections.order_by("type").values_list("type").annotate(rows=Count("pk")))
    found = page_of(_filtered(_with_facts(collections), wanted), wanted.page)
    placed = placed_aliases(found.rows, access.protected_names, access)
    tags = _tags(found.rows)
    rows = [CollectionRow(one, placed.get(one.pk, []), tags.get(one.pk, [])) for one in found]
    return CollectionList(found, rows, list(by_type), sum(by_type.values()))


def _with_facts(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """Adds `newest_number` and `newest_at`."""
    newest = Version.objects.filter(collection=OuterRef("pk")).order_by("-number")
    return collections.annotate(
        newest_number=Subquery(newest.values("number")[:1], output_field=IntegerField()),
        newest_at=Subquery(newest.values("linked_at")[:1], output_field=DateTimeField()),
    )


def _filtered(collections: QuerySet[Collection], wanted: Narrowing) -> QuerySet[Collection]:
    if wanted.term:
        tagged = CollectionTag.objects.filter(wanted.term.matches(), collection=OuterRef("pk"))
        collections = collections.filter(wanted.term.matches() | Exists(tagged))
    if wanted.chosen["type"]:
        collections = collections.filter(type=wanted.chosen["type"])
    return collections.order_by(*wanted.order)


def _tags(collections: Sequence[Collection]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    found = CollectionTag.objects.filter(collection__in=collections).order_by("folded")
    for collection_id, name in found.values_list("collection_id", "name"):
        tags.setdefault(collection_id, []).append(name)
    return tags
