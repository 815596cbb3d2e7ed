"""What a question about aliases shows, and what it gets back with its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from registries.models import Collection
from registries.permissions import Access
from registries.queries.aliases import PlacedAlias, placed_aliases
from registries.queries.terms import askable


@dataclass(frozen=True)
class Asked:
    """One line of the question: where the alias is now, as its counter proves it."""

    name: str
    protected: bool
    number: int | None
    counter: int

    def moves_to(self, number: int) -> bool:
        """A protected alias is on another version now."""
        return self.protected and self.number not in (None, number)


def asked_of(collection: Collection | None, access: Access, names: Iterable[str]) -> list[Asked]:
    """One line for each name, in the order given. None is a collection that is yet to be made."""
    names = list(dict.fromkeys(names))
    placed: dict[str, PlacedAlias] = {}
    if collection is not None:
        found = placed_aliases([collection], map(askable, names), access)
        placed = {alias.name: alias for alias in found.get(collection.pk, [])}
    return [
        Asked(name, access.is_protected(name), placed[name].number, placed[name].counter)
        if name in placed
        else Asked(name, access.is_protected(name), None, 0)
        for name in names
    ]


def counters_shown(request: HttpRequest) -> Mapping[str, int]:
    """What the page showed when it asked: the counter of each alias."""
    names, counters = request.POST.getlist("alias"), request.POST.getlist("counter")
    if len(names) != len(counters):
        return {}
    return {
        name: int(counter)
        for name, counter in zip(names, counters, strict=True)
        if counter.isdecimal() and len(counter) < 18
    }
