"""Which events an automation on one collection can start from."""

from __future__ import annotations

from accounts.errors import Invalid
from automations.kinds import OF_RUNS, EventKind
from registries.models import Collection


def require_event_of(collection: Collection | None, kind: EventKind) -> None:
    """Invalid for an event that never happens there; None is a whole registry or project."""
    if kind == EventKind.ARTIFACT_CREATED:
        if collection is None or collection.kind != Collection.Kind.SEQUENCE:
            raise Invalid(
                "event_scope",
                "“A version is logged” starts from one collection that runs log into.",
                field="event_kind",
            )
    elif collection is not None and kind in OF_RUNS:
        raise Invalid(
            "event_scope",
            "Runs belong to a project, not to a collection. Choose the project.",
            field="event_kind",
        )
    elif (
        collection is not None
        and collection.kind == Collection.Kind.SEQUENCE
        and kind in {EventKind.VERSION_LINKED, EventKind.VERSION_UNLINKED}
    ):
        raise Invalid(
            "event_scope",
            f"“{collection.name}” holds what runs log: nothing is linked into it.",
            field="event_kind",
        )
