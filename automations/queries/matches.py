"""Which of the aliases and tags there are a pattern would find."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from artifacts.models import ArtifactTag, Project
from automations.kinds import MEANINGS, EventKind
from registries.models import Collection, CollectionTag, ProtectedAlias
from registries.patterns import finder, literal_of, name_of
from registries.queries.aliases import natural
from registries.queries.aliases_with import aliases_of, aliases_with
from registries.queries.terms import SHORT, Term

# A pattern is tried at every letter that is typed.
MOST_TRIED = 2_000
# Of those each use counts: one name may be on thousands of versions.
MOST_TAGS_READ = 1_000
SHOWN = 12

Names: TypeAlias = QuerySet[Any, str]


@dataclass(frozen=True)
class Matches:
    """`names` are the first; `others` is how many there are besides.

    `asked` is `alias`, `tag`, or "" for events without either. `tried` is how many names were
    tried; there are more that the pattern might find unless `all_tried`. `any_known` is false when
    there is no name at all.
    """

    asked: str
    names: list[str]
    others: int
    tried: int
    all_tried: bool = True
    any_known: bool = True


def matches_of(
    project: Project, collection: Collection | None, kind: str, expression: str
) -> Matches:
    """Of the names in a registry or project, or in one collection of it; Invalid for what RE2
    does not know."""
    asked = MEANINGS[EventKind(kind)].field if kind in EventKind.values else "alias"
    is_found = finder(expression)
    if asked is None:
        return Matches("", [], 0, 0)
    letters, only = Term(literal_of(expression)), name_of(expression)
    is_narrowed = asked == "alias" and (bool(only) or len(letters.folded) > SHORT)
    if asked == "tag":
        tried, all_tried = _some(_tags(project, collection, kind), MOST_TAGS_READ)
    elif only:
        is_there = aliases_of(project, collection).filter(name=only).exists()
        tried, all_tried = {only} if is_there else set(), True
    elif is_narrowed:
        tried, all_tried = aliases_with(letters, project, collection, MOST_TRIED)
    else:
        aliases = aliases_of(project, collection).values_list("name", flat=True)
        tried, all_tried = _some(aliases, MOST_TRIED)
    if asked == "alias":
        tried |= set(_protected(project))
    found = [name for name in tried if is_found(name)]
    first = nsmallest(SHOWN, found, key=natural)
    return Matches(
        asked,
        first,
        len(found) - len(first),
        len(tried),
        all_tried=all_tried,
        any_known=bool(tried) or is_narrowed,
    )


def _some(names: Names, most: int) -> tuple[set[str], bool]:
    """The first of them, and whether these are all."""
    read = list(names[: most + 1])
    return set(read), len(read) <= most


def _protected(project: Project) -> Names:
    return ProtectedAlias.objects.filter(registry=project.pk).values_list("name", flat=True)


def _tags(project: Project, collection: Collection | None, kind: str) -> Names:
    if kind in {EventKind.COLLECTION_TAG_ADDED, EventKind.COLLECTION_TAG_REMOVED}:
        of_collections = CollectionTag.objects.filter(collection__project=project)
        if collection is not None:
            of_collections = CollectionTag.objects.filter(collection=collection)
        return of_collections.values_list("name", flat=True)
    where = Q(artifact__versions__collection__project=project)
    if collection is not None:
        where = Q(artifact__versions__collection=collection)
    return ArtifactTag.objects.filter(where).values_list("name", flat=True)
