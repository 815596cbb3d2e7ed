"""Aliases as pages show them: in order, and in a row no more than fit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from accounts.names import fold
from accounts.stand_ins import evenly
from accounts.statements import kept, prepared
from registries.models import Alias, Collection, Version
from registries.names import LATEST
from registries.permissions import Access

SHOWN_IN_A_ROW = 5
# So many of a version are read to find its first five in natural order.
READ_FOR_A_ROW = 60
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class ShownAlias:
    """`removable` is whether the reader may take it off."""

    name: str
    protected: bool
    counter: int = 0
    removable: bool = False


@dataclass
class AliasRow:
    """What a row shows, and how many more the version carries."""

    shown: list[ShownAlias] = field(default_factory=list)
    hidden: int = 0


@dataclass(frozen=True)
class PlacedAlias:
    """An alias and the number of the version it points at."""

    name: str
    protected: bool
    number: int
    counter: int


def natural(name: str) -> list[str | int]:
    """A key that puts `fold-2` before `fold-10`."""
    return [int(part) if part.isdecimal() else part for part in _DIGITS.split(fold(name))]


def in_order(aliases: Iterable[ShownAlias]) -> list[ShownAlias]:
    """Protected ones, `latest`, then the others by name."""
    return sorted(
        aliases, key=lambda one: (not one.protected, one.name != LATEST, natural(one.name))
    )


def aliases_of(version: Version, access: Access) -> list[ShownAlias]:
    """All of them, for the Aliases field."""
    return in_order(
        ShownAlias(name, access.is_protected(name), counter, access.can_change_alias(name))
        for name, counter in _all_on(version.pk)
    )


@prepared
def _all_on(version_id: int) -> QuerySet[Alias, tuple[str, int]]:
    return Alias.objects.filter(version=version_id).values_list("name", "counter")


def alias_rows(versions: Iterable[Version], access: Access) -> dict[int, AliasRow]:
    """By version id, in one query that reads a bounded number of aliases of each version."""
    ids = [version.pk for version in versions]
    names: dict[int, list[str]] = defaultdict(list)
    totals: dict[int, int] = {}
    for version_id, name, in_all in _first_of(evenly(ids), evenly(access.protected_names)):
        names[version_id].append(name)
        totals[version_id] = in_all
    return {pk: _row(names.get(pk, []), totals.get(pk, 0), access) for pk in ids}


def placed_aliases(
    collections: Iterable[Collection], names: Iterable[str], access: Access
) -> dict[int, list[PlacedAlias]]:
    """Where these names point, by collection id."""
    placed: dict[int, list[PlacedAlias]] = defaultdict(list)
    for collection_id, name, number, counter in alias_places(
        (collection.pk for collection in collections), names
    ):
        placed[collection_id].append(PlacedAlias(name, access.is_protected(name), number, counter))
    for aliases in placed.values():
        aliases.sort(key=lambda one: (not one.protected, one.name != LATEST, natural(one.name)))
    return placed


def alias_places(
    collection_ids: Iterable[int], names: Iterable[str]
) -> list[tuple[int, str, int, int]]:
    """Where these names point: collection id, name, number of the version, counter."""
    return _live(evenly(collection_ids), evenly(names))


@kept
def _live(collections: tuple[int, ...], names: tuple[str, ...]) -> QuerySet[Alias, Any]:
    found = Alias.objects.filter(collection__in=collections, name__in=names)
    # Asked for each: of a name that is everywhere PostgreSQL expects thousands here, where there is
    # one at most, and would join them with all versions.
    number = Version.objects.filter(pk=OuterRef("version")).values("number")
    return found.annotate(number=Subquery(number)).values_list(
        "collection_id", "name", "number", "counter"
    )


@kept
def _first_of(versions: tuple[int, ...], protected: tuple[str, ...]) -> QuerySet[Alias, Any]:
    """Those of each version that may stand in its row: version id, name, how many it has."""
    first = Case(
        When(name__in=protected, then=Value(0)),
        When(name=LATEST, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Alias.objects.filter(version__in=versions)
        .annotate(first=first)
        .annotate(
            place=Window(RowNumber(), partition_by=F("version"), order_by=["first", "folded"]),
            in_all=Window(Count("pk"), partition_by=F("version")),
        )
        .filter(Q(place__lte=READ_FOR_A_ROW) | Q(first=0))
        .values_list("version_id", "name", "in_all")
    )


def _row(names: list[str], total: int, access: Access) -> AliasRow:
    ordered = in_order(ShownAlias(name, access.is_protected(name)) for name in names)
    protected = sum(alias.protected for alias in ordered)
    shown = ordered[: max(SHOWN_IN_A_ROW, protected)]
    return AliasRow(shown, total - len(shown))
