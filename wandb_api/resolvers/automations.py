"""Automations and integrations: what `Api.create_automation()` and its family send."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from accounts.errors import Invalid, NotFound
from accounts.models import Entity
from accounts.names import entity_key
from artifacts.models import Project
from artifacts.permissions import projects_visible_to
from automations.kinds import MEANINGS, EventKind
from automations.models import Automation, Secret
from automations.operations import automations as operations
from automations.operations.integrations import create_webhook
from automations.permissions import entities_of, managed_entities, require_management
from automations.visibility import (
    automation_is_edited,
    automations_visible_to,
    get_automation,
    integration_is_managed,
    integrations_visible_to,
)
from registries.visibility import registries_visible_to
from wandb_api.context import Context, Info
from wandb_api.filter_fields import FIELDS_OF_AUTOMATIONS
from wandb_api.filters import filtered
from wandb_api.identifiers import decode, unknown
from wandb_api.resolvers.automation_inputs import (
    action_in,
    changed_action,
    filter_in,
    home_of,
    kind_in,
    scope_in,
)
from wandb_api.resolvers.found import Input, quoted
from wandb_api.types.automations import IntegrationNode, TriggerNode
from wandb_api.types.lists import Connection
from wandb_api.types.people import EntityType, OrganizationType, UserType
from wandb_api.types.projects import ProjectNode

SUCCESS = {"success": True}
# A kind the SDK has no name for would make it refuse the whole list.
KNOWN_TO_THE_SDK = [kind for kind in EventKind if MEANINGS[kind].sdk_name]


def create_filter_trigger(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    scope = scope_in(context, input)
    made = operations.create_automation(
        context.by,
        scope,
        input["name"],
        kind_in(input["triggeringEventType"]),
        action_in(context, input, home_of(scope)),
        filter=input["eventFilter"],
        description=input.get("description"),
        enabled=input["enabled"],
    )
    return _payload(context, made)


def update_filter_trigger(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """What is left out or null stays as it is."""
    context = info.context
    automation = _automation(context, input["id"])
    event = input.get("triggeringEventType")
    if not event:
        _require_known(automation)
    scope = scope_in(context, input) if input.get("scopeID") else None
    edited = operations.edit_automation(
        context.by,
        automation,
        name=input.get("name"),
        description=input.get("description"),
        enabled=input.get("enabled"),
        scope=scope,
        kind=kind_in(event) if event else None,
        filter=filter_in(input, automation),
        action=changed_action(context, input, scope, automation),
    )
    return _payload(context, edited)


def delete_trigger(_: Any, info: Info, input: Input) -> dict[str, bool]:
    context = info.context
    operations.delete_automation(context.by, _automation(context, input["triggerID"]))
    return SUCCESS


def create_webhook_integration(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """`accessTokenRef` and `secretRef` are names of secrets of the entity."""
    context = info.context
    entities = Entity.objects.filter(pk__in=entities_of(context.user).values("pk"))
    entity = entities.filter(name__lower=entity_key(input["entityName"])).first()
    if entity is None:
        raise NotFound.of(f"team, organization or person {quoted(input['entityName'])}")
    require_management(context.by, entity)
    saved = create_webhook(
        context.by,
        entity,
        input["name"],
        input["urlEndpoint"],
        access_token=_secret(entity, input.get("accessTokenRef")),
        signing_secret=_secret(entity, input.get("secretRef")),
    )
    return {"integration": IntegrationNode(saved.integration, whole=True)}


def triggers_of_entity(
    node: EntityType,
    info: Info,
    after: str | None = None,
    first: int | None = None,
    order: str | None = None,
    filters: str | None = None,
) -> Connection:
    """Of a person or team those of their projects, of an organization those of its registries."""
    found = _listed(info.context).filter(entity=decode("Entity", node.id))
    found = filtered(found, filters, FIELDS_OF_AUTOMATIONS)
    return Connection(found.order_by(*_order(order)), TriggerNode, after=after, first=first)


def triggers_of_organization(node: OrganizationType, info: Info, **asked: Any) -> Connection:
    return triggers_of_entity(node.orgEntity(), info, **asked)


def triggers_of_project(node: ProjectNode, info: Info) -> list[TriggerNode]:
    found = _listed(info.context).filter(project=node.project).order_by("-created_at", "-pk")
    return [TriggerNode(automation) for automation in found[:1000]]


def integrations_of_entity(
    node: EntityType, info: Info, after: str | None = None, first: int | None = None
) -> Connection:
    user, entity_id = info.context.user, decode("Entity", node.id)
    found = (
        integrations_visible_to(user)
        .filter(entity=entity_id)
        .select_related("access_token", "signing_secret")
        .order_by("name", "pk")
    )
    whole = managed_entities(user).filter(pk=entity_id).exists()
    show = partial(IntegrationNode, whole=whole)
    return Connection(found, show, after=after, first=first)


def projects_of_user(
    node: UserType, info: Info, after: str | None = None, first: int | None = None
) -> Connection:
    """Of oneself: one's own projects, those of one's teams, and the registries one sees."""
    if decode("User", node.id) != info.context.user.pk:
        return Connection(Project.objects.none(), ProjectNode)
    user = info.context.user
    projects = Project.objects.filter(
        Q(pk__in=projects_visible_to(user).values("pk"))
        | Q(pk__in=registries_visible_to(user).values("pk"))
    )
    rows = projects.select_related("entity", "registry").order_by("entity__name", "name")
    return Connection(rows, ProjectNode, after=after, first=first)


def _listed(context: Context) -> QuerySet[Automation]:
    return (
        automations_visible_to(context.user)
        .filter(event_kind__in=KNOWN_TO_THE_SDK)
        .annotate(
            is_edited=automation_is_edited(context.user),
            is_managed=integration_is_managed(context.user),
        )
        .select_related(
            "project__entity",
            "project__registry",
            "collection__project__entity",
            "integration__access_token",
            "integration__signing_secret",
        )
    )


def _order(text: str | None) -> tuple[str, ...]:
    """Newest first, unless asked otherwise."""
    name = (text or "-created_at").lstrip("+-")
    column = {"name": "name", "created_at": "created_at", "createdAt": "created_at"}.get(name)
    if column is None:
        raise Invalid("order", f"Automations are ordered by name or created_at, not “{name}”.")
    sign = "-" if (text or "-").startswith("-") else ""
    return (f"{sign}{column}", f"{sign}pk")


def _automation(context: Context, identifier: str) -> Automation:
    number = decode("Trigger", identifier)
    try:
        return get_automation(context.user, number)
    except NotFound:
        raise unknown("Trigger") from None


def _require_known(automation: Automation) -> None:
    """What the SDK has no name for it cannot be answered with."""
    kind = EventKind(automation.event_kind)
    if kind not in KNOWN_TO_THE_SDK:
        raise Invalid(
            "event_kind",
            f"“{automation.name}” starts when {kind.label[0].lower()}{kind.label[1:]}, for which "
            "scripts have no name. Change it in the browser.",
        )


def _payload(context: Context, automation: Automation) -> dict[str, Any]:
    """Read anew: the operation hands back what it held."""
    return {"trigger": TriggerNode(_listed(context).get(pk=automation.pk))}


def _secret(entity: Entity, name: str | None) -> Secret | None:
    """Of an entity the caller manages: its names are told to nobody else."""
    if not name:
        return None
    found = Secret.objects.filter(entity=entity, name=name).first()
    if found is None:
        raise Invalid("secret", f"{entity.name} has no secret {name[:128]}.")
    return found


FIELDS = {
    "createFilterTrigger": create_filter_trigger,
    "updateFilterTrigger": update_filter_trigger,
    "deleteTrigger": delete_trigger,
    "createGenericWebhookIntegration": create_webhook_integration,
}
