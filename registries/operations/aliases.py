"""Aliases on versions: add, move, remove. Here the protected-alias rule is enforced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid
from accounts.names import fold
from accounts.stand_ins import evenly
from accounts.statements import Asking
from accounts.written_rows import inserting, updating_by_key
from registries.models import Alias, Event, Version
from registries.named import NamedVersion
from registries.names import LATEST, custom_alias, is_version_number, valid_aliases
from registries.operations.history import last_counter, record
from registries.operations.locks import (
    HeldVersion,
    aliases_named,
    hold_version,
    lock_artifact,
)
from registries.permissions import Access


@dataclass(frozen=True)
class AliasChange:
    """What a request did to one alias.

    `number` is the version it points at now, `from_number` the one before; None is nowhere.
    `counter` counts the changes of this name in its collection.
    """

    name: str
    counter: int
    number: int | None
    from_number: int | None
    protected: bool
    changed: bool


@transaction.atomic
def add_aliases(
    by: Caller,
    version: Version | NamedVersion,
    names: Iterable[str],
    *,
    expected: Mapping[str, int] | None = None,
) -> list[AliasChange]:
    """Points each name at `version`, moving those that another version holds. All or none.

    `expected` maps names to the counters the caller saw, 0 for a name that was on no
    version: Conflict when a name has changed since.
    """
    held, distinct = _held(by, version, names)
    return put_aliases(by, held, distinct, expected or {}, _by_name(held, held.aliases))


@transaction.atomic
def remove_aliases(
    by: Caller,
    version: Version | NamedVersion,
    names: Iterable[str],
    *,
    expected: Mapping[str, int] | None = None,
) -> list[AliasChange]:
    """Takes the names off `version`, all or none. A name it does not carry changes nothing."""
    held, distinct = _held(by, version, names)
    for name in distinct:
        held.access.require_change_of_alias(name)
        if name == held.version.label:
            raise Invalid(
                "alias_is_number", f"{name} is the version’s number and stays.", field="alias"
            )
    current = _by_name(held, held.aliases)
    _refuse_stale(current, expected or {})
    carried = [alias for alias in current.values() if alias.version_id == held.version.pk]
    if any(held.access.is_protected(alias.name) for alias in carried):
        lock_artifact(held.version.artifact_id)
    return [take_off(by, held.access, alias) for alias in carried]


def put_aliases(
    by: Caller,
    held: HeldVersion,
    names: list[str],
    expected: Mapping[str, int],
    current: Mapping[str, Alias] | None = None,
) -> list[AliasChange]:
    """The adding itself, for a version that is held already, as when linking. `current` is where
    the names point, if that is known."""
    to_give = [name for name in names if not _is_own_number(held.version, name)]
    for name in to_give:
        held.access.require_change_of_alias(custom_alias(name))
    current = _current(held, to_give) if current is None else current
    _refuse_stale(current, expected)
    if any(held.access.is_protected(name) for name in to_give):
        lock_artifact(held.version.artifact_id)
    return [_put(by, held, name, current.get(name)) for name in to_give]


def take_off(by: Caller, access: Access, alias: Alias) -> AliasChange:
    """Removes one alias whose collection is held. The right was judged by the caller."""
    counter = alias.counter + 1
    version = alias.version
    protected = access.is_protected(alias.name)
    alias.delete()
    record(
        by,
        Event.Kind.ALIAS_REMOVED,
        version.collection.project,
        collection=version.collection,
        from_version=version,
        alias=alias.name,
        alias_counter=counter,
        was_protected=protected,
    )
    return AliasChange(alias.name, counter, None, version.number, protected, changed=True)


def _held(
    by: Caller, version: Version | NamedVersion, names: Iterable[str]
) -> tuple[HeldVersion, list[str]]:
    """What is wrong with a name is told to those who see the version alone."""
    try:
        distinct = valid_aliases(names)
    except Invalid:
        hold_version(by, version)
        raise
    return hold_version(by, version, distinct), distinct


def _put(by: Caller, held: HeldVersion, name: str, alias: Alias | None) -> AliasChange:
    protected = held.access.is_protected(name)
    if alias and alias.version_id == held.version.pk:
        number = held.version.number
        return AliasChange(name, alias.counter, number, number, protected, changed=False)
    _refuse_look_alike(held.access, name)
    before = alias.version if alias else None
    counter = alias.counter + 1 if alias else last_counter(held.collection, name) + 1
    record(
        by,
        Event.Kind.ALIAS_MOVED if before else Event.Kind.ALIAS_ADDED,
        held.collection.project,
        collection=held.collection,
        version=held.version,
        from_version=before,
        along=[_pointing(by, held, name, alias, counter)],
        is_listened_to=held.is_listened_to,
        alias=name,
        alias_counter=counter,
        was_protected=protected,
    )
    return AliasChange(
        name,
        counter,
        held.version.number,
        before.number if before else None,
        protected,
        changed=True,
    )


def _pointing(
    by: Caller, held: HeldVersion, name: str, alias: Alias | None, counter: int
) -> Asking:
    points: dict[str, Any] = {"counter": counter, "changed_at": timezone.now()}
    if alias is None:
        points |= {"version": held.version, "changed_by": by.user}
        return inserting(Alias(collection=held.collection, name=name, **points))
    points |= {"version": held.version.pk, "changed_by": by.user.pk}
    return updating_by_key(Alias, alias.pk, **points)


def _refuse_look_alike(access: Access, name: str) -> None:
    """One that is on a version already may stay there and be removed; it is not given anew."""
    twin = access.look_alike_of(name)
    if twin is not None and not access.is_protected(name):
        raise Invalid(
            "alias_look_alike",
            f"“{name}” is too close to the protected alias “{twin}”. Choose another name.",
            field="alias",
        )


def _current(held: HeldVersion, names: list[str]) -> dict[str, Alias]:
    return _by_name(held, aliases_named(held.collection.pk, evenly(names)))


def _by_name(held: HeldVersion, aliases: list[Alias]) -> dict[str, Alias]:
    for alias in aliases:
        alias.version.collection = held.collection
    return {alias.name: alias for alias in aliases}


def _refuse_stale(current: Mapping[str, Alias], expected: Mapping[str, int]) -> None:
    for name, seen in expected.items():
        alias = current.get(name)
        if (alias.counter if alias else 0) != seen:
            where = f"is on {alias.version.label} now" if alias else "is on no version now"
            raise Conflict(
                "alias_moved",
                f"“{name}” has changed since this page was shown: it {where}. Nothing was changed.",
                field="alias",
            )


def _is_own_number(version: Version, name: str) -> bool:
    """`v3` given to v3 changes nothing; `v3` given to another is refused as a custom alias."""
    return is_version_number(name) and fold(name) == version.label


def put_latest(by: Caller, held: HeldVersion) -> AliasChange:
    """`latest` comes with a number: its own right, no custom alias judged."""
    alias = _current(held, [LATEST]).get(LATEST)
    return _put(by, held, LATEST, alias)
