"""What an automation that is still being typed would send about the last real event."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.stand_ins import Shape
from accounts.statements import prepared
from artifacts.models import Project
from automations.actions import CallWebhook, DoNothing, TellSlack, valid_severity
from automations.channels.slack import message_of
from automations.facts import facts_of_event, sample_facts
from automations.filters import condition_of
from automations.granted import secret_names_of
from automations.kinds import EventKind, kinds_hearing
from automations.masking import MASK
from automations.matching import values_of
from automations.messages import Story
from automations.templates import filled_in, metadata_keys, valid_template, valid_text
from registries.models import Collection, Event

# Events of the history that each kind may hear, to look for the last one by an index.
HEARD = {
    EventKind.VERSION_LINKED: [Event.Kind.VERSION_LINKED],
    EventKind.VERSION_UNLINKED: [Event.Kind.VERSION_UNLINKED],
    EventKind.ALIAS_ADDED: [Event.Kind.ALIAS_ADDED, Event.Kind.ALIAS_MOVED],
    EventKind.ALIAS_MOVED: [Event.Kind.ALIAS_MOVED],
    EventKind.ALIAS_REMOVED: [Event.Kind.ALIAS_REMOVED],
    EventKind.VERSION_TAG_ADDED: [Event.Kind.TAG_ADDED],
    EventKind.VERSION_TAG_REMOVED: [Event.Kind.TAG_REMOVED],
    EventKind.COLLECTION_TAG_ADDED: [Event.Kind.TAG_ADDED],
    EventKind.COLLECTION_TAG_REMOVED: [Event.Kind.TAG_REMOVED],
    EventKind.ARTIFACT_CREATED: [Event.Kind.VERSION_LINKED],
    EventKind.RUN_STATE: [],
    EventKind.RUN_METRIC: [],
}
# Newest events: at first a few, then as many as are looked at at all.
LOOKED_THROUGH = (4, 50)


@dataclass(frozen=True)
class _Heard(Shape):
    kind: EventKind
    size: int


@dataclass(frozen=True)
class Preview:
    """`about` says what it tells of; `is_sample` that nothing of the kind has happened yet."""

    text: str
    about: str
    is_sample: bool


def preview_of(
    project: Project,
    collection: Collection | None,
    kind: EventKind,
    action: CallWebhook | TellSlack | DoNothing,
    wanted: str = "",
    automation: tuple[int | None, str] = (None, ""),
) -> Preview:
    """`wanted` is the filter, `automation` the number it has, if any, and its name. Invalid, as
    saving it would be, when the template or a text is wrong. Secrets are masked."""
    template = action.template if isinstance(action, CallWebhook) else ""
    text = f"{action.title} {action.message}" if isinstance(action, TellSlack) else template
    event = _last_event(project, collection, kind, wanted)
    if event is None:
        facts, told = sample_facts(collection, kind), kind.value
    else:
        facts, told = facts_of_event(event, metadata_keys(text)), kinds_hearing(event)[-1].value
    story = Story(told, facts, *automation, kind)
    return Preview(_written(action, story), story.sentence(), event is None)


def _written(action: CallWebhook | TellSlack | DoNothing, story: Story) -> str:
    match action:
        case CallWebhook():
            names = secret_names_of(action.integration)
            template = valid_template(action.template, names)
            if template:
                values = story.variables() | dict.fromkeys(names, MASK)
                return _indented(json.loads(filled_in(template, values)))
        case TellSlack():
            valid_text(action.title, "title")
            valid_text(action.message, "message")
            severity = valid_severity(action.severity)
            return _indented(message_of(action.title, action.message, severity, story))
    return _indented(story.default_body())


def _last_event(
    project: Project, collection: Collection | None, kind: EventKind, wanted: str
) -> Event | None:
    homes = () if collection is not None else (project.pk,)
    collections = () if collection is None else (collection.pk,)
    fits = condition_of(kind, wanted)
    for size in LOOKED_THROUGH:
        events: list[Event] = _latest(homes, collections, _Heard(kind, size))
        for event in events:
            # Not joined: with three tables more PostgreSQL plans longer than it reads.
            event.project = project
            if kind in kinds_hearing(event) and fits(values_of(event)):
                return event
    return None


@prepared
def _latest(homes: tuple[int, ...], collections: tuple[int, ...], heard: _Heard) -> QuerySet[Event]:
    events = Event.objects.filter(kind__in=HEARD[heard.kind])
    for home in homes:
        events = events.filter(project=home)
    for collection in collections:
        events = events.filter(collection=collection)
    latest = events.select_related(
        "actor", "collection", "version__artifact", "from_version__artifact"
    )
    return latest.order_by("-pk")[: heard.size]


def _indented(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
