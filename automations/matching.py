"""Which automations an event starts. One query, whatever their number; filters are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from accounts.statements import prepared
from automations.filters import Values, condition_of
from automations.kinds import EventKind
from automations.models import Automation
from automations.templates import METADATA
from registries.models import Event
from registries.names import LATEST

NO_COLLECTION = 0


class Match(NamedTuple):
    """What the outbox has to know of an automation: rows, because there may be a thousand."""

    automation_id: int
    event_kind: str
    filter: str
    integration_id: int | None
    integration_name: str | None
    switched_off_because: str | None
    asks_for_metadata: bool


def matching(
    project_id: int,
    collection_id: int | None,
    kinds: Iterable[EventKind],
    values: Values,
) -> list[Match]:
    """The enabled automations of that home that hear one of `kinds` and want `values`."""
    listening = _listening(tuple(kinds))(project_id, collection_id or NO_COLLECTION)
    return [
        Match(*row)
        for row in listening
        if not row[2] or condition_of(EventKind(row[1]), row[2])(values)
    ]


def values_of(event: Event) -> dict[str, list[Any]]:
    """What filters ask of an event of the history. A link brings `latest` and its aliases."""
    if event.kind == Event.Kind.VERSION_LINKED:
        return {"alias": [LATEST, *event.details.get("aliases", [])]}
    return {"alias": [event.alias], "tag": [event.tag]}


@cache
def _listening(kinds: tuple[EventKind, ...]) -> Callable[[int, int], list[Any]]:
    """Rows of `Match`. Every change asks, so the SQL is kept for each combination of kinds."""

    @prepared
    def listening(project_id: int, collection_id: int) -> QuerySet[Automation, Any]:
        in_scope = ~Q(scope=Automation.Scope.COLLECTION) | Q(collection_id=collection_id)
        asks = Q(template__contains=METADATA) | Q(title__contains=METADATA)
        asks |= Q(message__contains=METADATA)
        return (
            Automation.objects.filter(
                in_scope,
                project_id=project_id,
                event_kind__in=list(kinds),
                enabled=True,
                deleted_at=None,
            )
            .annotate(asks=ExpressionWrapper(asks, output_field=BooleanField()))
            .order_by("pk")
            .values_list(
                "pk",
                "event_kind",
                "filter",
                "integration_id",
                "integration__name",
                "integration__switched_off_because",
                "asks",
            )
        )

    return listening
