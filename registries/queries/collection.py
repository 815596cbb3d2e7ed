"""The versions of a collection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import User
from accounts.stand_ins import evenly
from accounts.statements import kept, prepared
from artifacts.models import ArtifactTag
from artifacts.permissions import projects_visible_to
from registries.models import Alias, Collection, CollectionTag, Version
from registries.names import LATEST
from registries.permissions import Access
from registries.queries.aliases import AliasRow, PlacedAlias, alias_rows, placed_aliases
from registries.queries.finds import matching
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import (
    ROWS_ON_A_PAGE,
    PageOfRows,
    page_of,
    page_read,
    rows_from,
)
from registries.queries.terms import Term
from registries.search_index import ALIASES, VERSION_TAGS

MOST_MATCHES = 200_000
_NUMBER = re.compile(r"[vV]?([0-9]{1,9})")
SORTS: Sorts = {
    "newest": ("Newest first", ("-number",)),
    "oldest": ("Oldest first", ("number",)),
}


@dataclass(frozen=True)
class VersionRow:
    version: Version
    aliases: AliasRow
    tags: list[str]


@dataclass(frozen=True)
class VersionList:
    page: PageOfRows[Version]
    rows: list[VersionRow]


def versions_of(
    user: User, collection: Collection, access: Access, wanted: Narrowing
) -> VersionList:
    """A term is looked for in aliases and tags; `v3` finds that number as well."""
    if not wanted.term:
        read = partial(_versions_from, user, collection.pk, Sort(wanted.sort))
        found = page_read(read, wanted.page, ROWS_ON_A_PAGE)
    else:
        versions = _shown(user, Version.objects.filter(collection=collection))
        keys = _filtered(collection, wanted.term).order_by(*wanted.order).values("pk")
        found = page_of(versions.order_by(*wanted.order), wanted.page, among=keys)
    aliases = alias_rows(found.rows, access)
    tags = _tags(found.rows)
    rows = [VersionRow(one, aliases[one.pk], tags.get(one.artifact_id, [])) for one in found]
    return VersionList(found, rows)


@kept
def _versions_from(user: User, collection_id: int, sort: Sort, start: int) -> QuerySet[Version]:
    versions = Version.objects.filter(collection=collection_id)
    order = sort.of(SORTS)
    # Keys of their own: those of what is shown would be joined with every artifact.
    keys = versions.order_by(*order).values("pk")
    return rows_from(_shown(user, versions).order_by(*order), start, ROWS_ON_A_PAGE, keys)


def _shown(user: User, versions: QuerySet[Version]) -> QuerySet[Version]:
    return versions.select_related("artifact__project__entity", "linked_by").annotate(
        source_visible=source_is_visible(user)
    )


def source_is_visible(user: User) -> Exists:
    """Whether the reader may see where a version's artifact was logged."""
    return Exists(projects_visible_to(user).filter(pk=OuterRef("artifact__project")))


def live_aliases(collection: Collection, access: Access) -> list[PlacedAlias]:
    """Where the protected names and `latest` point."""
    names = [*access.protected_names, LATEST]
    return placed_aliases([collection], names, access).get(collection.pk, [])


def tags_of(collection: Collection) -> list[str]:
    return [name for (name,) in _tags_of(collection.pk)]


@prepared
def _tags_of(collection_id: int) -> QuerySet[CollectionTag, tuple[str]]:
    tags = CollectionTag.objects.filter(collection=collection_id)
    return tags.order_by("folded").values_list("name")


def _filtered(collection: Collection, term: Term) -> QuerySet[Version]:
    versions = Version.objects.filter(collection=collection)
    if not term:
        return versions
    # The sum keeps a database from beginning with all aliases of the collection.
    of_it = Alias.objects.alias(of=F("collection") + 0).filter(of=collection.pk)
    named = of_it.filter(matching(ALIASES, term, [collection.project_id], MOST_MATCHES))
    tags = ArtifactTag.objects.filter(matching(VERSION_TAGS, term, (), MOST_MATCHES))
    tagged = versions.filter(artifact__in=tags.values("artifact"))
    number = _NUMBER.fullmatch(term.text)
    numbered = versions.filter(number=int(number[1])) if number else Version.objects.none()
    # One list of keys: of several a database would try each version of the collection on each.
    keys = named.values("version").union(tagged.values("pk"), numbered.values("pk"))
    return Version.objects.filter(pk__in=keys)


def _tags(versions: Sequence[Version]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    for artifact_id, name in _tags_on(evenly(version.artifact_id for version in versions)):
        tags.setdefault(artifact_id, []).append(name)
    return tags


@kept
def _tags_on(artifacts: tuple[int, ...]) -> QuerySet[ArtifactTag, tuple[int, str]]:
    tags = ArtifactTag.objects.filter(artifact__in=artifacts)
    return tags.order_by("folded").values_list("artifact_id", "name")
