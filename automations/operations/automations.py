"""Automations: created, edited, switched on and off, deleted."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from artifacts.models import Project
from artifacts.names import valid_description
from automations.actions import (
    Action,
    CallWebhook,
    DoNothing,
    TellSlack,
    action_of,
    valid_severity,
)
from automations.event_places import require_event_of
from automations.filters import valid_filter
from automations.fingerprints import edited_in_automation
from automations.granted import secret_names_of
from automations.kinds import IN_REGISTRIES, EventKind
from automations.models import Automation, Delivery, Integration
from automations.operations.deliveries import give_up_unseen
from automations.permissions import (
    access_to_automations,
    require_own_or_shared,
    require_usable,
)
from automations.templates import valid_template, valid_text
from registries.models import Collection
from registries.operations.seen import refuse_unseen
from registries.permissions import Access

LONGEST_NAME = 255
LONGEST_TITLE = 256
LONGEST_MESSAGE = 3_000

Scope = Project | Collection


@transaction.atomic
def create_automation(
    by: Caller,
    scope: Scope,
    name: str,
    kind: str,
    action: Action,
    *,
    filter: str = "",  # noqa: A002 the word of the SDK and of the page
    description: str | None = None,
    enabled: bool = True,
) -> Automation:
    """An automation on a registry or project (its Project) or on one collection.

    `filter` is JSON, see `automations.filters`. Conflict when its entity has one of that name.
    """
    project = _project_of(scope)
    access = access_to_automations(by, project)
    automation = Automation(
        entity_id=project.entity_id,
        name=_judged_name(name),
        description=valid_description(description),
        enabled=enabled,
        created_by=by.user,
    )
    _put_scope(automation, scope, access)
    _put_event(automation, kind, filter)
    _put_action(by, automation, action)
    _save(automation)
    return automation


@transaction.atomic
def edit_automation(
    by: Caller,
    automation: Automation,
    *,
    name: str | None = None,
    description: str | None = None,
    enabled: bool | None = None,
    scope: Scope | None = None,
    kind: str | None = None,
    filter: str | None = None,  # noqa: A002 the word of the SDK and of the page
    action: Action | None = None,
    seen: str | None = None,
) -> Automation:
    """Changes what is given; None is unchanged, and so is what it is already. The combination is
    judged as a whole.

    `seen` is the fingerprint of what the caller was shown: Conflict when it is another by now.
    """
    held = hold_automation(by, automation)
    before = edited_in_automation(held)
    name, description = _news(name, held.name), _news(description, held.description)
    kind, filter = _news(kind, held.event_kind), _news(filter, held.filter)  # noqa: A001
    scope = _news(scope, held.collection or held.project)
    action = _news(action, action_of(held))
    if any(given is not None for given in (name, description, scope, kind, filter, action)):
        require_own_or_shared(by, held)
    if name is not None:
        held.name = _judged_name(name)
    if description is not None:
        held.description = valid_description(description)
    if enabled is not None:
        held.enabled = enabled
    if scope is not None:
        _move(by, held, scope)
    if any(given is not None for given in (scope, kind, filter)):
        _put_event(
            held,
            held.event_kind if kind is None else kind,
            held.filter if filter is None else filter,
        )
    if action is not None:
        _put_action(by, held, action)
    refuse_unseen("automation", before, seen, edited_in_automation(held))
    held.changed_at = timezone.now()
    _save(held)
    return held


@transaction.atomic
def delete_automation(by: Caller, automation: Automation) -> None:
    """Ends it; what it has not sent yet is cancelled. The name is free again."""
    held = hold_automation(by, automation)
    now = timezone.now()
    held.deleted_at = now
    held.enabled = False
    held.save(update_fields=["deleted_at", "enabled"])
    held.deliveries.filter(state=Delivery.State.PENDING).update(
        state=Delivery.State.CANCELLED, note="The automation was deleted.", finished_at=now
    )


def end_automations(
    *, project: Project | None = None, collection: Collection | None = None
) -> None:
    """Their home ends, in the same transaction. What they have to tell of it is still sent, to
    whoever saw it."""
    ending = Automation.objects.filter(deleted_at=None)
    if collection is not None:
        ending = ending.filter(collection=collection)
    elif project is not None:
        ending = ending.filter(project=project)
        give_up_unseen(project)
    ending.update(deleted_at=timezone.now(), enabled=False)


def hold_automation(by: Caller, automation: Automation) -> Automation:
    """Locked and judged anew; NotFound when it is deleted or hidden from the caller."""
    held = (
        # Its key stays free: a worker that holds the integration refers to it in a note.
        Automation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project__entity", "collection", "integration__entity")
        .filter(pk=automation.pk, deleted_at=None)
        .first()
    )
    if held is None:
        raise NotFound
    access_to_automations(by, held.project)
    return held


def _news(given: Any, present: object) -> Any:
    """Scripts and forms write all that they have read."""
    return None if given == present else given


def _project_of(scope: Scope) -> Project:
    return scope if isinstance(scope, Project) else scope.project


def _put_scope(automation: Automation, scope: Scope, access: Access) -> None:
    automation.project = _project_of(scope)
    automation.collection = scope if isinstance(scope, Collection) else None
    if isinstance(scope, Collection):
        automation.scope = Automation.Scope.COLLECTION
    elif access.registry is not None:
        automation.scope = Automation.Scope.REGISTRY
    else:
        automation.scope = Automation.Scope.PROJECT


def _move(by: Caller, automation: Automation, scope: Scope) -> None:
    """Within its entity, where its name was judged and its integration may be used."""
    project = _project_of(scope)
    access = access_to_automations(by, project)
    if project.entity_id != automation.entity_id:
        raise NotAllowed("An automation stays with its entity. Create one there instead.")
    _put_scope(automation, scope, access)


def _put_event(automation: Automation, kind: str, filter_text: str) -> None:
    if kind not in EventKind.values:
        raise Invalid("event_kind", "Choose what the automation starts from.", field="event_kind")
    event_kind = EventKind(kind)
    if automation.scope == Automation.Scope.REGISTRY and event_kind not in IN_REGISTRIES:
        raise Invalid(
            "event_scope",
            "Registries hold links: nothing is logged and nothing runs in them. "
            "Choose another event, or a project.",
            field="event_kind",
        )
    require_event_of(automation.collection, event_kind)
    automation.event_kind = event_kind
    automation.filter = valid_filter(event_kind, filter_text)


def _put_action(by: Caller, automation: Automation, action: Action) -> None:
    automation.integration, automation.template = None, ""
    automation.title = automation.message = ""
    automation.severity = Automation.Severity.INFO
    match action:
        case CallWebhook():
            _put_integration(by, automation, action.integration, Integration.Kind.WEBHOOK)
            automation.action = Automation.Action.WEBHOOK
            automation.template = valid_template(
                action.template, secret_names_of(action.integration)
            )
        case TellSlack():
            _put_integration(by, automation, action.integration, Integration.Kind.SLACK)
            automation.action = Automation.Action.SLACK
            _put_message(automation, action)
        case DoNothing():
            automation.action = Automation.Action.NOTHING


def _put_integration(
    by: Caller, automation: Automation, integration: Integration, kind: Integration.Kind
) -> None:
    if automation.project is None:
        raise NotFound
    _keep(integration)
    require_usable(by, automation.project, integration)
    if integration.kind != kind:
        raise Invalid("integration", f"Choose a {kind.label} for this.", field="integration")
    automation.integration = integration


def _keep(integration: Integration) -> None:
    """Whoever would delete it waits from here on; who has deleted it is seen by what follows."""
    held = Integration.objects.select_for_update(of=("self",), no_key=True)
    list(held.filter(pk=integration.pk).values_list("pk"))


def _put_message(automation: Automation, action: TellSlack) -> None:
    if len(action.title) > LONGEST_TITLE or not action.title.isprintable():
        raise Invalid("title", "A title has at most 256 characters, in one line.", field="title")
    if len(action.message) > LONGEST_MESSAGE:
        raise Invalid("message", "A text has at most 3,000 characters.", field="message")
    automation.severity = valid_severity(action.severity)
    automation.title = valid_text(action.title, "title")
    automation.message = valid_text(action.message, "message")


def _judged_name(name: str) -> str:
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(
            "automation_name",
            "A name has 1 to 255 characters, no control characters, no space at its ends.",
            field="name",
        )
    return name


def _save(automation: Automation) -> None:
    try:
        with transaction.atomic():
            automation.save()
    except IntegrityError as error:
        raise Conflict(
            "automation_exists",
            f"{automation.entity.name} has an automation “{automation.name}” already.",
            field="name",
        ) from error
