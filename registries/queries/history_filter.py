"""What of a history is asked for, as it stands in an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import QueryDict

from registries.models import Event
from registries.queries.days import midnight, typed_day
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
PROTECTION = (Event.Kind.ALIAS_PROTECTED, Event.Kind.ALIAS_UNPROTECTED)


@dataclass(frozen=True)
class HistoryFilter:
    """`since` and `until` are days of UTC, both included. `names` are the aliases that fit, once
    they are looked up."""

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

    def apply(self, events: QuerySet[Event]) -> QuerySet[Event]:
        events = self.in_time(events)
        events = self.of_alias(events)
        if self.person:
            events = events.filter(actor__username=self.person)
        if self.kind == "protected":
            return events.filter(kind__in=PROTECTION)
        if self.kind in KINDS:
            kinds = [kind for kind in Event.Kind.values if kind.startswith(f"{self.kind}.")]
            return events.filter(kind__in=set(kinds) - set(PROTECTION))
        return events.filter(kind=self.kind) if self.kind else events

    def in_time(self, events: QuerySet[Event]) -> QuerySet[Event]:
        if self.since:
            events = events.filter(at__gte=midnight(self.since))
        if self.until:
            events = events.filter(at__lt=midnight(self.until) + timedelta(days=1))
        return events

    def of_alias(self, events: QuerySet[Event]) -> QuerySet[Event]:
        if not self.alias:
            return events
        like: QuerySet[Event] = events.filter(alias__icontains=self.alias)
        if self.names is None:
            # By the names first, of which there are fewer than of events.
            return events.filter(alias__in=like.order_by().values("alias").distinct())
        return events.filter(alias__in=self.names) if len(self.names) <= MOST_NAMES else like

    def looked_up(self, parts: Sequence[QuerySet[Event]]) -> HistoryFilter:
        """With the names in these events, in one query. It reads every name there is, so a page
        that looks several times does this before."""
        if not self.alias:
            return self
        fitting = [part.filter(alias__icontains=self.alias).order_by() for part in parts]
        found = [part.values_list("alias", flat=True).distinct() for part in fitting]
        among = found[0].union(*found[1:]) if found[1:] else found[0]
        return replace(self, names=tuple(among[: MOST_NAMES + 1]))
