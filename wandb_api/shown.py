"""What a page shows of versions and contents, in a constant number of queries whatever the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet

from accounts.instances import with_quick_instances
from artifacts.models import Artifact
from registries.models import Alias, Collection, Version


def with_what_is_shown(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Everything a membership selects."""
    found = versions.select_related(
        "collection__project__entity",
        "collection__project__registry",
        "artifact__project__entity",
    )
    return with_quick_instances(
        with_aliases(found).prefetch_related(
            _tags("artifact__tags"), _sources("artifact__versions")
        )
    )


def with_aliases(versions: QuerySet[Version]) -> QuerySet[Version]:
    """As lists, here and below: else Django makes a queryset for those of each row."""
    aliases = Alias.objects.order_by("name")
    return versions.prefetch_related(Prefetch("aliases", aliases, to_attr="shown_aliases"))


def with_tags_and_source(artifacts: QuerySet[Artifact]) -> QuerySet[Artifact]:
    return artifacts.select_related("project__entity").prefetch_related(
        _tags("tags"), _sources("versions")
    )


def source_projects(artifacts: Iterable[Artifact]) -> Iterator[int]:
    """The homes of the sequences that contents loaded here were logged to."""
    for artifact in artifacts:
        for source in artifact.sequence_versions:  # type: ignore[attr-defined]
            yield source.collection.project_id


def _tags(lookup: str) -> Prefetch[str]:
    return Prefetch(lookup, to_attr="shown_tags")


def _sources(lookup: str) -> Prefetch[str]:
    sources = Version.objects.filter(collection__kind=Collection.Kind.SEQUENCE)
    return Prefetch(
        lookup,
        with_quick_instances(
            sources.select_related("collection__project__entity", "collection__project__registry")
        ),
        to_attr="sequence_versions",
    )
