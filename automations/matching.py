"""Which automations an event starts. One query, whatever their number; filters are read once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from automations.filters import Values, condition_of
from automations.kinds import EventKind
from automations.models import Automation


def matching(
    project_id: int,
    collection_id: int | None,
    kinds: Iterable[EventKind],
    values: Values,
) -> list[int]:
    """Ids of the enabled automations of that home that hear one of `kinds` and want `values`."""
    in_scope = ~Q(scope=Automation.Scope.COLLECTION)
    if collection_id is not None:
        in_scope |= Q(collection_id=collection_id)
    listening = Automation.objects.filter(
        in_scope,
        project_id=project_id,
        event_kind__in=list(kinds),
        enabled=True,
        deleted_at=None,
    ).values_list("pk", "event_kind", "filter")
    return [
        pk
        for pk, kind, text in listening
        if not text or condition_of(EventKind(kind), text)(values)
    ]
