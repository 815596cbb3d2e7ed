"""Alias names reserved for the Admins of a registry."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Invalid
from accounts.names import fold, without_selectors
from registries.models import Event, ProtectedAlias, Registry
from registries.names import LATEST, custom_alias, valid_alias, valid_aliases
from registries.operations.history import record
from registries.operations.locks import hold_registry
from registries.roles import Right


@transaction.atomic
def protect_aliases(by: Caller, registry: Registry, names: Iterable[str]) -> list[str]:
    """Reserves the names, all or none; answers those that were not protected before.

    Holds from this moment in every collection: aliases of the name are protected at once.
    """
    held, access = hold_registry(by, registry)
    access.require(Right.PROTECT)
    distinct = valid_aliases(names)
    if not distinct:
        raise Invalid("alias_empty", "Type at least one alias name.", field="alias")
    new = [name for name in distinct if not access.is_protected(name)]
    for name in new:
        _refuse_default(name)
        _refuse_look_alike(name, access.look_alike_of(name), _twin_among(name, new))
    for name in new:
        ProtectedAlias.objects.create(registry=held, name=name, created_by=by.user)
        record(by, Event.Kind.ALIAS_PROTECTED, held.project, alias=name, was_protected=True)
    return new


@transaction.atomic
def unprotect_alias(by: Caller, registry: Registry, name: str) -> bool:
    """Ends the reservation; aliases of the name become custom ones. A second time: nothing.

    Answers whether the name was protected.
    """
    held, access = hold_registry(by, registry)
    access.require(Right.PROTECT)
    name = valid_alias(name)
    gone, _ = ProtectedAlias.objects.filter(registry=held, name=name).delete()
    if gone:
        record(by, Event.Kind.ALIAS_UNPROTECTED, held.project, alias=name)
    return bool(gone)


def _refuse_default(name: str) -> None:
    if name == LATEST:
        raise Invalid(
            "alias_default",
            "“latest” moves with every link and cannot be protected.",
            field="alias",
        )
    custom_alias(name)


def _twin_among(name: str, names: list[str]) -> str | None:
    return next((other for other in names if other != name and _looks(other) == _looks(name)), None)


def _looks(name: str) -> str:
    return without_selectors(fold(name))


def _refuse_look_alike(name: str, protected: str | None, given: str | None) -> None:
    if protected:
        sentence = f"“{name}” is too close to the protected alias “{protected}”."
    elif given:
        sentence = f"“{name}” and “{given}” are too close to each other. Protect one of them."
    else:
        return
    raise Invalid("alias_look_alike", sentence, field="alias")
