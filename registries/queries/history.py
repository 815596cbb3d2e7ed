"""Events as pages tell them: filtered, paged, by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from accounts.statements import prepared
from artifacts.models import Project
from artifacts.permissions import projects_visible_to
from registries.models import SOURCE_PROJECT, Collection, Event
from registries.names import LATEST
from registries.permissions import Access
from registries.queries.days import midnight, typed_day
from registries.queries.paging import PageOfRows, page_of, page_read, rows_from
from registries.queries.terms import askable
from registries.queries.ways_back import LiveAliases, WayBack, live_aliases_of, way_back

EVENTS_ON_A_PAGE = 30
KINDS = {
    "alias": "Alias changes",
    "version": "Versions",
    "tag": "Tags",
    "protected": "Protected Aliases",
    "collection": "Collections",
    "registry": "Registry",
    "member": "Members and roles",
}
PROTECTION = (Event.Kind.ALIAS_PROTECTED, Event.Kind.ALIAS_UNPROTECTED)


@dataclass(frozen=True)
class HistoryRow:
    """An event as `readable()` annotates it, and how the reader may undo it."""

    event: Event
    way_back: WayBack | None = None

    @property
    def who(self) -> str:
        return self.event.actor.username if self.event.actor else "The operator"

    @property
    def source(self) -> str:
        """What was linked, where the reader may see the project it was logged in."""
        return self.event.subject if self.event.source_visible else ""  # type: ignore[attr-defined]

    @property
    def changed_columns(self) -> str:
        """What an edit changed, in words: `name and description`."""
        return " and ".join(self.event.details.get("changes", {})).replace("_", " ")

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
class HistoryFilter:
    """`since` and `until` are days of UTC, both included."""

    alias: str = ""
    person: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

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
        return urlencode({name: value for name, value in values.items() if value})

    def apply(self, events: QuerySet[Event]) -> QuerySet[Event]:
        events = self.in_time(events)
        if self.alias:
            # By the names first, of which there are fewer than of events.
            named = events.filter(alias__icontains=self.alias).order_by().values("alias")
            events = events.filter(alias__in=named.distinct())
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


@dataclass(frozen=True)
class History:
    """`live` holds the aliases that the page tells of, and a collection's most important ones."""

    page: PageOfRows[Event]
    days: list[Day]
    people: list[str]
    live: LiveAliases


def history_of_home(access: Access, home: Project, wanted: HistoryFilter, page: str) -> History:
    if wanted.narrows:
        found = _narrowed(access, [events_of_home(home.pk)], wanted, page)
    else:
        found = page_read(partial(_of_home_from, access.user, home.pk), page, EVENTS_ON_A_PAGE)
    people = _people_of_home(home.pk)
    return _history(access, found, people)


def history_of_collection(
    access: Access, collection: Collection, wanted: HistoryFilter, page: str
) -> History:
    ids = (collection.pk, collection.project_id)
    if wanted.narrows:
        found = _narrowed(access, parts_of_collection(*ids), wanted, page)
    else:
        found = page_read(partial(_of_collection_from, access.user, *ids), page, EVENTS_ON_A_PAGE)
    people = _people_of_collection(*ids)
    return _history(access, found, people, collection)


def events_of_home(project_id: int) -> QuerySet[Event]:
    return Event.objects.filter(project=project_id)


def parts_of_collection(collection_id: int, project_id: int) -> list[QuerySet[Event]]:
    """Its own events, and the names protected since: they change what its aliases are."""
    return [
        Event.objects.filter(collection=collection_id),
        Event.objects.filter(_rules_of(collection_id, project_id)),
    ]


def events_of_collection(collection: Collection) -> QuerySet[Event]:
    """The same in one."""
    rules = _rules_of(collection.pk, collection.project_id)
    return Event.objects.filter(Q(collection=collection) | rules)


def _rules_of(collection_id: int, project_id: int) -> Q:
    created_at = Collection.objects.filter(pk=collection_id).values("created_at")
    return Q(project=project_id, kind__in=PROTECTION, at__gte=created_at)


def rows_of(events: Iterable[Event]) -> list[HistoryRow]:
    return [HistoryRow(event) for event in events]


def readable(user: User, events: QuerySet[Event]) -> QuerySet[Event]:
    """Newest first, each with `source_visible`: judged by the version, after its end by the project
    that its event remembers."""
    readable_projects = projects_visible_to(user)
    remembered = Cast(KT(f"details__{SOURCE_PROJECT}"), BigIntegerField())
    found = events.annotate(remembered_project=remembered).annotate(
        source_visible=Exists(readable_projects.filter(artifacts__versions=OuterRef("version")))
        | Exists(readable_projects.filter(pk=OuterRef("remembered_project")))
    )
    return found.select_related("actor", "collection").order_by("-pk")


def _history(
    access: Access,
    found: PageOfRows[Event],
    people: list[tuple[str]],
    collection: Collection | None = None,
) -> History:
    live = live_aliases_of(found.rows, collection, [*access.protected_names, LATEST])
    return History(found, _days(found.rows, access, live), [name for (name,) in people], live)


def _narrowed(
    access: Access, parts: list[QuerySet[Event]], wanted: HistoryFilter, page: str
) -> PageOfRows[Event]:
    keys = _keys([wanted.apply(part) for part in parts])
    return page_of(readable(access.user, Event.objects.all()), page, EVENTS_ON_A_PAGE, keys)


@prepared
def _of_home_from(user: User, project_id: int, start: int) -> QuerySet[Event]:
    return _events_from(user, [events_of_home(project_id)], start)


@prepared
def _of_collection_from(
    user: User, collection_id: int, project_id: int, start: int
) -> QuerySet[Event]:
    return _events_from(user, parts_of_collection(collection_id, project_id), start)


def _events_from(user: User, parts: list[QuerySet[Event]], start: int) -> QuerySet[Event]:
    return rows_from(readable(user, Event.objects.all()), start, EVENTS_ON_A_PAGE, _keys(parts))


def _keys(parts: list[QuerySet[Event]]) -> QuerySet[Event, Any]:
    """`parts` have no event in common: two with an index each are faster than one of both."""
    keys = [part.values("pk") for part in parts]
    among = keys[0].union(*keys[1:], all=True) if keys[1:] else keys[0]
    return among.order_by("-pk")


@prepared
def _people_of_home(project_id: int) -> QuerySet[User, tuple[str]]:
    return _people_of([events_of_home(project_id)])


@prepared
def _people_of_collection(collection_id: int, project_id: int) -> QuerySet[User, tuple[str]]:
    return _people_of(parts_of_collection(collection_id, project_id))


def _people_of(parts: list[QuerySet[Event]]) -> QuerySet[User, tuple[str]]:
    """Who did something in it. One look at an index for each person there is."""
    acted = Q()
    for part in parts:
        acted |= Q(Exists(part.filter(actor=OuterRef("pk"))))
    return User.objects.filter(acted).order_by("username").values_list("username")


def _days(events: Sequence[Event], access: Access, live: LiveAliases) -> list[Day]:
    today = timezone.now().astimezone(UTC).date()
    return [
        Day(
            _label(day, today),
            [HistoryRow(event, way_back(event, access, live)) for event in of_day],
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
