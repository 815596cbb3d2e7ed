"""Reads the history from its first event on and compares where it ends with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from registries.models import Alias, Collection, Event, ProtectedAlias, Version

KIND = Event.Kind
OF_ALIASES = (KIND.ALIAS_ADDED, KIND.ALIAS_MOVED, KIND.ALIAS_REMOVED)


@dataclass
class Told:
    """What the events of one collection add up to."""

    aliases: dict[str, int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    present: set[int] = field(default_factory=set)
    next_number: int = 0

    def hear(self, event: Event) -> None:
        if event.kind in OF_ALIASES:
            self._hear_of_alias(event)
        elif event.kind == KIND.VERSION_LINKED:
            assert event.number == self.next_number, f"{event.number} is a twin or leaves a gap"
            self.present.add(event.number)
            self.next_number += 1
        elif event.kind == KIND.VERSION_UNLINKED:
            # The event keeps the number of what has gone.
            assert event.number is not None
            self.present.remove(event.number)
            assert event.number not in self.aliases.values()

    def _hear_of_alias(self, event: Event) -> None:
        name = event.alias
        self.counters[name] += 1
        assert event.alias_counter == self.counters[name], f"{name}: {event.alias_counter}"
        assert event.from_number == self.aliases.get(name), f"{name} comes from elsewhere"
        if event.kind == KIND.ALIAS_REMOVED:
            del self.aliases[name]
            return
        assert (event.kind == KIND.ALIAS_MOVED) == (name in self.aliases)
        assert event.number in self.present
        self.aliases[name] = event.number


def require_history_agrees() -> None:
    """AssertionError where the rows of any collection or registry are not what was told."""
    events = list(Event.objects.order_by("pk"))
    told = {
        collection_id: replayed(event for event in events if event.collection_id == collection_id)
        for collection_id in Collection.objects.values_list("pk", flat=True)
    }
    _compare_aliases(told)
    _compare_numbers(told)
    _compare_protected_names(events)


def replayed(events: Iterable[Event]) -> Told:
    told = Told()
    for event in events:
        told.hear(event)
    return told


def _compare_aliases(told: dict[int, Told]) -> None:
    rows = Alias.objects.values_list("collection_id", "name", "version__number", "counter")
    assert set(rows) == {
        (collection_id, name, number, of_collection.counters[name])
        for collection_id, of_collection in told.items()
        for name, number in of_collection.aliases.items()
    }


def _compare_numbers(told: dict[int, Told]) -> None:
    present = {(pk, number) for pk, each in told.items() for number in each.present}
    assert set(Version.objects.values_list("collection_id", "number")) == present
    next_numbers = Collection.objects.values_list("pk", "next_number")
    assert dict(next_numbers) == {pk: each.next_number for pk, each in told.items()}


def _compare_protected_names(events: list[Event]) -> None:
    told: set[tuple[int | None, str]] = set()
    for event in events:
        name = (event.project_id, event.alias)
        if event.kind == KIND.ALIAS_PROTECTED:
            assert name not in told
            told.add(name)
        elif event.kind == KIND.ALIAS_UNPROTECTED:
            told.remove(name)
        elif event.kind in OF_ALIASES and event.project_id is not None:
            assert event.was_protected == (name in told), f"{event.alias} moved after it was"
    still_there = {(pk, name) for pk, name in told if pk is not None}
    assert set(ProtectedAlias.objects.values_list("registry_id", "name")) == still_there
