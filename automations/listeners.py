"""What this floor hears from the ones below. Connected when the app starts."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from automations.operations.automations import end_automations
from registries.events import happened
from registries.models import Event


@receiver(happened)
def end_with_home(event: Event, **_: Any) -> None:
    """Automations of a collection or registry end with it."""
    if event.kind == Event.Kind.COLLECTION_DELETED and event.collection is not None:
        end_automations(collection=event.collection)
    elif event.kind == Event.Kind.REGISTRY_DELETED and event.project is not None:
        end_automations(project=event.project)
