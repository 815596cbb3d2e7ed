"""The outbox: deliveries written in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.written_rows import insert_row
from artifacts.models import Project, Run
from automations.facts import facts_of_event, facts_of_run
from automations.kinds import EventKind, kinds_hearing
from automations.matching import (
    Listening,
    Match,
    asking_who_listens,
    listening,
    matching,
    matching_metrics,
    values_of,
)
from automations.models import Delivery, Happening
from automations.refusals import unseen_by
from automations.run_filters import part_of, threshold_of
from automations.templates import metadata_keys
from registries.models import Event
from registries.permissions import access_for

# So many are written faster one by one, by a statement that is prepared already.
FEW = 4


def put_events(events: Sequence[Event], heard_by: Sequence[Listening] | None = None) -> None:
    """Deliveries for every automation that one of them starts; a query and no row for most.

    Many are of one kind and one collection: whoever listens to one, listens to all. `heard_by` is
    what `asking_who_listens` told, if it was asked.
    """
    if heard_by is None:
        asking = asking_who_listens(events[0])
        heard_by = asking.alone() if asking else []
    if heard_by:
        for event in events:
            _put_event(event, heard_by)


def _put_event(event: Event, heard_by: Sequence[Listening]) -> None:
    matches = matching(heard_by, values_of(event))
    if not matches or event.project_id is None:
        return
    facts = facts_of_event(event, _metadata_keys(matches))
    kind = kinds_hearing(event)[-1]
    happening = Happening(at=event.at, kind=kind, event=event, facts=facts)
    order_key = f"{event.collection_id}:{event.alias}" if event.alias else ""
    _write(happening, matches, event.project_id, event.alias, order_key)


def put_run_state(run: Run, actor: str | None, way: str) -> None:
    """Deliveries for the automations of the run's project that want its new state."""
    coarse = "FAILED" if run.state == Run.State.CRASHED else run.state.upper()
    values = _values_of_run(run) | {"coarse_state": [coarse]}
    matches = matching(listening(run.project_id, None, [EventKind.RUN_STATE]), values)
    if matches:
        _put_run(EventKind.RUN_STATE, run, matches, actor, way)


def put_run_metrics(run: Run, before: dict[str, Any], actor: str | None, way: str) -> None:
    """Deliveries for the automations whose threshold the run's summary has passed now. `before`
    is the summary it had."""
    values = _values_of_run(run) | {"summaries": [before, run.summary]}
    by_metric: dict[str, list[Match]] = {}
    for match, text in matching_metrics(run.project_id, values):
        by_metric.setdefault(threshold_of(text).metric, []).append(match)
    for name, matches in by_metric.items():
        metric = {"name": name, "value": part_of(run.summary, name)}
        _put_run(EventKind.RUN_METRIC, run, matches, actor, way, metric)


def _values_of_run(run: Run) -> dict[str, list[Any]]:
    return {"state": [run.state], "name": [run.name], "display_name": [run.display_name]}


def _put_run(
    kind: EventKind,
    run: Run,
    matches: list[Match],
    actor: str | None,
    way: str,
    metric: dict[str, Any] | None = None,
) -> None:
    now = timezone.now()
    facts = facts_of_run(run, now.isoformat().replace("+00:00", "Z"), actor, way, metric)
    happening = Happening(at=now, kind=kind, facts=facts)
    _write(happening, matches, run.project_id, "", f"run {run.pk}")


def _metadata_keys(matches: list[Match]) -> set[str]:
    asking = [match for match in matches if match.asks_for_metadata]
    texts = [text for match in asking for text in (match.template, match.title, match.message)]
    return {key for text in texts for key in metadata_keys(text)}


def _write(
    happening: Happening, matches: list[Match], project_id: int, alias: str, order_key: str
) -> None:
    now = timezone.now()
    unseeing = _unseeing(matches, project_id)
    insert_row(happening)
    deliveries = [
        Delivery(
            happening=happening,
            automation_id=match.automation_id,
            integration_id=match.integration_id,
            project_id=project_id,
            alias=alias,
            order_key=order_key,
            created_at=now,
            next_attempt_at=now,
            **_state(match, unseeing, now),
        )
        for match in matches
    ]
    if len(deliveries) > FEW:
        Delivery.objects.bulk_create(deliveries)
        return
    for delivery in deliveries:
        insert_row(delivery)


def _unseeing(matches: list[Match], project_id: int) -> dict[int, str]:
    """Persons who do not see the home that their own integrations would be told of, with their
    names. When it is sent, the home may be gone, and what they saw of it."""
    owners = {match.owner_id for match in matches if match.owner_id is not None}
    if not owners:
        return {}
    home = Project.objects.select_related("entity").get(pk=project_id)
    persons = User.objects.filter(pk__in=owners).order_by("pk")
    return {one.pk: one.username for one in persons if not access_for(one, home).can_see()}


def _state(match: Match, unseeing: Mapping[int, str], now: datetime) -> dict[str, Any]:
    """Other than pending, where nothing can be sent."""
    if match.integration_id is None:
        return {"state": Delivery.State.NOTHING, "finished_at": now}
    if match.switched_off_because:
        note = f"{match.integration_name} is switched off: {match.switched_off_because}"
        return {"state": Delivery.State.DEAD, "finished_at": now, "note": note}
    unseen = unseeing.get(match.owner_id or 0)
    if unseen is not None:
        note = unseen_by(unseen)
        return {"state": Delivery.State.DEAD, "finished_at": now, "note": note}
    return {}
