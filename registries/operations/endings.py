"""How many versions end together: many rows at a time, since they may have a million aliases."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.callers import Caller
from artifacts.models import Artifact
from registries.models import SOURCE_PROJECT, Alias, Event, Version
from registries.operations.history import event_of, record, record_all
from registries.operations.locks import HeldCollection
from registries.operations.versions import hand_latest_down, source_labels

AT_ONCE = 1_000


def end_collection(by: Caller, held: HeldCollection) -> None:
    """Takes every alias off and unlinks every version, each with its event, then ends it.

    `latest` ends with its version instead of wandering down the others. The right was judged by
    the caller.
    """
    _end_versions(by, held, held.collection.versions.all())
    record(
        by,
        Event.Kind.COLLECTION_DELETED,
        held.collection.project,
        collection=held.collection,
        subject=held.collection.name,
    )
    held.collection.delete()


def unlink_contents(by: Caller, held: HeldCollection, contents: QuerySet[Artifact]) -> None:
    """Ends a portfolio's links to these contents; `latest` goes to the highest version left."""
    ending = held.collection.versions.filter(artifact__in=contents.values("pk"))
    hand_latest_down(by, held, ending)
    _end_versions(by, held, ending)


def _end_versions(by: Caller, held: HeldCollection, ending: QuerySet[Version]) -> None:
    versions = ending.order_by("number").select_related("artifact")
    while together := list(versions[:AT_ONCE]):
        _take_off_all(by, held, together)
        _unlink_all(by, held, together)


def _take_off_all(by: Caller, held: HeldCollection, versions: Sequence[Version]) -> None:
    by_key = {version.pk: version for version in versions}
    aliases = Alias.objects.filter(version__in=by_key).order_by("version__number", "name")
    while together := list(aliases[:AT_ONCE]):
        removed = [
            event_of(
                by,
                Event.Kind.ALIAS_REMOVED,
                held.collection.project,
                collection=held.collection,
                from_version=by_key[alias.version_id],
                alias=alias.name,
                alias_counter=alias.counter + 1,
                was_protected=held.access.is_protected(alias.name),
            )
            for alias in together
        ]
        Alias.objects.filter(pk__in=[alias.pk for alias in together]).delete()
        record_all(removed)


def _unlink_all(by: Caller, held: HeldCollection, versions: Sequence[Version]) -> None:
    labels = source_labels([version.artifact_id for version in versions])
    unlinked = [
        event_of(
            by,
            Event.Kind.VERSION_UNLINKED,
            held.collection.project,
            collection=held.collection,
            version=version,
            subject=labels.get(version.artifact_id, ""),
            details={SOURCE_PROJECT: version.artifact.project_id},
        )
        for version in versions
    ]
    record_all(unlinked)
    Version.objects.filter(pk__in=[version.pk for version in versions]).delete()
