"""What an operation holds while it decides: registry, sequence, portfolio, artifact.

Everybody takes them in this order, organizations and people (`accounts.operations.locks`) before
them, and several rows of one kind in the order of their ids. Changes inside a collection share
the registry's row, so they run side by side; changes to the registry's own rules (protected
names, roles, its end) take it alone. Whoever links shares the sequence the artifact was logged
in, so that it keeps its type and is not deleted meanwhile. (A deletion learns which registries
link a sequence once it holds it, and shares them then: whoever holds a registry alone asks for
no sequence.) On SQLite every transaction is alone, so only the re-reading matters there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from accounts.callers import Caller
from accounts.errors import Conflict, NotFound
from accounts.stand_ins import evenly
from accounts.statements import NOTHING_TO_ASK, Asking, asked_together, asking, prepared
from artifacts.models import Artifact, Project
from registries.events import holding
from registries.models import Alias, Collection, Registry, Version
from registries.named import NamedVersion, collection_at, name_of
from registries.permissions import Access, access_askings, access_for, access_told

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class HeldCollection:
    """A collection nobody else changes until the transaction ends, and the caller's rights."""

    access: Access
    collection: Collection


@dataclass(frozen=True)
class HeldVersion(HeldCollection):
    """`aliases` of the collection, of the names that were asked for: wherever they point.
    `is_listened_to` is whether anybody would hear of another place of an alias."""

    version: Version
    aliases: list[Alias] = field(default_factory=list)
    is_listened_to: bool = True


def hold_home(by: Caller, project: Project) -> Access:
    """Shares the home with other changes inside it. Rights are read after the lock is had."""
    return _held(by, project)[0]


def _held(by: Caller, project: Project, *more: Asking) -> tuple[Access, list[list[Any]]]:
    """The home shared, what else is asked, and last the caller's rights: a lock may have been
    waited for, and a role taken away meanwhile."""
    sharing = _sharing_registries([project.pk])
    askings = access_askings(by.user, project.pk)
    _, *told, registries, protected = asked_together(sharing, *more, *askings)
    access = access_told(by.user, project, registries, protected)
    if not access.can_see():
        raise NotFound
    return access, told


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
    access, (found,) = _held(by, collection.project, _locked_collections.asking(collection.pk))
    return HeldCollection(access, _there(found))


def hold_version(
    by: Caller, version: Version | NamedVersion, aliases: Sequence[str] = ()
) -> HeldVersion:
    """Conflict when the version was unlinked since the caller last looked; NotFound when it is
    named and not there. `aliases` are names to be told where they point."""
    if isinstance(version, NamedVersion):
        return _hold_named(by, version, aliases)
    collection_id, home, names = version.collection_id, version.collection.project, evenly(aliases)
    access, (collections, versions, *told) = _held(
        by,
        home,
        _locked_collections.asking(collection_id),
        _versions.asking(version.pk),
        *(_with_listeners(home.pk, aliases_named.asking(collection_id, names)) if names else []),
    )
    collection = _there(collections)
    if not versions:
        raise Conflict(
            "version_gone",
            f"{version.label} is no longer in {collection.name}. Nothing was changed.",
        )
    return _held_version(access, collection, versions[0], told)


def _hold_named(by: Caller, named: NamedVersion, aliases: Sequence[str]) -> HeldVersion:
    home, names = named.project, evenly(aliases)
    access, (collections, versions, *told) = _held(
        by,
        home,
        _locked_collections_named.asking(*named.place),
        _versions_named.asking(*named.place, named.artifact_id),
        *(_with_listeners(home.pk, _aliases_in_named.asking(*named.place, names)) if names else []),
    )
    collection = _there(collections)
    collection.project = _home_of(named, access.registry)
    return _held_version(access, collection, _there(versions), told)


def _home_of(named: NamedVersion, registry: Registry | None) -> Project:
    """NotFound when it was a registry that has another name now."""
    if named.registry_name is not None and (
        registry is None or name_of(registry) != named.registry_name
    ):
        raise NotFound
    if registry is None:
        return named.project
    registry.project.registry = registry
    return registry.project


def _held_version(
    access: Access, collection: Collection, version: Version, told: list[list[Any]]
) -> HeldVersion:
    """`told` is of the aliases, and of each that may listen to them; nothing when none were asked
    for."""
    version.collection = collection
    if not told:
        return HeldVersion(access, collection, version)
    aliases, *listeners = told
    return HeldVersion(access, collection, version, aliases, is_listened_to=any(listeners))


