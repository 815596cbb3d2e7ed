"""What an operation holds while it decides: registry, then collection, then version.

Everybody takes them in this order. Changes inside a collection share the registry's row, so
they run side by side; changes to the registry's own rules (protected names, roles, its end)
take it alone. On SQLite every transaction is alone, so only the re-reading matters there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from accounts.callers import Caller
from accounts.errors import Conflict, NotFound
from artifacts.models import Artifact, Project
from registries.models import Collection, Registry, Version
from registries.permissions import Access, access_for


@dataclass(frozen=True)
class HeldCollection:
    """A collection nobody else changes until the transaction ends, and the caller's rights."""

    access: Access
    collection: Collection


@dataclass(frozen=True)
class HeldVersion(HeldCollection):
    version: Version


def hold_home(by: Caller, project: Project) -> Access:
    """Shares the home with other changes inside it. Rights are read after the lock is had."""
    share_registries([project.pk])
    access = access_for(by.user, project)
    if not access.can_see():
        raise NotFound
    return access


def hold_registry(by: Caller, registry: Registry) -> tuple[Registry, Access]:
    """The registry alone: no alias of it moves meanwhile."""
    held = (
        Registry.objects.select_for_update(of=("self",))
        .select_related("project", "organization__entity")
        .filter(pk=registry.pk)
        .first()
    )
    if held is None:
        raise NotFound
    access = access_for(by.user, held)
    if not access.can_see():
        raise NotFound
    return held, access


def hold_collection(by: Caller, collection: Collection) -> HeldCollection:
    """NotFound for a collection the caller cannot see or that is gone."""
    access = hold_home(by, collection.project)
    return HeldCollection(access, lock_collection(collection.pk))


def hold_version(by: Caller, version: Version) -> HeldVersion:
    """Conflict when the version was unlinked since the caller last looked."""
    held = hold_collection(by, version.collection)
    fresh = Version.objects.filter(pk=version.pk).select_related("artifact").first()
    if fresh is None:
        raise Conflict(
            "version_gone",
            f"{version.label} is no longer in {held.collection.name}. Nothing was changed.",
        )
    fresh.collection = held.collection
    return HeldVersion(held.access, held.collection, fresh)


def lock_collection(collection_id: int) -> Collection:
    collection = (
        Collection.objects.select_for_update(of=("self",))
        .select_related("project__entity", "project__registry")
        .filter(pk=collection_id)
        .first()
    )
    if collection is None:
        raise NotFound
    return collection


def share_registries(project_ids: Iterable[int]) -> None:
    """In the order of their ids. Django has no FOR SHARE; projects without a registry are free."""
    if connection.vendor != "postgresql":
        return
    table = connection.ops.quote_name(Registry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {table} WHERE project_id = ANY(%s)"  # noqa: S608 a table's own name
            " ORDER BY project_id FOR SHARE",
            [sorted(set(project_ids))],
        )


def lock_artifact(artifact: Artifact) -> Artifact:
    """Last of all. Whoever protects a version and whoever edits its content meet here."""
    held = Artifact.objects.select_for_update(of=("self",)).filter(pk=artifact.pk).first()
    if held is None:
        raise NotFound
    return held
