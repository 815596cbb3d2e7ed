"""What this floor hears from the ones below. Connected when the app starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.callers import Caller
from accounts.errors import Conflict
from accounts.events import organization_ending
from accounts.models import Organization
from accounts.statements import Asking
from artifacts.events import run_changed_state, run_changed_summary
from artifacts.models import Run
from automations.matching import Listening, asking_who_listens, listening_to_aliases
from automations.operations.automations import end_automations
from automations.operations.outbox import put_events, put_run_metrics, put_run_state
from registries.events import happened, happening, holding
from registries.models import Event

ENDS_OF_HOMES = {Event.Kind.REGISTRY_DELETED, Event.Kind.PROJECT_DELETED}


@receiver(holding)
def ask_whether_anybody_listens(project_id: int, **_: Any) -> Asking:
    return listening_to_aliases.asking(project_id)


@receiver(happening)
def ask_who_listens(event: Event, **_: Any) -> Asking | None:
    return asking_who_listens(event)


@receiver(happened)
def tell(events: Sequence[Event], told: dict[Any, list[Listening]], **_: Any) -> None:
    """In the transaction of the change: its deliveries commit with it or not at all."""
    put_events(events, told.get(ask_who_listens))


@receiver(happened)
def end_with_home(events: Sequence[Event], **_: Any) -> None:
    """Automations of a collection, registry or project end with it."""
    event = events[0]
    if event.kind == Event.Kind.COLLECTION_DELETED and event.collection is not None:
        end_automations(collection=event.collection)
    elif event.kind in ENDS_OF_HOMES and event.project is not None:
        end_automations(project=event.project)


@receiver(organization_ending)
def keep_what_has_integrations(organization: Organization, **_: Any) -> None:
    """Secrets are deleted by those whose they are, so that nobody wonders where they are."""
    entity = organization.entity
    if entity.integrations.filter(deleted_at=None).exists() or entity.secrets.exists():
        raise Conflict(
            "organization_in_use",
            f"{organization.name} has webhooks, Slack channels or secrets. Delete them first.",
        )


@receiver(run_changed_state)
def tell_of_run(run: Run, by: Caller, **_: Any) -> None:
    put_run_state(run, by.user.username, by.way)


@receiver(run_changed_summary)
def tell_of_metrics(run: Run, before: dict[str, Any], by: Caller, **_: Any) -> None:
    put_run_metrics(run, before, by.user.username, by.way)
