"""Versions: linked, unlinked. Here `latest` and the numbers are given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.callers import Caller
from accounts.errors import Invalid, NotFound
from artifacts.models import Artifact, Project
from registries.models import SOURCE_PROJECT, Alias, Collection, Event, Version
from registries.names import LATEST, valid_aliases
from registries.operations.aliases import AliasChange, put_aliases, put_latest, take_off
from registries.operations.history import record
from registries.operations.locks import (
    HeldCollection,
    HeldVersion,
    hold_home,
    hold_version,
    lock_artifact,
    share_source,
)
from registries.operations.new_collections import collection_for_link, judge_type
from registries.operations.seen import refuse_unseen_protection
from registries.permissions import Access, access_for
from registries.roles import Right
from registries.visibility import may_use_artifact


@dataclass(frozen=True)
class LinkOutcome:
    """The version, whether this request made it, and what became of the aliases."""

    version: Version
    is_new: bool
    changes: list[AliasChange]


@transaction.atomic
def link_version(
    by: Caller,
    artifact: Artifact,
    home: Project,
    collection_name: str,
    aliases: Iterable[str] = (),
    *,
    expected: Mapping[str, int] | None = None,
) -> LinkOutcome:
    """Points a collection of `home` at `artifact`, making the collection when it is new.

    Linking what is there already makes no number and applies the aliases. One refused alias
    refuses all of it. `expected` is that of `add_aliases`.
    """
    access = hold_home(by, home)
    access.require(Right.LINK)
    artifact = share_source(artifact)
    _judge_source(by, access, artifact)
    collection = collection_for_link(by, access, home, collection_name, artifact.type)
    return place(by, collection, artifact, valid_aliases(aliases), expected)


def place(
    by: Caller,
    collection: Collection,
    artifact: Artifact,
    aliases: list[str],
    expected: Mapping[str, int] | None = None,
) -> LinkOutcome:
    """Gives `artifact` a number and `latest` in a held collection, unless it is in it already.

    The caller is judged here: the collection may have been waited for.
    """
    access = access_for(by.user, collection.project)
    access.require(Right.LINK)
    version = collection.versions.filter(artifact=artifact).first()
    is_new = version is None
    changes: list[AliasChange] = []
    if version is None:
        lock_artifact(artifact.pk)  # NotFound when it was deleted since the caller looked
        version = give_number(by, collection, artifact, aliases)
        version.collection = collection
        changes.append(put_latest(by, HeldVersion(access, collection, version)))
    version.collection = collection
    held = HeldVersion(access, collection, version)
    changes += put_aliases(by, held, aliases, expected or {})
    return LinkOutcome(version, is_new, changes)


@transaction.atomic
def unlink_version(by: Caller, version: Version, *, seen: str | None = None) -> None:
    """Takes the version and its aliases out of its collection; the number is burned.

    For links. A sequence's own version ends with `sources.delete_source`. `seen` is the
    `protection.state_of()` the caller was shown: Conflict when it is another by now.
    """
    held = hold_version(by, version)
    if held.collection.kind == Collection.Kind.SEQUENCE:
        raise Invalid("not_a_link", "A logged version is deleted, not unlinked.")
    held.access.require_unlink(aliases_on(held.version))
    refuse_unseen_protection(held.access, held.version.aliases.all(), seen)
    let_go(by, held)


def let_go(by: Caller, held: HeldVersion) -> None:
    """The unlinking itself: aliases off, version gone, `latest` down, each with its event."""
    hand_latest_down(
        by,
        HeldCollection(held.access, held.collection),
        Version.objects.filter(pk=held.version.pk),
    )
    for alias in held.version.aliases.order_by("name"):
        alias.version = held.version
        take_off(by, held.access, alias)
    record(
        by,
        Event.Kind.VERSION_UNLINKED,
        held.collection.project,
        collection=held.collection,
        version=held.version,
        subject=source_label(held.version.artifact),
        details={SOURCE_PROJECT: held.version.artifact.project_id},
    )
    held.version.delete()


def aliases_on(version: Version) -> set[str]:
    return set(version.aliases.values_list("name", flat=True))


def give_number(
    by: Caller, collection: Collection, artifact: Artifact, aliases: Iterable[str] = ()
) -> Version:
    """The next number of a held collection. A number is given once, whatever becomes of it.

    `aliases` are those the link brings; its event tells of them.
    """
    version = Version.objects.create(
        collection=collection,
        artifact=artifact,
        number=collection.next_number,
        linked_by=by.user,
    )
    collection.next_number += 1
    collection.save(update_fields=["next_number"])
    details: dict[str, Any] = {SOURCE_PROJECT: artifact.project_id}
    if aliases:
        details["aliases"] = list(aliases)
    record(
        by,
        Event.Kind.VERSION_LINKED,
        collection.project,
        collection=collection,
        version=version,
        subject=source_label(artifact),
        details=details,
    )
    return version


def source_label(artifact: Artifact) -> str:
    """`zoo_dataset:v7`: the artifact as its own sequence numbers it; "" while it has none."""
    return source_labels([artifact.pk]).get(artifact.pk, "")


def source_labels(artifact_ids: list[int]) -> dict[int, str]:
    """The same for many, by their ids."""
    logged = Version.objects.filter(
        artifact__in=artifact_ids, collection__kind=Collection.Kind.SEQUENCE
    )
    return {one.artifact_id: str(one)[:128] for one in logged.select_related("collection")}


def hand_latest_down(by: Caller, held: HeldCollection, ending: QuerySet[Version]) -> None:
    """`latest` goes from versions about to end to the highest-numbered one left."""
    if not Alias.objects.filter(version__in=ending.values("pk"), name=LATEST).exists():
        return
    others = held.collection.versions.exclude(pk__in=ending.values("pk"))
    highest = others.order_by("-number").first()
    if highest is not None:
        highest.collection = held.collection
        put_latest(by, HeldVersion(held.access, held.collection, highest))


def _judge_source(by: Caller, access: Access, artifact: Artifact) -> None:
    """Linking needs read on the source; a registry takes what its organization's teams logged."""
    if not may_use_artifact(by.user, artifact):
        raise NotFound
    registry = access.registry
    if registry is None:
        return
    team = getattr(artifact.project.entity, "team", None)
    if team is None or team.organization_id != registry.organization_id:
        raise Invalid(
            "source_outside",
            f"{registry.name} takes artifacts of team projects of "
            f"{registry.organization.name} only.",
        )
    judge_type(registry, artifact.type)
