"""Which automations an event starts. Two queries, whatever their number; filters are read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

import structlog
from django.db.models import Q, QuerySet

from accounts.errors import Invalid
from accounts.statements import Asking, Prepared, prepared
from automations.conditions import Values
from automations.filters import condition_of
from automations.kinds import EventKind, kinds_hearing
from automations.models import Automation
from automations.templates import METADATA
from registries.models import Event
from registries.names import LATEST

logger = structlog.get_logger("automations")

NO_COLLECTION = 0
OF_ALIASES = (EventKind.ALIAS_ADDED, EventKind.ALIAS_MOVED, EventKind.ALIAS_REMOVED)
KINDS = {kind.value: kind for kind in EventKind}

# Id, kind and filter of an automation.
Listening = tuple[int, str, str]


class Match(NamedTuple):
    """What the outbox has to know of an automation: rows, because there may be a thousand.
    `owner_id` is the person whose own integration it calls; the texts are those that may name
    variables."""

    automation_id: int
    integration_id: int | None
    integration_name: str | None
    switched_off_because: str | None
    owner_id: int | None
    template: str
    title: str
    message: str

    @property
    def asks_for_metadata(self) -> bool:
        return any(METADATA in text for text in self[-3:])


def matching(heard_by: Iterable[Listening], values: Values) -> list[Match]:
    """Those that want `values`. Of all that listen only what decides was read; of those that want
    it, the rest is."""
    asked = tuple((name, tuple(found)) for name, found in values.items())
    return _matches(_wanting(tuple(heard_by), asked))


def listening(
    project_id: int, collection_id: int | None, kinds: Iterable[EventKind]
) -> list[Listening]:
    """The enabled automations of that home that hear one of `kinds`."""
    return _listening(tuple(kinds))(project_id, collection_id or NO_COLLECTION)


def asking_who_listens(event: Event) -> Asking | None:
    """The same of an event, to be asked together with more; None when nobody can listen to it."""
    kinds = kinds_hearing(event)
    if not kinds or event.project_id is None:
        return None
    return _listening(kinds).asking(event.project_id, event.collection_id or NO_COLLECTION)


@prepared
def listening_to_aliases(project_id: int) -> QuerySet[Automation, Any]:
    """One of the enabled automations of that home, in any collection, that hear of aliases which
    are put on a version, taken off one or moved; none when there are none."""
    return _enabled(project_id, OF_ALIASES).values_list("pk")[:1]


def matching_metrics(project_id: int, values: Values) -> list[tuple[Match, str]]:
    """Those that want `values` of a run's metrics, each with its filter. Values change with every
    line of a run, so nothing is kept."""
    kind = EventKind.RUN_METRIC
    heard = listening(project_id, None, [kind])
    filters = {pk: text for pk, _, text in heard if _fits(pk, kind, text, values)}
    return [(match, filters[match.automation_id]) for match in _matches(tuple(filters))]


def _matches(wanting: tuple[int, ...]) -> list[Match]:
    if len(wanting) == 1:
        return [Match(*row) for row in _one(wanting[0])]
    return [Match(*row) for row in _several(wanting)] if wanting else []


def values_of(event: Event) -> dict[str, list[Any]]:
    """What filters ask of an event of the history. A link brings `latest` and its aliases."""
    if event.kind == Event.Kind.VERSION_LINKED:
        return {"alias": [LATEST, *event.details.get("aliases", [])]}
    return {"alias": [event.alias], "tag": [event.tag]}


@lru_cache(maxsize=64)
def _wanting(
    heard_by: tuple[Listening, ...], asked: tuple[tuple[str, tuple[Any, ...]], ...]
) -> tuple[int, ...]:
    """Whose filter fits. Kept by the filters themselves, so nothing kept can be out of date: the
    same aliases move again and again, and a thousand patterns take milliseconds."""
    values = dict(asked)
    return tuple(
        pk for pk, kind, text in heard_by if not text or _fits(pk, KINDS[kind], text, values)
    )


def _fits(automation_id: int, kind: EventKind, text: str, values: Values) -> bool:
    """False for a filter that would be refused today: it must not stop what others change."""
    try:
        return condition_of(kind, text)(values)
    except Invalid as refusal:
        logger.warning("filter_unreadable", automation=automation_id, code=refusal.code)
        return False


@cache
def _listening(kinds: tuple[EventKind, ...]) -> Prepared:
    """Every change asks, so the SQL is kept for each combination of kinds."""

    @prepared
    def rows(project_id: int, collection_id: int) -> QuerySet[Automation, Any]:
        in_scope = ~Q(scope=Automation.Scope.COLLECTION) | Q(collection_id=collection_id)
        heard = _enabled(project_id, kinds).filter(in_scope).order_by("pk")
        return heard.values_list("pk", "event_kind", "filter")

    return rows


def _enabled(project_id: int, kinds: Iterable[EventKind]) -> QuerySet[Automation]:
    return Automation.objects.filter(
        project_id=project_id, event_kind__in=list(kinds), enabled=True, deleted_at=None
    )


@prepared
def _one(automation_id: int) -> QuerySet[Automation, Any]:
    return _told(Automation.objects.filter(pk=automation_id))


def _several(automation_ids: tuple[int, ...]) -> QuerySet[Automation, Any]:
    return _told(Automation.objects.filter(pk__in=automation_ids).order_by("pk"))


def _told(automations: QuerySet[Automation]) -> QuerySet[Automation, Any]:
    """Rows of `Match`."""
    return automations.values_list(
        "pk",
        "integration_id",
        "integration__name",
        "integration__switched_off_because",
        "integration__entity__user",
        "template",
        "title",
        "message",
    )
