"""The outbox: deliveries written in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from artifacts.models import Run
from automations.facts import facts_of_event, facts_of_run
from automations.kinds import EventKind, kinds_hearing
from automations.matching import matching
from automations.models import Automation, Delivery, Happening
from automations.templates import metadata_keys
from registries.models import Event
from registries.names import LATEST


def put_event(event: Event) -> None:
    """Deliveries for every automation that the event starts; a query and no row for most."""
    kinds = kinds_hearing(event)
    if not kinds or event.project_id is None:
        return
    ids = matching(event.project_id, event.collection_id, kinds, _values_of(event))
    if not ids:
        return
    automations = _loaded(ids)
    keys = set().union(*(_metadata_keys(automation) for automation in automations))
    facts = facts_of_event(event, keys)
    order_key = f"{event.collection_id}:{event.alias}" if event.alias else ""
    happening = Happening.objects.create(at=event.at, kind=kinds[-1], event=event, facts=facts)
    _write(happening, automations, event.alias, order_key)


def put_run_state(run: Run, actor: str | None, way: str) -> None:
    """Deliveries for the automations of the run's project that want its new state."""
    coarse = "FAILED" if run.state == Run.State.CRASHED else run.state.upper()
    values = {
        "coarse_state": [coarse],
        "state": [run.state],
        "name": [run.name],
        "display_name": [run.display_name],
    }
    ids = matching(run.project_id, None, [EventKind.RUN_STATE], values)
    if not ids:
        return
    now = timezone.now()
    facts = facts_of_run(run, now.isoformat().replace("+00:00", "Z"), actor, way)
    happening = Happening.objects.create(at=now, kind=EventKind.RUN_STATE, facts=facts)
    _write(happening, _loaded(ids), "", f"run {run.pk}")


def _values_of(event: Event) -> dict[str, list[Any]]:
    """What filters ask of an event of the history. A link brings `latest` and its aliases."""
    if event.kind == Event.Kind.VERSION_LINKED:
        return {"alias": [LATEST, *event.details.get("aliases", [])]}
    return {"alias": [event.alias], "tag": [event.tag]}


def _loaded(ids: Iterable[int]) -> list[Automation]:
    return list(
        Automation.objects.filter(pk__in=list(ids)).select_related("integration").order_by("pk")
    )


def _metadata_keys(automation: Automation) -> frozenset[str]:
    texts = (automation.template, automation.title, automation.message)
    return frozenset().union(*map(metadata_keys, texts))


def _write(happening: Happening, automations: list[Automation], alias: str, order_key: str) -> None:
    now = timezone.now()
    Delivery.objects.bulk_create(
        [_delivery(happening, automation, alias, order_key, now) for automation in automations]
    )


def _delivery(
    happening: Happening, automation: Automation, alias: str, order_key: str, now: datetime
) -> Delivery:
    delivery = Delivery(
        happening=happening,
        automation=automation,
        integration=automation.integration,
        project_id=automation.project_id,
        alias=alias,
        order_key=order_key,
        created_at=now,
        next_attempt_at=now,
    )
    integration = automation.integration
    if integration is None:
        delivery.state, delivery.finished_at = Delivery.State.NOTHING, now
    elif integration.is_off:
        delivery.state, delivery.finished_at = Delivery.State.DEAD, now
        delivery.note = f"{integration.name} is switched off: {integration.switched_off_because}"
    return delivery
