"""Compares what clients were told with the history.

Each alias is a register with a counter. Whoever asks after another was answered has to be told
of a state at least as new; every change that was answered is in the history, and nothing else is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from registries.models import Event
from registries.names import LATEST
from tests.faults.event_replay import OF_ALIASES, Told

if TYPE_CHECKING:
    from registries.operations.aliases import AliasChange
    from tests.faults.alias_clients import Reply

KIND = Event.Kind
Observation = tuple[int, int, int, bool]


def require_real_time_order(replies: Iterable[Reply]) -> None:
    """Nobody is told of an older state than one that was answered before they asked."""
    by_alias: dict[str, list[Observation]] = defaultdict(list)
    for reply in replies:
        for change in reply.changes:
            observation = (reply.begun, reply.ended, change.counter, change.changed)
            by_alias[change.name].append(observation)
    assert by_alias
    for name, observations in by_alias.items():
        _require_order(name, observations)


def require_replies_are_the_history(
    replies: Sequence[Reply], events: Sequence[Event], before: Sequence[Event]
) -> None:
    """Every answered change is one event, and every other event is part of an unlinking.

    `before` are the events of what stood there first: a reply that changed nothing may name one.
    """
    told = {
        (event.alias, event.alias_counter): event
        for event in (*before, *events)
        if event.alias_counter
    }
    answered = set()
    for reply in replies:
        for change in reply.changes:
            event = told[change.name, change.counter]
            if change.changed:
                assert (change.name, change.counter) not in answered
                answered.add((change.name, change.counter))
                _require_same(reply.client, change, event)
            else:
                assert event.number == change.number
    unlinking = set()
    for event in reversed(events):
        if event.kind == KIND.VERSION_UNLINKED:
            unlinking = {event.actor_id}
        elif event.alias_counter and (event.alias, event.alias_counter) not in answered:
            assert unlinking == {event.actor_id}, f"{event} was answered to nobody"
        else:
            unlinking = set()


def require_latest_is_highest(replies: Iterable[Reply], events: Iterable[Event]) -> None:
    """Unless somebody moved it by hand, `latest` goes to the highest number there is."""
    by_hand = {
        change.counter
        for reply in replies
        for change in reply.changes
        if change.name == LATEST and reply.asked != "link"
    }
    told = Told()
    for event in events:
        told.hear(event)
        if event.alias == LATEST and event.alias_counter not in by_hand:
            others = told.present - {event.from_number}
            assert event.number == max(others, default=None)


def require_protection_was_kept(events: Iterable[Event], admins: set[str]) -> None:
    """From the event of its protection on, only admins change a name, until it is lifted."""
    protected = {"production"}
    changes_of_protected = 0
    for event in events:
        if event.kind == KIND.ALIAS_PROTECTED:
            protected.add(event.alias)
        elif event.kind == KIND.ALIAS_UNPROTECTED:
            protected.remove(event.alias)
        elif event.kind in OF_ALIASES:
            assert event.was_protected == (event.alias in protected)
            if event.was_protected:
                assert event.actor is not None
                assert event.actor.username in admins
                changes_of_protected += 1
    assert changes_of_protected


def _require_same(client: str, change: AliasChange, event: Event) -> None:
    assert event.actor is not None
    told = (event.actor.username, event.number, event.from_number, event.was_protected)
    assert told == (client, change.number, change.from_number, change.protected)


def _require_order(name: str, observations: list[Observation]) -> None:
    by_end = sorted(observations, key=lambda observation: observation[1])
    ends = [ended for _, ended, _, _ in by_end]
    newest = list(accumulate((counter for _, _, counter, _ in by_end), max))
    for begun, _, counter, changed in observations:
        answered_before = bisect_left(ends, begun)
        if answered_before:
            known = newest[answered_before - 1]
            assert counter > known or (counter == known and not changed), f"{name}: {counter}"
