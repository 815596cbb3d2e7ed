"""The events an automation can start from, and the events of the history each one hears."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from registries.models import Collection, Event


class EventKind(models.TextChoices):
    VERSION_LINKED = "version.linked", "A version is linked"
    VERSION_UNLINKED = "version.unlinked", "A version is unlinked"
    ALIAS_ADDED = "alias.added", "An alias is added"
    ALIAS_MOVED = "alias.moved", "An alias is moved"
    ALIAS_REMOVED = "alias.removed", "An alias is removed"
    VERSION_TAG_ADDED = "version.tag_added", "A tag is added to a version"
    VERSION_TAG_REMOVED = "version.tag_removed", "A tag is removed from a version"
    COLLECTION_TAG_ADDED = "collection.tag_added", "A tag is added to a collection"
    COLLECTION_TAG_REMOVED = "collection.tag_removed", "A tag is removed from a collection"
    ARTIFACT_CREATED = "artifact.created", "A version is logged"
    RUN_STATE = "run.state", "A run changes its state"
    RUN_METRIC = "run.metric", "A metric of a run passes a threshold"


@dataclass(frozen=True)
class Meaning:
    """`sdk_name` is what the wandb SDK and `${event_type}` call it; None where it has no name.

    `field` is what a filter of it reads.
    """

    sdk_name: str | None
    rendered: str
    field: str | None = None


MEANINGS = {
    EventKind.VERSION_LINKED: Meaning("LINK_MODEL", "LINK_ARTIFACT", "alias"),
    EventKind.VERSION_UNLINKED: Meaning("UNLINK_ARTIFACT", "UNLINK_ARTIFACT"),
    EventKind.ALIAS_ADDED: Meaning("ADD_ARTIFACT_ALIAS", "ADD_ARTIFACT_ALIAS", "alias"),
    EventKind.ALIAS_MOVED: Meaning("UPDATE_ARTIFACT_ALIAS", "UPDATE_ARTIFACT_ALIAS", "alias"),
    EventKind.ALIAS_REMOVED: Meaning(None, "REMOVE_ARTIFACT_ALIAS", "alias"),
    EventKind.VERSION_TAG_ADDED: Meaning("ADD_ARTIFACT_TAG", "ADD_ARTIFACT_TAG", "tag"),
    EventKind.VERSION_TAG_REMOVED: Meaning("REMOVE_ARTIFACT_TAG", "REMOVE_ARTIFACT_TAG", "tag"),
    EventKind.COLLECTION_TAG_ADDED: Meaning("ADD_COLLECTION_TAG", "ADD_COLLECTION_TAG", "tag"),
    EventKind.COLLECTION_TAG_REMOVED: Meaning(
        "REMOVE_COLLECTION_TAG", "REMOVE_COLLECTION_TAG", "tag"
    ),
    EventKind.ARTIFACT_CREATED: Meaning("CREATE_ARTIFACT", "CREATE_ARTIFACT", "alias"),
    EventKind.RUN_STATE: Meaning("RUN_STATE", "RUN_STATE"),
    EventKind.RUN_METRIC: Meaning("RUN_METRIC", "RUN_METRIC"),
}

KIND_OF_SDK_NAME = {
    meaning.sdk_name: kind for kind, meaning in MEANINGS.items() if meaning.sdk_name
}

# What the SDK can ask for and no run stored here can tell of: only last values are kept.
REFUSED_SDK_NAMES = (
    "RUN_METRIC_CHANGE",
    "RUN_METRIC_ZSCORE",
    "WEAVE_METRIC_THRESHOLD",
)

OF_RUNS = frozenset({EventKind.RUN_STATE, EventKind.RUN_METRIC})
IN_REGISTRIES = tuple(
    kind for kind in EventKind if kind != EventKind.ARTIFACT_CREATED and kind not in OF_RUNS
)

_ALWAYS_HEARD = {
    Event.Kind.VERSION_UNLINKED: (EventKind.VERSION_UNLINKED,),
    Event.Kind.ALIAS_ADDED: (EventKind.ALIAS_ADDED,),
    # “Added” includes “moved to this version”.
    Event.Kind.ALIAS_MOVED: (EventKind.ALIAS_ADDED, EventKind.ALIAS_MOVED),
    Event.Kind.ALIAS_REMOVED: (EventKind.ALIAS_REMOVED,),
}


def kind_told(happened: EventKind, wanted: EventKind) -> EventKind:
    """What an automation of the kind `wanted` calls what happened: as its own kind, if that hears
    it; otherwise it was changed since, and listens to something else by now."""
    moved = happened == EventKind.ALIAS_MOVED
    hears = wanted in (_ALWAYS_HEARD[Event.Kind.ALIAS_MOVED] if moved else (happened,))
    return wanted if hears else happened


def kinds_hearing(event: Event) -> tuple[EventKind, ...]:
    """Which kinds of automation an event of the history starts; none for most."""
    always = _ALWAYS_HEARD.get(Event.Kind(event.kind))
    if always is not None:
        return always
    if event.kind == Event.Kind.VERSION_LINKED:
        return (_linked_or_logged(event),)
    if event.kind == Event.Kind.TAG_ADDED:
        of_version = event.version_id is not None
        return (EventKind.VERSION_TAG_ADDED if of_version else EventKind.COLLECTION_TAG_ADDED,)
    if event.kind == Event.Kind.TAG_REMOVED:
        of_version = event.version_id is not None
        return (EventKind.VERSION_TAG_REMOVED if of_version else EventKind.COLLECTION_TAG_REMOVED,)
    return ()


def _linked_or_logged(event: Event) -> EventKind:
    logged = event.collection is not None and event.collection.kind == Collection.Kind.SEQUENCE
    return EventKind.ARTIFACT_CREATED if logged else EventKind.VERSION_LINKED
