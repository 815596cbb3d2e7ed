"""What may change in a version: description, tags, metadata. They belong to its artifact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.callers import Caller, Way
from accounts.errors import NotAllowed
from artifacts.models import Artifact, ArtifactTag
from artifacts.names import (
    is_same_json,
    valid_description,
    valid_metadata,
    valid_tags,
    valid_time_to_live,
)
from registries.models import Alias, Event, ProtectedAlias, Registry, Version
from registries.operations.history import record
from registries.operations.locks import HeldVersion, hold_version, lock_artifact, share_registries
from registries.operations.seen import refuse_unseen
from registries.permissions import access_for, may_edit_content
from registries.protection import rules_carried_by
from registries.roles import Right


@transaction.atomic
def edit_version(
    by: Caller,
    version: Version,
    *,
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    time_to_live: int | None = None,
    add_tags: Iterable[str] = (),
    remove_tags: Iterable[str] = (),
    seen: str | None = None,
) -> Artifact:
    """Changes what is given; None is unchanged. Every link of the artifact shows it.

    A time to live, in seconds, ends with a number that is not above 0. `seen` is the fingerprint of
    the description or the metadata that the caller was shown: Conflict when it is another by now.

    An edit that changes nothing is accepted from anybody who sees the version.
    """
    share_registries(
        Version.objects.filter(artifact=version.artifact_id).values_list(
            "collection__project_id", flat=True
        )
    )
    held = hold_version(by, version)
    artifact = lock_artifact(held.version.artifact_id)
    refuse_unseen("description", artifact.description, seen, description)
    refuse_unseen("metadata", artifact.metadata, seen, metadata)
    changes = _changes(artifact, description, metadata) | _new_life(artifact, time_to_live)
    present = set(artifact.tags.values_list("name", flat=True))
    to_add = [name for name in valid_tags(add_tags) if name not in present]
    to_remove = [name for name in dict.fromkeys(remove_tags) if name in present]
    if changes or to_add or to_remove:
        _judge(by, held, artifact)
    _write(by, held, artifact, changes)
    _write_tags(by, held, artifact, to_add, to_remove)
    return artifact


def protecting_registries(artifact: Artifact) -> list[Registry]:
    """Registries in which a version of this artifact carries a protected alias."""
    carried = Alias.objects.filter(version__artifact=artifact).values_list(
        "collection__project_id", "name"
    )
    by_home: dict[int, set[str]] = {}
    for home_id, name in carried:
        by_home.setdefault(home_id, set()).add(name)
    protected = ProtectedAlias.objects.filter(registry__in=by_home).values_list(
        "registry_id", "name"
    )
    ids = {home_id for home_id, name in protected if name in by_home[home_id]}
    return list(Registry.objects.filter(pk__in=ids).order_by("name"))


def protecting_registries_of(contents: QuerySet[Artifact]) -> list[Registry]:
    """The same for many contents."""
    rules = rules_carried_by(Q(version__artifact__in=contents.values("pk")))
    return list(Registry.objects.filter(pk__in=rules.values("registry")).order_by("name"))


def _changes(
    artifact: Artifact, description: str | None, metadata: dict[str, Any] | None
) -> dict[str, list[Any]]:
    """Column → [before, after] for what really differs."""
    changes: dict[str, list[Any]] = {}
    if valid_description(description) is not None and description != artifact.description:
        changes["description"] = [artifact.description, description]
    if metadata is not None and not is_same_json(valid_metadata(metadata), artifact.metadata):
        changes["metadata"] = [artifact.metadata, metadata]
    return changes


def _new_life(artifact: Artifact, time_to_live: int | None) -> dict[str, list[Any]]:
    given = valid_time_to_live(time_to_live)
    if time_to_live is None or given == artifact.time_to_live:
        return {}
    return {"time_to_live": [artifact.time_to_live, given]}


def _judge(by: Caller, held: HeldVersion, artifact: Artifact) -> None:
    """Members edit through a link in a registry in the browser; through a link in a project, and
    through the SDK, the source's rights decide.

    Wherever a link carries a protected alias, only Admins of that registry may.
    """
    if by.way == Way.SDK:
        if not access_for(by.user, artifact.project).has(Right.EDIT_VERSION):
            raise NotAllowed(
                "Only those who may write to the project it was logged in "
                "can change this version through the SDK."
            )
    else:
        held.access.require(Right.EDIT_VERSION)
        if not may_edit_content(held.access, held.collection.project, artifact):
            raise NotAllowed(
                "Only those who may write to the project it was logged in can change this version."
            )
    for registry in protecting_registries(artifact):
        access = access_for(by.user, registry)
        if not access.has(Right.EDIT_PROTECTED_VERSION):
            # Where the registry is hidden from the caller its name stays so.
            where = registry.name if access.can_see() else "a registry"
            raise NotAllowed(
                f"This version carries a protected alias in {where}. "
                "Only admins of that registry can change it.",
                code="protected_version",
            )


def _write(
    by: Caller, held: HeldVersion, artifact: Artifact, changes: dict[str, list[Any]]
) -> None:
    if not changes:
        return
    for column, (_, after) in changes.items():
        setattr(artifact, column, after)
    artifact.save(update_fields=list(changes))
    record(
        by,
        Event.Kind.VERSION_EDITED,
        held.collection.project,
        collection=held.collection,
        version=held.version,
        details={"changes": changes},
    )


def _write_tags(
    by: Caller, held: HeldVersion, artifact: Artifact, to_add: list[str], to_remove: list[str]
) -> None:
    for name in to_add:
        ArtifactTag.objects.create(artifact=artifact, name=name)
        _record_tag(by, Event.Kind.TAG_ADDED, held.version, name)
    for name in to_remove:
        ArtifactTag.objects.filter(artifact=artifact, name=name).delete()
        _record_tag(by, Event.Kind.TAG_REMOVED, held.version, name)


def record_tags(by: Caller, version: Version) -> None:
    """The tags a version was logged with, each as an event."""
    for name in version.artifact.tags.order_by("pk").values_list("name", flat=True):
        _record_tag(by, Event.Kind.TAG_ADDED, version, name)


def _record_tag(by: Caller, kind: Event.Kind, version: Version, name: str) -> None:
    collection = version.collection
    record(by, kind, collection.project, collection=collection, version=version, tag=name)
