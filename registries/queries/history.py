"""Events as pages tell them: filtered, paged, by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from accounts.models import User
from accounts.statements import prepared
from artifacts.models import Project
from artifacts.permissions import projects_visible_to
from registries.models import SOURCE_PROJECT, Collection, Event
from registries.names import LATEST
from registries.permissions import Access
from registries.queries.edits import Change, changes_of
from registries.queries.history_filter import PROTECTION, HistoryFilter, HistoryShape
from registries.queries.history_names import people_in_collection, people_in_home
from registries.queries.paging import PageOfRows, long_page_read, some_rows_from
from registries.queries.ways_back import (
    LiveAliases,
    WayBack,
    live_aliases_of,
    overtaken_among,
    way_back,
)

EVENTS_ON_A_PAGE = 30


@dataclass(frozen=True)
class HistoryRow:
    """An event as `readable()` annotates it, and how the reader may undo it."""

    event: Event
    way_back: WayBack | None = None

    @property
    def who(self) -> str:
        return self.event.actor.username if self.event.actor else "The operator"

    @property
    def label(self) -> str:
        return f"v{self.event.number}"

    @property
    def source(self) -> str:
        """What was linked, where the reader may see the project it was logged in."""
        return self.event.subject if self.event.source_visible else ""  # type: ignore[attr-defined]

    @property
    def changes(self) -> list[Change]:
        return changes_of(self.event)

    @property
    def role(self) -> str:
        return str(self.event.details.get("role") or "").replace("_", " ").title()

    @property
    def role_before(self) -> str:
        return str(self.event.details.get("before") or "").replace("_", " ").title()


@dataclass(frozen=True)
class Day:
    label: str
    rows: list[HistoryRow]


@dataclass(frozen=True)
class History:
    """`live` holds the aliases that the page tells of, and a collection's most important ones."""

    page: PageOfRows[Event]
    days: list[Day]
    people: list[str]
    live: LiveAliases


def history_of_home(access: Access, home: Project, wanted: HistoryFilter, page: str) -> History:
    found = _found(access.user, (), (home.pk,), wanted, page)
    return _history(access, found, people_in_home(home.pk))


def history_of_collection(
    access: Access, collection: Collection, wanted: HistoryFilter, page: str
) -> History:
    ids = (collection.pk, collection.project_id)
    homes = ids[1:] if wanted.tells_of_protection else ()
    found = _found(access.user, ids[:1], homes, wanted, page)
    return _history(access, found, people_in_collection(*ids), collection)


def events_of_home(project_id: int) -> QuerySet[Event]:
    return Event.objects.filter(project=project_id)


def rules_of_collection(collection_id: int, home: int) -> list[QuerySet[Event]]:
    """Of names that its home protects or protected: they change what its aliases are.

    Each kind alone, because an index tells the newest of one kind and not of two; and the name as
    `rule`, which is in no index: there are few rules, and an alias may have moved very often.
    """
    rules = Event.objects.filter(_rules_of(collection_id, home))
    named = rules.alias(rule=Concat("alias", Value("")))
    return [named.filter(kind=kind) for kind in PROTECTION]


def events_of_collection(collection: Collection) -> QuerySet[Event]:
    """The same in one."""
    rules = Q(_rules_of(collection.pk, collection.project_id), kind__in=PROTECTION)
    return Event.objects.filter(Q(collection=collection) | rules)


def _rules_of(collection_id: int, project_id: int) -> Q:
    created_at = Collection.objects.filter(pk=collection_id).values("created_at")
    return Q(project=project_id, at__gte=created_at)


def rows_of(events: Iterable[Event]) -> list[HistoryRow]:
    return [HistoryRow(event) for event in events]


def readable(user: User, events: QuerySet[Event]) -> QuerySet[Event]:
    """Newest first, each with `source_visible`: judged by the version, after its end by the project
    that its event remembers."""
    remembered = Cast(KT(f"details__{SOURCE_PROJECT}"), BigIntegerField())
    source = Coalesce(F("version__artifact__project"), remembered)
    found = events.annotate(source_project=source).annotate(
        source_visible=Exists(projects_visible_to(user).filter(pk=OuterRef("source_project")))
    )
    return found.select_related("actor", "collection").order_by("-pk")


def _history(
    access: Access,
    found: PageOfRows[Event],
    people: list[str],
    collection: Collection | None = None,
) -> History:
    live = live_aliases_of(found.rows, collection, [*access.protected_names, LATEST])
    return History(found, _days(found.rows, access, live), people, live)


def _found(
    user: User,
    collections: tuple[int, ...],
    homes: tuple[int, ...],
    wanted: HistoryFilter,
    page: str,
) -> PageOfRows[Event]:
    """Of a collection, with the rules of its home where that is named as well; else of a home."""

    def read(start: int) -> list[Event]:
        if wanted.shape is None:
            return list(_events_from(user, _parts(collections, homes, wanted), start))
        asked = (wanted.shape, wanted.words, wanted.moments)
        return _kept_from(user, collections, homes, *asked, start)

    def count() -> int:
        return sum(part.count() for part in _parts(collections, homes, wanted))

    return long_page_read(read, page, EVENTS_ON_A_PAGE, count)


@prepared
def _kept_from(
    user: User,
    collections: tuple[int, ...],
    homes: tuple[int, ...],
    shape: HistoryShape,
    words: tuple[str, ...],
    moments: tuple[datetime, ...],
    start: int,
) -> QuerySet[Event]:
    wanted = HistoryFilter.of(shape, words, moments)
    return _events_from(user, _parts(collections, homes, wanted), start)


def _parts(
    collections: tuple[int, ...], homes: tuple[int, ...], wanted: HistoryFilter
) -> list[QuerySet[Event]]:
    parts: list[QuerySet[Event]] = []
    for pk in collections:
        parts += wanted.parts(Event.objects.filter(collection=pk))
    for home in homes:
        if not collections:
            parts += wanted.parts(events_of_home(home))
        for pk in collections:
            for rules in rules_of_collection(pk, home):
                parts += wanted.parts(rules, alias="rule")
    return parts or [Event.objects.none()]


def _events_from(user: User, parts: list[QuerySet[Event]], start: int) -> QuerySet[Event]:
    events = readable(user, Event.objects.all())
    return some_rows_from(events, start, EVENTS_ON_A_PAGE, [part.values("pk") for part in parts])


def _days(events: Sequence[Event], access: Access, live: LiveAliases) -> list[Day]:
    today = timezone.now().astimezone(UTC).date()
    overtaken = overtaken_among(events, live)
    return [
        Day(
            _label(day, today),
            [HistoryRow(event, way_back(event, access, live, overtaken)) for event in of_day],
        )
        for day, of_day in groupby(events, key=_day_of)
    ]


def _day_of(event: Event) -> date:
    at: datetime = event.at
    return at.astimezone(UTC).date()


def _label(day: date, today: date) -> str:
    written = f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"
    if day == today:
        return f"Today, {written}"
    return f"Yesterday, {written}" if day == today - timedelta(days=1) else written
