"""What of a history is asked for, as it stands in an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.names import composed, fold
from accounts.stand_ins import Shape
from registries.models import Event
from registries.queries.days import DAY, begin_of, end_of, typed_day
from registries.queries.narrowing import in_address
from registries.queries.terms import askable

KINDS = {
    "alias": "Alias changes",
    "version": "Versions",
    "tag": "Tags",
    "protected": "Protected Aliases",
    "collection": "Collections",
    "registry": "Registry",
    "member": "Members and roles",
}
# A filter that fits more is asked of each event: there is soon one that fits.
MOST_NAMES = 500
MOST_PARTS = 20
PROTECTION = (Event.Kind.ALIAS_PROTECTED, Event.Kind.ALIAS_UNPROTECTED)


@dataclass(frozen=True)
class HistoryShape(Shape):
    """What a filter asks for, without its words: `by_name` where the aliases that fit are known."""

    kind: str
    by_person: bool
    by_name: bool
    since: bool
    until: bool


@dataclass(frozen=True)
class HistoryFilter:
    """`since` and `until` are days of UTC, both included. `names` are the aliases that fit, when
    they are known."""

    alias: str = ""
    person: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    names: tuple[str, ...] | None = None

    @classmethod
    def read(cls, address: QueryDict) -> HistoryFilter:
        def typed(name: str) -> str:
            return askable(address.get(name, "")).strip()[:200]

        days = (typed_day(typed("since")), typed_day(typed("until")))
        return cls(typed("alias"), typed("person"), typed("kind"), *days)

    @property
    def narrows(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        values = {
            "alias": self.alias,
            "person": self.person,
            "kind": self.kind,
            "since": self.since,
            "until": self.until,
        }
        return in_address(values)

    @property
    def kinds(self) -> list[str]:
        """Of events; empty where any fits."""
        if self.kind == "protected":
            return list(PROTECTION)
        if self.kind in KINDS:
            of_family = [kind for kind in Event.Kind.values if kind.startswith(f"{self.kind}.")]
            return [kind for kind in of_family if kind not in PROTECTION]
        return [self.kind] if self.kind else []

    @property
    def tells_of_protection(self) -> bool:
        return not self.kinds or not set(PROTECTION).isdisjoint(self.kinds)

    @property
    def shape(self) -> HistoryShape | None:
        """None for a filter that is one of too many: by any kind of event, or by letters that are
        in more than a few aliases."""
        few = self.names is not None and len(self.names) <= MOST_PARTS
        if self.kind not in {"", *KINDS} or (self.alias and not few):
            return None
        asked = map(bool, (self.person, self.alias, self.since, self.until))
        return HistoryShape(self.kind, *asked)

    @property
    def words(self) -> tuple[str, ...]:
        """What belongs to the shape: a person, then names of aliases."""
        person = (self.person,) if self.person else ()
        return (*person, *(self.names or ())) if self.alias else person

    @property
    def moments(self) -> tuple[datetime, ...]:
        """The same of its days: from the first, up to the second without it."""
        return (*begin_of(self.since), *end_of(self.until))

    @classmethod
    def of(
        cls, shape: HistoryShape, words: tuple[str, ...], moments: tuple[datetime, ...]
    ) -> HistoryFilter:
        """Back from the three."""
        person, names = (words[0], words[1:]) if shape.by_person else ("", words)
        return cls(
            "known" if shape.by_name else "",
            person,
            shape.kind,
            moments[0].date() if shape.since else None,
            (moments[-1] - DAY).date() if shape.until else None,
            names if shape.by_name else None,
        )

    def apply(self, events: QuerySet[Event]) -> QuerySet[Event]:
        return self._of_kinds(self.of_alias(self._of_person(self.in_time(events))))

    def parts(self, events: QuerySet[Event], alias: str = "alias") -> list[QuerySet[Event]]:
        """The same, a few names or the kinds each alone: an index tells the newest of one, and of
        two it does not. `alias` is what the events call it."""
        found = self._of_person(self.in_time(events))
        if self.names is not None and len(self.names) <= MOST_PARTS:
            return [self._of_kinds(found.filter(**{alias: name})) for name in self.names]
        found = self.of_alias(found, alias)
        return [found.filter(kind=kind) for kind in self.kinds] or [found]

    def _of_person(self, events: QuerySet[Event]) -> QuerySet[Event]:
        return events.filter(actor__username=self.person) if self.person else events

    def _of_kinds(self, events: QuerySet[Event]) -> QuerySet[Event]:
        return events.filter(kind__in=self.kinds) if self.kinds else events

    def in_time(self, events: QuerySet[Event]) -> QuerySet[Event]:
        for begin in begin_of(self.since):
            events = events.filter(at__gte=begin)
        for end in end_of(self.until):
            events = events.filter(at__lt=end)
        return events

    def of_alias(self, events: QuerySet[Event], alias: str = "alias") -> QuerySet[Event]:
        if not self.alias:
            return events
        if self.names is None:
            return events.filter(alias__icontains=composed(self.alias))
        return events.filter(**{f"{alias}__in": self.names})

    def among(self, names: Sequence[str] | None) -> HistoryFilter:
        """With those of these names that fit, when they are few enough to be asked for."""
        if names is None:
            return self
        fitting = tuple(name for name in names if fold(self.alias) in fold(name))
        return replace(self, names=fitting) if len(fitting) <= MOST_NAMES else self
