"""Which version each alias of a collection pointed at, moment by moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.statements import kept
from registries.models import Collection, Event
from registries.names import LATEST
from registries.permissions import Access
from registries.queries.aliases import natural
from registries.queries.history_filter import HistoryFilter, HistoryShape
from registries.queries.ways_back import ALIAS_CHANGES, LiveAliases

MOST_MOMENTS = 24
MOST_LANES = 12
EVENTS_READ = 200
# Of an event no more is read.
DRAWN = ("at", "kind", "alias", "number", "version", "from_number", "from_version")
# What one request does stands in one moment.
ONE_MOMENT = timedelta(seconds=2)


@dataclass
class Moment:
    """Changes made together. No alias changes twice in one moment."""

    at: datetime
    events: list[Event] = field(default_factory=list)

    @property
    def linked(self) -> list[Event]:
        return [event for event in self.events if not event.alias]

    def takes(self, event: Event) -> bool:
        told = {one.alias for one in self.events if one.alias}
        return abs(event.at - self.at) <= ONE_MOMENT and event.alias not in told


@dataclass(frozen=True)
class Span:
    """The alias pointed at `number` from moment `start` (None: from before the first) until
    moment `end` (None: it still does). `is_there` is false once the version was unlinked."""

    number: int
    start: int | None
    end: int | None
    is_there: bool


@dataclass(frozen=True)
class Lane:
    name: str
    protected: bool
    spans: list[Span]


@dataclass(frozen=True)
class AliasTimeline:
    """`is_whole` is false when something earlier, or another alias, is not in the picture."""

    moments: list[Moment]
    lanes: list[Lane]
    is_whole: bool


def alias_timeline(
    collection: Collection, access: Access, wanted: HistoryFilter, live: LiveAliases
) -> AliasTimeline | None:
    """The last moments that the filter's alias and days leave; None when there is nothing.

    Protected aliases and `latest` always have a lane, others by how lately they changed. `live`
    tells where the former are when they have not changed for long.
    """
    events = _changes(collection, replace(wanted, person="", kind=""))
    moments = _moments(reversed(events))
    shown = moments[-MOST_MOMENTS:]
    names = dict.fromkeys(
        event.alias for moment in reversed(shown) for event in moment.events if event.alias
    )
    standing = {} if wanted.alias or wanted.until else _standing(collection, access, live)
    chosen = _chosen(names, standing, access)
    lanes = [_lane(name, shown, access, standing.get(name)) for name in chosen]
    if not lanes:
        return None
    is_whole = len(events) < EVENTS_READ and shown == moments and len(names) <= MOST_LANES
    return AliasTimeline(shown, lanes, is_whole)


def _changes(collection: Collection, wanted: HistoryFilter) -> list[Event]:
    if wanted.shape is None:
        return list(_changes_of(collection.pk, wanted))
    return _changes_kept(collection.pk, wanted.shape, wanted.words, wanted.moments)


@kept
def _changes_kept(
    collection_id: int, shape: HistoryShape, words: tuple[str, ...], moments: tuple[datetime, ...]
) -> QuerySet[Event]:
    return _changes_of(collection_id, HistoryFilter.of(shape, words, moments))


def _changes_of(collection_id: int, wanted: HistoryFilter) -> QuerySet[Event]:
    """Newest first. Links belong to no alias, so a filter by alias leaves them out."""
    kinds = list(ALIAS_CHANGES) if wanted.alias else [*ALIAS_CHANGES, Event.Kind.VERSION_LINKED]
    events = Event.objects.filter(collection=collection_id, kind__in=kinds).only(*DRAWN)
    return wanted.in_time(wanted.of_alias(events)).order_by("-pk")[:EVENTS_READ]


def _moments(events: Iterable[Event]) -> list[Moment]:
    moments: list[Moment] = []
    for event in events:
        if not moments or not moments[-1].takes(event):
            moments.append(Moment(event.at))
        moments[-1].events.append(event)
    return moments


def _standing(collection: Collection, access: Access, live: LiveAliases) -> dict[str, int]:
    """The number each protected alias is on, and `latest`."""
    placed = {name: live.get((collection.pk, name)) for name in [*access.protected_names, LATEST]}
    return {name: alias.number for name, alias in placed.items() if alias}


def _chosen(names: Iterable[str], standing: Iterable[str], access: Access) -> list[str]:
    """The most important, in the order in which badges stand everywhere."""
    known = dict.fromkeys([*standing, *names])
    by_weight = sorted(known, key=lambda name: (not access.is_protected(name), name != LATEST))
    recent = {name: place for place, name in enumerate(names)}
    first = [name for name in by_weight if access.is_protected(name) or name == LATEST]
    others = sorted(set(known) - set(first), key=lambda name: recent.get(name, len(recent)))
    chosen = [*first, *others][: max(MOST_LANES, len(first))]
    return sorted(
        chosen, key=lambda name: (not access.is_protected(name), name != LATEST, natural(name))
    )


def _lane(name: str, moments: list[Moment], access: Access, standing_on: int | None) -> Lane:
    changes = [
        (place, event)
        for place, moment in enumerate(moments)
        for event in moment.events
        if event.alias == name
    ]
    if not changes:
        spans = [] if standing_on is None else [Span(standing_on, None, None, is_there=True)]
        return Lane(name, access.is_protected(name), spans)
    spans = []
    place, first = changes[0]
    if first.from_number is not None:
        spans.append(Span(first.from_number, None, place, first.from_version_id is not None))
    ends = [place for place, _ in changes[1:]]
    for (start, event), end in zip(changes, [*ends, None], strict=True):
        if event.number is not None:
            spans.append(Span(event.number, start, end, event.version_id is not None))
    return Lane(name, access.is_protected(name), spans)
