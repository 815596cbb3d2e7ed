"""How a change of an alias can be undone, for the rows of a history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.stand_ins import evenly
from accounts.statements import kept
from registries.models import Collection, Event
from registries.permissions import Access
from registries.queries.aliases import alias_places

ALIAS_CHANGES = (Event.Kind.ALIAS_ADDED, Event.Kind.ALIAS_MOVED, Event.Kind.ALIAS_REMOVED)


@dataclass(frozen=True)
class LiveAlias:
    """Where an alias is now: the number of its version, and its counter."""

    number: int
    counter: int


# By collection id and name.
LiveAliases = Mapping[tuple[int, str], LiveAlias]


@dataclass(frozen=True)
class WayBack:
    """`number` is the version the alias would be on again, None where it would be on none;
    `from_number` the one it is on now."""

    alias: str
    protected: bool
    number: int | None
    from_number: int | None


def live_aliases_of(
    events: Iterable[Event], collection: Collection | None = None, names: Iterable[str] = ()
) -> LiveAliases:
    """Those that the events tell of, and those of these names in `collection`; in one query."""
    changes = [event for event in events if event.kind in ALIAS_CHANGES]
    collections = {event.collection_id for event in changes} | {collection and collection.pk}
    wanted = {event.alias for event in changes} | set(names)
    rows = alias_places((known for known in collections if known), wanted)
    return {(home, name): LiveAlias(number, counter) for home, name, number, counter in rows}


def overtaken_among(events: Iterable[Event], live: LiveAliases) -> frozenset[int]:
    """Ids of the removals behind which the name came and went once more; in one query."""
    removals = [
        event.pk
        for event in events
        if event.kind == Event.Kind.ALIAS_REMOVED
        and (event.collection_id or 0, event.alias) not in live
    ]
    return frozenset(pk for (pk,) in _overtaken(evenly(removals))) if removals else frozenset()


@kept
def _overtaken(removals: tuple[int, ...]) -> QuerySet[Event, tuple[int]]:
    """Asked for each, in the index that keeps counters without twins: a name may have moved very
    often."""
    later = Event.objects.filter(
        collection=OuterRef("collection"),
        alias=OuterRef("alias"),
        alias_counter__gt=OuterRef("alias_counter"),
    )
    return Event.objects.filter(Exists(later), pk__in=removals).values_list("pk")


def way_back(
    event: Event, access: Access, live: LiveAliases, overtaken: frozenset[int]
) -> WayBack | None:
    """None for what is no change of an alias, what has changed since, and what the reader may not
    change. What happens between the page and the click is judged by the operation."""
    if event.kind not in ALIAS_CHANGES or event.collection_id is None:
        return None
    if not access.can_change_alias(event.alias) or not _is_last(event, live, overtaken):
        return None
    return undoing(event, access)


def undoing(event: Event, access: Access) -> WayBack | None:
    """None when the version to go back to was unlinked since."""
    is_new = event.kind == Event.Kind.ALIAS_ADDED
    if not is_new and event.from_version_id is None:
        return None
    number = None if is_new else event.from_number
    return WayBack(event.alias, access.is_protected(event.alias), number, event.number)


def _is_last(event: Event, live: LiveAliases, overtaken: frozenset[int]) -> bool:
    now = live.get((event.collection_id or 0, event.alias))
    if event.kind == Event.Kind.ALIAS_REMOVED:
        return now is None and event.pk not in overtaken
    return now is not None and now.counter == event.alias_counter
