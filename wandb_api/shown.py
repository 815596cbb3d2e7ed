"""What a page shows of versions and contents, in a constant number of queries whatever the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet

from artifacts.models import Artifact
from registries.models import Alias, Collection, Version


def with_what_is_shown(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Everything a membership selects."""
    return versions.select_related(
        "collection__project__entity",
        "collection__project__registry",
        "artifact__project__entity",
    ).prefetch_related(
        Prefetch("aliases", Alias.objects.order_by("name")),
        "artifact__tags",
        _sources("artifact__versions"),
    )


def with_tags_and_source(artifacts: QuerySet[Artifact]) -> QuerySet[Artifact]:
    return artifacts.select_related("project__entity").prefetch_related(
        "tags", _sources("versions")
    )


def source_projects(artifacts: Iterable[Artifact]) -> Iterator[int]:
    """The homes of the sequences that contents loaded here were logged to."""
    for artifact in artifacts:
        for source in artifact.sequence_versions:  # type: ignore[attr-defined]
            yield source.collection.project_id


def _sources(lookup: str) -> Prefetch[str]:
    sources = Version.objects.filter(collection__kind=Collection.Kind.SEQUENCE)
    return Prefetch(
        lookup,
        sources.select_related("collection__project__entity", "collection__project__registry"),
        to_attr="sequence_versions",
    )
