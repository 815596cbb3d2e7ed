"""Collections: created, edited, tagged, deleted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid
from artifacts.models import Project
from artifacts.names import valid_description, valid_tags
from registries.models import Collection, CollectionTag, Event
from registries.names import (
    valid_accepted_type,
    valid_collection_name,
    valid_new_collection_name,
)
from registries.operations.endings import end_collection
from registries.operations.history import record
from registries.operations.locks import HeldCollection, hold_collection, hold_home
from registries.operations.new_collections import judge_type, make_collection
from registries.operations.seen import refuse_unseen, refuse_unseen_protection
from registries.roles import Right


@transaction.atomic
def create_collection(
    by: Caller,
    home: Project,
    name: str,
    type_name: str,
    *,
    description: str | None = None,
    tags: Iterable[str] = (),
) -> Collection:
    """An empty portfolio. Conflict when the home has a collection of that name."""
    access = hold_home(by, home)
    access.require(Right.CREATE_COLLECTION)
    valid_new_collection_name(name, home.name)
    judge_type(access.registry, valid_accepted_type(type_name))
    distinct_tags = valid_tags(tags)
    collection = make_collection(
        by, home, name, type_name, Collection.Kind.PORTFOLIO, description=description
    )
    _add_tags(by, collection, distinct_tags)
    return collection


@transaction.atomic
def edit_collection(
    by: Caller,
    collection: Collection,
    *,
    name: str | None = None,
    description: str | None = None,
    add_tags: Iterable[str] = (),
    remove_tags: Iterable[str] = (),
    seen: str | None = None,
) -> Collection:
    """Changes what is given; None is unchanged. An edit that changes nothing records nothing.

    `seen` is the fingerprint of the card the caller was shown: Conflict when it is another by now.
    """
    held = hold_collection(by, collection)
    held.access.require(Right.EDIT_COLLECTION)
    refuse_unseen("card", held.collection.description, seen, description, "description")
    to_add = valid_tags(add_tags)
    _edit_text(by, held, name, description)
    _add_tags(by, held.collection, to_add)
    _remove_tags(by, held.collection, list(remove_tags))
    return held.collection


@transaction.atomic
def delete_collection(by: Caller, collection: Collection, *, seen: str | None = None) -> None:
    """Unlinks every version, each with its event, then ends the portfolio.

    What was logged ends with `sources.delete_sequence`, which judges the links as well. `seen` is
    that of `unlink_version`.
    """
    held = hold_collection(by, collection)
    held.access.require_delete_collection(
        set(held.collection.aliases.values_list("name", flat=True))
    )
    if held.collection.kind == Collection.Kind.SEQUENCE:
        raise Invalid("not_a_portfolio", f"“{held.collection.name}” holds what runs logged.")
    refuse_unseen_protection(held.access, held.collection.aliases.all(), seen)
    end_collection(by, held)


def _edit_text(by: Caller, held: HeldCollection, name: str | None, description: str | None) -> None:
    collection = held.collection
    changes: dict[str, list[str | None]] = {}
    if name is not None and valid_collection_name(name) != collection.name:
        held.access.require_rename_collection(
            set(collection.aliases.values_list("name", flat=True))
        )
        valid = valid_new_collection_name(name, collection.project.name)
        _refuse_taken_name(held, name)
        changes["name"] = [collection.name, valid]
    if valid_description(description) is not None and description != collection.description:
        changes["description"] = [collection.description, description]
    if not changes:
        return
    for column, (_, after) in changes.items():
        setattr(collection, column, after)
    _save(held, list(changes))
    record(
        by,
        Event.Kind.COLLECTION_EDITED,
        collection.project,
        collection=collection,
        details={"changes": changes},
    )


def _save(held: HeldCollection, columns: list[str]) -> None:
    """Conflict when another request took the name meanwhile."""
    try:
        with transaction.atomic():
            held.collection.save(update_fields=[*columns, "folded"])
    except IntegrityError as error:
        raise _taken(held, held.collection.name) from error


def _refuse_taken_name(held: HeldCollection, name: str) -> None:
    taken = Collection.objects.filter(
        project=held.collection.project, name=valid_collection_name(name)
    ).exclude(pk=held.collection.pk)
    if taken.exists():
        raise _taken(held, name)


def _taken(held: HeldCollection, name: str) -> Conflict:
    return Conflict(
        "collection_exists",
        f"{held.access.home_name} has a collection “{name}” already.",
        field="name",
    )


def _add_tags(by: Caller, collection: Collection, names: list[str]) -> None:
    present = set(collection.tags.values_list("name", flat=True))
    for name in names:
        if name not in present:
            CollectionTag.objects.create(collection=collection, name=name)
            record(by, Event.Kind.TAG_ADDED, collection.project, collection=collection, tag=name)


def _remove_tags(by: Caller, collection: Collection, names: list[str]) -> None:
    # Compared here: PostgreSQL refuses to be asked for a name with NUL in it.
    for tag in [tag for tag in collection.tags.order_by("pk") if tag.name in names]:
        tag.delete()
        record(by, Event.Kind.TAG_REMOVED, collection.project, collection=collection, tag=tag.name)
