"""What runs and people log: versions of sequences, made, deduplicated and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotAllowed
from artifacts.models import Artifact, Project, Run
from artifacts.operations.artifacts import (
    Reference,
    create_artifact,
    delete_artifacts,
    digest_of,
    store_files,
)
from artifacts.permissions import require_write
from registries.models import Alias, Collection, Event, Version
from registries.names import LATEST, custom_alias, valid_accepted_type, valid_aliases
from registries.operations.edits import protecting_registries, record_tags
from registries.operations.endings import end_collection
from registries.operations.history import record
from registries.operations.locks import (
    HeldCollection,
    HeldVersion,
    hold_collection,
    hold_home,
    lock_artifact,
    lock_collections_of,
)
from registries.operations.new_collections import sequence_for_log
from registries.operations.versions import LinkOutcome, let_go, place
from registries.permissions import Access, access_for
from registries.roles import Right


def log_version(
    by: Caller,
    project: Project,
    name: str,
    type_name: str,
    files: Mapping[str, BinaryIO | Reference],
    *,
    aliases: Iterable[str] = (),
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    tags: Iterable[str] = (),
    run: Run | None = None,
) -> LinkOutcome:
    """A new version of a sequence, or the newest one again when the content is the same.

    Aliases are checked before any byte is kept; the aliases are applied in both cases.
    """
    require_write(by, project.entity)
    names = _valid_logged_aliases(aliases)
    entries = store_files(files)
    with transaction.atomic():
        access = hold_home(by, project)
        access.require(Right.LINK)
        sequence = sequence_for_log(by, project, name, type_name)
        newest = sequence.versions.order_by("-number").select_related("artifact").first()
        if newest is not None and newest.artifact.digest == digest_of(entries):
            return place(by, access, sequence, newest.artifact, [*names, LATEST])
        artifact = create_artifact(
            by,
            project,
            type_name,
            entries,
            description=description,
            metadata=metadata,
            tags=tags,
            run=run,
        )
        outcome = place(by, access, sequence, artifact, names)
        record_tags(by, outcome.version)
        return outcome


@transaction.atomic
def change_type(by: Caller, sequence: Collection, type_name: str) -> Collection:
    """The artifacts of the sequence follow. Refused while one is linked elsewhere by its old type.

    A portfolio keeps its type for ever.
    """
    held = hold_collection(by, sequence)
    held.access.require(Right.EDIT_COLLECTION)
    collection = held.collection
    if collection.kind != Collection.Kind.SEQUENCE:
        raise Invalid("not_a_sequence", f"The type of “{collection.name}” is fixed.", field="type")
    if valid_accepted_type(type_name) == collection.type:
        return collection
    artifacts = Artifact.objects.filter(versions__collection=collection)
    linking = Collection.objects.filter(versions__artifact__in=artifacts).exclude(pk=collection.pk)
    if linking.exists():
        raise Conflict(
            "type_in_use",
            f"Versions of “{collection.name}” are linked as {collection.type}. Unlink them first.",
            field="type",
        )
    changes = {"type": [collection.type, type_name]}
    Artifact.objects.filter(pk__in=artifacts.values("pk")).update(type=type_name)
    collection.type = type_name
    collection.save(update_fields=["type"])
    record(
        by,
        Event.Kind.COLLECTION_EDITED,
        collection.project,
        collection=collection,
        details={"changes": changes},
    )
    return collection


@transaction.atomic
def delete_source(by: Caller, version: Version, *, delete_aliases: bool = False) -> None:
    """Ends a logged version and every link to it.

    Refused to everybody while a link carries a protected alias; while anything carries an
    alias other than `latest`, unless `delete_aliases`; and to whoever is not at least Member
    of every registry that links it.
    """
    access = hold_home(by, version.collection.project)
    access.require(Right.UNLINK)
    held_versions = _hold_links(by, _content_of(version))
    artifact = lock_artifact(_content_of(version))  # which may have gone before it was held
    _refuse_protected(by, artifact)
    _refuse_pointed_at(held_versions, delete_aliases)
    for held in held_versions:
        let_go(by, held)
    delete_artifacts(by, [artifact])


@transaction.atomic
def delete_sequence(by: Caller, sequence: Collection, *, delete_aliases: bool = False) -> None:
    """Ends a sequence with all its versions, by the rules of `delete_source`, whole or not."""
    access_for(by.user, sequence.project).require(Right.DELETE_COLLECTION)
    if sequence.kind != Collection.Kind.SEQUENCE:
        raise Invalid("not_a_sequence", f"“{sequence.name}” holds links, not what runs logged.")
    held = hold_collection(by, sequence)
    lock_collections_of(Version.objects.filter(artifact__versions__collection=sequence))
    held.access.require(Right.DELETE_COLLECTION)
    for version in held.collection.versions.select_related("artifact").order_by("number"):
        version.collection = held.collection
        delete_source(by, version, delete_aliases=delete_aliases)
    end_collection(by, HeldCollection(held.access, held.collection))


def _content_of(version: Version) -> Artifact:
    content = Artifact.objects.filter(versions=version.pk).select_related("project__entity")
    artifact = content.first()
    if artifact is None:
        raise Conflict("version_gone", f"{version.label} is gone already. Nothing was changed.")
    return artifact


def _hold_links(by: Caller, artifact: Artifact) -> list[HeldVersion]:
    """Every version of the artifact, links before the logged one, all their collections locked."""
    links = Version.objects.filter(artifact=artifact)
    collections = lock_collections_of(links)
    held = []
    for link in links.select_related("artifact").order_by("-pk"):
        link.collection = collections[link.collection_id]
        held.append(HeldVersion(_judge_link(by, link), link.collection, link))
    return held


def _judge_link(by: Caller, link: Version) -> Access:
    access = access_for(by.user, link.collection.project)
    if access.has(Right.UNLINK):
        return access
    if link.collection.kind == Collection.Kind.SEQUENCE:
        raise NotAllowed("Only those who may write to its source project can delete this version.")
    where = access.home_name if access.can_see() else "A registry you cannot see"
    raise NotAllowed(f"{where} links this version. Only its members and admins can delete it.")


def _refuse_protected(by: Caller, artifact: Artifact) -> None:
    for registry in protecting_registries(artifact):
        where = registry.name if access_for(by.user, registry).can_see() else "a registry"
        raise NotAllowed(
            f"This version carries a protected alias in {where}. "
            "It cannot be deleted before a registry admin takes the alias off.",
            code="protected_version",
        )


def _refuse_pointed_at(held_versions: list[HeldVersion], delete_aliases: bool) -> None:
    if delete_aliases:
        return
    carried = Alias.objects.filter(version__in=[held.version for held in held_versions])
    names = sorted(set(carried.exclude(name=LATEST).values_list("name", flat=True)))
    if names:
        raise Conflict(
            "has_aliases",
            f"Aliases point at this version: {', '.join(names)}. Take them off first.",
        )


def _valid_logged_aliases(aliases: Iterable[str]) -> list[str]:
    """`latest` comes by itself; numbers are given out, never taken."""
    names = valid_aliases(aliases)
    return [custom_alias(name) for name in names]
