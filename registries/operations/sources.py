"""What runs and people log: versions of sequences, made, deduplicated and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet

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
from registries.models import Alias, Collection, Event, Registry, Version
from registries.names import LATEST, custom_aliases, valid_accepted_type
from registries.operations.edits import (
    protecting_registries,
    protecting_registries_of,
    record_tags,
)
from registries.operations.endings import AT_ONCE, end_collection, unlink_contents
from registries.operations.history import record
from registries.operations.locks import (
    HeldCollection,
    HeldVersion,
    hold_collection,
    hold_home,
    lock_artifact,
    lock_artifacts,
    lock_collections_of,
)
from registries.operations.new_collections import sequence_for_log
from registries.operations.versions import LinkOutcome, let_go, place
from registries.permissions import Access, access_for, deletion_refused_by
from registries.roles import Right

# Of the aliases that stand in the way of a deletion.
MOST_TOLD = 20


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
    names = custom_aliases(aliases)
    entries = store_files(files)
    with transaction.atomic():
        access = hold_home(by, project)
        access.require(Right.LINK)
        sequence = sequence_for_log(by, project, name, type_name)
        newest = sequence.versions.order_by("-number").select_related("artifact").first()
        if newest is not None and newest.artifact.digest == digest_of(entries):
            return place(by, sequence, newest.artifact, [*names, LATEST])
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
        outcome = place(by, sequence, artifact, names)
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
    artifact = lock_artifact(_content_of(version).pk)  # which may have gone before it was held
    _refuse_protected(by, protecting_registries(artifact))
    if not delete_aliases:
        hidden = {held.collection.project_id for held in held_versions if not held.access.can_see()}
        _refuse_pointed_at(Version.objects.filter(artifact=artifact), hidden)
    for held in held_versions:
        let_go(by, held)
    delete_artifacts(by, [artifact])


@transaction.atomic
def delete_sequence(by: Caller, sequence: Collection, *, delete_aliases: bool = False) -> None:
    """Ends a sequence with all its versions, by the rules of `delete_source`, whole or not.

    They are judged together and end many at a time: there may be twenty thousand, each linked.
    """
    access_for(by.user, sequence.project).require(Right.DELETE_COLLECTION)
    if sequence.kind != Collection.Kind.SEQUENCE:
        raise Invalid("not_a_sequence", f"“{sequence.name}” holds links, not what runs logged.")
    held = hold_collection(by, sequence)
    held.access.require(Right.DELETE_COLLECTION)
    contents = Artifact.objects.filter(versions__collection=held.collection.pk)
    links = Version.objects.filter(artifact__in=contents.values("pk"))
    linking = lock_collections_of(links)
    linking.pop(held.collection.pk, None)
    homes = {collection.project_id: collection for collection in linking.values()}
    accesses = {home: _judge_place(by, collection) for home, collection in homes.items()}
    portfolios = [HeldCollection(accesses[one.project_id], one) for one in linking.values()]
    ending = lock_artifacts(contents)
    _refuse_protected(by, protecting_registries_of(contents))
    if not delete_aliases:
        hidden = {home for home, access in accesses.items() if not access.can_see()}
        _refuse_pointed_at(links, hidden)
    for portfolio in portfolios:
        unlink_contents(by, portfolio, contents)
    end_collection(by, held)
    for start in range(0, len(ending), AT_ONCE):
        some = Artifact.objects.filter(pk__in=ending[start : start + AT_ONCE])
        delete_artifacts(by, list(some.select_related("project__entity")))


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
        held.append(HeldVersion(_judge_place(by, link.collection), link.collection, link))
    return held


def _judge_place(by: Caller, collection: Collection) -> Access:
    """For a collection that loses a version because what was logged ends.

    Registries have a say; a link in anybody's project keeps nothing.
    """
    access = access_for(by.user, collection.project)
    is_link_of_project = access.registry is None and collection.kind == Collection.Kind.PORTFOLIO
    if is_link_of_project or access.has(Right.UNLINK):
        return access
    if collection.kind == Collection.Kind.SEQUENCE:
        raise NotAllowed("Only those who may write to its source project can delete this version.")
    raise NotAllowed(deletion_refused_by(access.home_name if access.can_see() else ""))


def _refuse_protected(by: Caller, registries: list[Registry]) -> None:
    for registry in registries:
        where = registry.name if access_for(by.user, registry).can_see() else "a registry"
        raise NotAllowed(
            f"This version carries a protected alias in {where}. "
            "It cannot be deleted before a registry admin takes the alias off.",
            code="protected_version",
        )


def _refuse_pointed_at(links: QuerySet[Version], hidden: set[int]) -> None:
    """Names the aliases but those in homes `hidden` from the caller, which keep it as well."""
    carried = Alias.objects.filter(version__in=links.values("pk")).exclude(name=LATEST)
    seen = carried.exclude(collection__project__in=hidden)
    names = list(seen.order_by("name").values_list("name", flat=True).distinct()[: MOST_TOLD + 1])
    if carried.filter(collection__project__in=hidden).exists():
        raise _pointed_at_unseen(names)
    if names:
        told = ", ".join(names[:MOST_TOLD]) + (" and others" if names[MOST_TOLD:] else "")
        raise Conflict(
            "has_aliases", f"Aliases point at this version: {told}. Take them off first."
        )


def _pointed_at_unseen(names: list[str]) -> Conflict:
    """Nobody can take off what they do not see: they delete it with its aliases or leave it."""
    told = ", ".join([*names[:MOST_TOLD], "others that are not shared with you"])
    which = told if names else "they are not shared with you"
    return Conflict(
        "has_aliases",
        f"Aliases point at this version: {which}. It can be deleted together with its aliases.",
    )
