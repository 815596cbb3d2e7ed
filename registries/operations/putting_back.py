"""Undoing the last change of an alias, by the operations that make such changes."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotFound
from registries.models import Event, Version
from registries.operations.aliases import AliasChange, add_aliases, remove_aliases
from registries.operations.history import last_counter
from registries.operations.locks import HeldCollection, hold_collection


@transaction.atomic
def put_back(by: Caller, event: Event) -> AliasChange:
    """An added alias comes off, a moved or removed one goes where it was.

    The rights are those of the same change made by hand. Conflict when the alias has changed
    since the event, or when the version to go back to was unlinked.
    """
    if event.collection is None:
        raise NotFound
    held = hold_collection(by, event.collection)
    if not event.alias_counter:
        raise Invalid("nothing_to_put_back", "Only the change of an alias can be put back.")
    held.access.require_change_of_alias(event.alias)
    _refuse_outdated(held, event)
    if event.kind == Event.Kind.ALIAS_ADDED:
        return remove_aliases(by, _there(event, event.version, event.number), [event.alias])[0]
    return add_aliases(by, _there(event, event.from_version, event.from_number), [event.alias])[0]


def _refuse_outdated(held: HeldCollection, event: Event) -> None:
    if last_counter(held.collection, event.alias) != event.alias_counter:
        raise Conflict(
            "alias_moved",
            f"“{event.alias}” has changed since then: only its last change can be put back. "
            "Nothing was changed.",
            field="alias",
        )


def _there(event: Event, version: Version | None, number: int | None) -> Version:
    if version is None:
        raise Conflict(
            "version_gone",
            f"v{number} is no longer in {event.collection_name}, so “{event.alias}” cannot be "
            "put back on it. Nothing was changed.",
        )
    return version
