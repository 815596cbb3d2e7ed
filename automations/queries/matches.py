"""Which of the aliases and tags there are a pattern would find."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from artifacts.models import ArtifactTag, Project
from automations.kinds import MEANINGS, EventKind
from registries.models import Alias, Collection, CollectionTag, ProtectedAlias
from registries.patterns import pattern
from registries.queries.aliases import natural

READ = 5_000
SHOWN = 12


@dataclass(frozen=True)
class Matches:
    """`names` are the first; `others` is how many there are besides. `asked` is `alias`, `tag`,
    or "" for events without either."""

    asked: str
    names: list[str]
    others: int
    known: int


def matches_of(
    project: Project, collection: Collection | None, kind: str, expression: str
) -> Matches:
    """Of the names in a registry or project, or in one collection of it; Invalid for what RE2
    does not know."""
    asked = MEANINGS[EventKind(kind)].field if kind in EventKind.values else "alias"
    compiled = pattern(expression)
    if asked is None:
        return Matches("", [], 0, 0)
    known = _aliases(project, collection)
    if asked == "tag":
        known = _tags(project, collection, kind)
    found = sorted((name for name in known if compiled.search(name)), key=natural)
    return Matches(asked, found[:SHOWN], max(0, len(found) - SHOWN), len(known))


def _aliases(project: Project, collection: Collection | None) -> set[str]:
    found = Alias.objects.filter(collection__project=project)
    if collection is not None:
        found = Alias.objects.filter(collection=collection)
    protected = ProtectedAlias.objects.filter(registry=project.pk)
    names = set(found.values_list("name", flat=True)[:READ])
    return names | set(protected.values_list("name", flat=True))


def _tags(project: Project, collection: Collection | None, kind: str) -> set[str]:
    if kind in {EventKind.COLLECTION_TAG_ADDED, EventKind.COLLECTION_TAG_REMOVED}:
        of_collections = CollectionTag.objects.filter(collection__project=project)
        if collection is not None:
            of_collections = CollectionTag.objects.filter(collection=collection)
        return set(of_collections.values_list("name", flat=True)[:READ])
    where = Q(artifact__versions__collection__project=project)
    if collection is not None:
        where = Q(artifact__versions__collection=collection)
    return set(ArtifactTag.objects.filter(where).values_list("name", flat=True)[:READ])