def _with_listeners(project_id: int, aliases: Asking) -> list[Asking]:
    answers: list[tuple[Any, Asking]] = holding.send(Version, project_id=project_id)  # type: ignore[assignment]
    return [aliases, *(asking for _, asking in answers)]


def lock_collection(collection_id: int) -> Collection:
    found: list[Collection] = _locked_collections(collection_id)
    return _there(found)


def _there(found: list[M]) -> M:
    if not found:
        raise NotFound
    return found[0]


@prepared
def _versions(version_id: int) -> QuerySet[Version]:
    return Version.objects.filter(pk=version_id).select_related("artifact")


@prepared
def _locked_collections(collection_id: int) -> QuerySet[Collection]:
    return _locking().filter(pk=collection_id)


@prepared
def _locked_collections_named(project_id: int, name: str) -> QuerySet[Collection]:
    return Collection.objects.select_for_update().filter(project=project_id, name=name)


@prepared
def _versions_named(project_id: int, name: str, artifact_id: int) -> QuerySet[Version]:
    # Without the content: scripts move aliases by this, and what is told of one may be long.
    versions = Version.objects.filter(collection=collection_at(project_id, name))
    return versions.filter(artifact=artifact_id)


@prepared
def aliases_named(collection_id: int, names: tuple[str, ...]) -> QuerySet[Alias]:
    aliases = Alias.objects.filter(collection=collection_id, name__in=names)
    return aliases.select_related("version")


@prepared
def _aliases_in_named(project_id: int, name: str, names: tuple[str, ...]) -> QuerySet[Alias]:
    aliases = Alias.objects.filter(collection=collection_at(project_id, name))
    return aliases.filter(name__in=names).select_related("version")


def lock_collections_of(links: QuerySet[Version]) -> dict[int, Collection]:
    """By id: the sequences, then the registries that link, then their portfolios.

    Those that were deleted meanwhile are left out.
    """
    sequences = _lock_all(links.filter(collection__kind=Collection.Kind.SEQUENCE))
    share_registries(links.values_list("collection__project_id", flat=True))
    return sequences | _lock_all(links.exclude(collection__kind=Collection.Kind.SEQUENCE))


def share_source(artifact: Artifact) -> Artifact:
    """The content as it is now, for a link; NotFound when it is gone.

    It is not deleted, nor does its type change, before the transaction ends.
    """
    sequences = Collection.objects.filter(
        versions__artifact=artifact, kind=Collection.Kind.SEQUENCE
    )
    _sharing(Collection, "id", sequences.values_list("pk", flat=True)).alone()
    fresh = Artifact.objects.filter(pk=artifact.pk).select_related("project__entity").first()
    if fresh is None:
        raise NotFound
    return fresh


def share_registries(project_ids: Iterable[int]) -> None:
    """In the order of their ids. Projects without a registry are free."""
    _sharing_registries(project_ids).alone()


def _sharing_registries(project_ids: Iterable[int]) -> Asking:
    return _sharing(Registry, "project_id", project_ids)


def lock_artifact(artifact_id: int) -> Artifact:
    """Last of all. Whoever protects a version and whoever edits its content meet here."""
    held = Artifact.objects.select_for_update(of=("self",)).filter(pk=artifact_id).first()
    if held is None:
        raise NotFound
    return held


def lock_artifacts(contents: QuerySet[Artifact]) -> list[int]:
    """The same for many, in the order of their ids, which are told."""
    chosen = Artifact.objects.filter(pk__in=contents.values("pk")).order_by("pk").only("pk")
    return [artifact.pk for artifact in chosen.select_for_update(of=("self",))]


def _lock_all(links: QuerySet[Version]) -> dict[int, Collection]:
    ids = set(links.values_list("collection_id", flat=True))
    return {each.pk: each for each in _locking().filter(pk__in=ids).order_by("pk")}


def _locking() -> QuerySet[Collection]:
    return Collection.objects.select_for_update(of=("self",)).select_related(
        "project__entity", "project__registry"
    )


def _sharing(model: type[Model], column: str, ids: Iterable[int]) -> Asking:
    text = _sharing_text(model, column)
    return asking(text, [sorted(set(ids))]) if text else NOTHING_TO_ASK


@cache
def _sharing_text(model: type[Model], column: str) -> str:
    """Django has no FOR SHARE, and SQLite needs none."""
    if connection.vendor != "postgresql":
        return ""
    table = connection.ops.quote_name(model._meta.db_table)
    return (
        f"SELECT 1 FROM {table} WHERE {column} = ANY(%s::bigint[])"  # noqa: S608 names of our own
        f" ORDER BY {column} FOR SHARE"
    )
