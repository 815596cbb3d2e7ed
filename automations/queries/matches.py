"""Which of the aliases and tags there are a pattern would find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from artifacts.models import ArtifactTag, Project
from automations.kinds import MEANINGS, EventKind
from registries.models import Alias, Collection, CollectionTag, ProtectedAlias
from registries.patterns import pattern
from registries.queries.aliases import natural

# Names, each once: a pattern is tried against them at every letter that is typed.
MOST_TRIED = 100_000
SHOWN = 12

Names: TypeAlias = QuerySet[Any, str]


@dataclass(frozen=True)
class Matches:
    """`names` are the first; `others` is how many there are besides. `asked` is `alias`, `tag`,
    or "" for events without either. `known` were tried; there are more unless `all_tried`."""

    asked: str
    names: list[str]
    others: int
    known: int
    all_tried: bool = True


def matches_of(
    project: Project, collection: Collection | None, kind: str, expression: str
) -> Matches:
    """Of the names in a registry or project, or in one collection of it; Invalid for what RE2
    does not know."""
    asked = MEANINGS[EventKind(kind)].field if kind in EventKind.values else "alias"
    compiled = pattern(expression)
    if asked is None:
        return Matches("", [], 0, 0)
    names = _aliases(project, collection)
    if asked == "tag":
        names = _tags(project, collection, kind)
    known = set(names.distinct()[: MOST_TRIED + 1])
    all_tried = len(known) <= MOST_TRIED
    if asked == "alias":
        known |= set(_protected(project))
    found = sorted((name for name in known if compiled.search(name)), key=natural)
    others = max(0, len(found) - SHOWN)
    return Matches(asked, found[:SHOWN], others, len(known), all_tried)


def _aliases(project: Project, collection: Collection | None) -> Names:
    found = Alias.objects.filter(collection__project=project)
    if collection is not None:
        found = Alias.objects.filter(collection=collection)
    return found.values_list("name", flat=True)


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
