"""How a collection comes to be, by hand, by the first link or by the first log."""

from __future__ import annotations

from contextlib import suppress

from django.db import IntegrityError, transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotFound
from artifacts.models import Project
from artifacts.names import valid_description
from registries.models import Collection, Event, Registry
from registries.names import valid_collection_name, valid_new_collection_name
from registries.operations.history import record
from registries.operations.locks import lock_collection
from registries.permissions import Access
from registries.roles import Right


def collection_for_link(
    by: Caller, access: Access, home: Project, name: str, type_name: str
) -> Collection:
    """The held portfolio of this name and type, made by this first link when it is new."""
    if _named(home, name) is None:
        access.require(Right.CREATE_COLLECTION)
    return _found_or_made(by, home, name, type_name, Collection.Kind.PORTFOLIO)


def sequence_for_log(by: Caller, home: Project, name: str, type_name: str) -> Collection:
    """The held sequence of this name and type, made by this first log when it is new."""
    return _found_or_made(by, home, name, type_name, Collection.Kind.SEQUENCE)


def make_collection(
    by: Caller,
    home: Project,
    name: str,
    type_name: str,
    kind: Collection.Kind,
    *,
    description: str | None = None,
) -> Collection:
    """A new row and its event. Conflict when another request took the name meanwhile."""
    name = valid_new_collection_name(name, home.name)
    try:
        with transaction.atomic():
            collection = Collection.objects.create(
                project=home,
                kind=kind,
                name=name,
                type=type_name,
                description=valid_description(description),
                created_by=by.user,
                changed_by=by.user,
            )
    except IntegrityError as error:
        raise Conflict(
            "collection_exists", f"There is a collection “{name}” already.", field="name"
        ) from error
    record(by, Event.Kind.COLLECTION_CREATED, home, collection=collection)
    return collection


def judge_type(registry: Registry | None, type_name: str) -> None:
    """Invalid when a registry with a list of types does not list this one."""
    if registry is None or registry.accepts_all_types:
        return
    accepted = sorted(registry.accepted_types.values_list("name", flat=True))
    if type_name not in accepted:
        raise Invalid(
            "type_not_accepted",
            f"{registry.name} accepts {', '.join(accepted)}; this is of type {type_name}.",
            field="type",
        )


def _found_or_made(
    by: Caller, home: Project, name: str, type_name: str, kind: Collection.Kind
) -> Collection:
    """Somebody else may make it, or delete it, at the same moment: then it is looked up anew."""
    while True:
        found = _named(home, name)
        if found is None:
            with suppress(Conflict):
                return make_collection(by, home, name, type_name, kind)
        else:
            # Before the lock: a kind is for ever, and sequences are locked before portfolios.
            _judge_kind(found, kind)
            with suppress(NotFound):
                return _of_type(lock_collection(found.pk), type_name)


def _named(home: Project, name: str) -> Collection | None:
    return Collection.objects.filter(project=home, name=valid_collection_name(name)).first()


def _judge_kind(collection: Collection, kind: Collection.Kind) -> None:
    if collection.kind != kind:
        raise Conflict(
            "collection_kind",
            f"“{collection.name}” is a {collection.kind} of this project; "
            f"it cannot be used as a {kind}.",
            field="name",
        )


def _of_type(held: Collection, type_name: str) -> Collection:
    if held.type != type_name:
        raise Invalid(
            "collection_type",
            f"“{held.name}” holds artifacts of type {held.type}; this is of type {type_name}.",
            field="type",
        )
    return held
