"""The only writer of events. Called inside the transaction of the change it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max

from accounts.callers import Caller, Operator, Way
from accounts.statements import Asking, asked_together, put_off
from accounts.written_rows import inserting, updating, updating_by_key
from artifacts.models import Project
from registries.events import happened, happening
from registries.models import Collection, Event, Registry, Version

CHANGES_OF_A_REGISTRY = {
    Event.Kind.REGISTRY_EDITED,
    Event.Kind.ALIAS_PROTECTED,
    Event.Kind.ALIAS_UNPROTECTED,
}


def record(
    by: Caller | Operator,
    kind: Event.Kind,
    project: Project,
    *,
    collection: Collection | None = None,
    along: Sequence[Asking] = (),
    is_listened_to: bool = True,
    **facts: Any,
) -> Event:
    """Writes one event and tells the floor above. `along` are writes of the change itself, sent
    before it in the same trip; `facts` are those of `event_of`.

    When it is known that nobody listens, all are written at the latest when the transaction ends,
    and the event has no key before that."""
    event = event_of(by, kind, project, collection=collection, **facts)
    writes = [*along, inserting(event), *_noting_change(event)]
    if not is_listened_to:
        put_off(*writes)
        return event
    answers: list[tuple[Any, Asking | None]] = happening.send(Event, event=event)  # type: ignore[assignment]
    asked = [(who, asking) for who, asking in answers if asking]
    told = asked_together(*writes, *(asking for _, asking in asked))[len(writes) :]
    by_receiver = {who: rows for (who, _), rows in zip(asked, told, strict=True)}
    happened.send(Event, events=[event], told=by_receiver)
    return event


def record_all(events: Sequence[Event]) -> None:
    """The same for many events of one kind and one collection, made by `event_of`."""
    Event.objects.bulk_create(events)
    asked_together(*_noting_change(events[-1]))
    happened.send(Event, events=events, told={})


def event_of(
    by: Caller | Operator,
    kind: Event.Kind,
    project: Project,
    *,
    collection: Collection | None = None,
    version: Version | None = None,
    from_version: Version | None = None,
    **facts: Any,
) -> Event:
    """An event that is to be recorded. `facts` are further columns of Event."""
    return Event(
        kind=kind,
        actor=by.user if isinstance(by, Caller) else None,
        way=by.way if isinstance(by, Caller) else Way.COMMAND,
        entity_id=project.entity_id,
        project=project,
        home_name=_home_name(project),
        collection=collection,
        collection_name=collection.name if collection else "",
        version=version,
        number=version.number if version else None,
        from_version=from_version,
        from_number=from_version.number if from_version else None,
        **facts,
    )


def last_counter(collection: Collection, alias_name: str) -> int:
    """Where the counter of this name stands in this collection; 0 when it was never given."""
    events = Event.objects.filter(collection=collection, alias=alias_name)
    return events.aggregate(last=Max("alias_counter"))["last"] or 0


def _noting_change(event: Event) -> list[Asking]:
    if event.kind in CHANGES_OF_A_REGISTRY and event.project is not None:
        registry = event.project.registry
        registry.changed_at = event.at
        return [updating(registry, "changed_at")]
    if event.collection_id is None or event.actor is None:
        return []
    changes = {"changed_at": event.at, "changed_by": event.actor_id}
    return [updating_by_key(Collection, event.collection_id, **changes)]


def _home_name(project: Project) -> str:
    # Absent for ordinary projects; held homes carry it along.
    registry: Registry | None = getattr(project, "registry", None)
    return registry.name if registry else project.name
