"""What scripts say of the automation they make or change: where, from what on, doing what."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

import json

from django.db.models import Q

from accounts.errors import Invalid, NotFound
from artifacts.models import Project
from artifacts.permissions import projects_visible_to
from automations.actions import Action, CallWebhook, DoNothing, TellSlack
from automations.kinds import KIND_OF_SDK_NAME, REFUSED_SDK_NAMES, EventKind
from automations.models import Automation, Integration
from automations.permissions import usable_integrations
from automations.visibility import integrations_visible_to
from registries.models import Collection
from registries.permissions import access_for
from registries.roles import Right
from registries.visibility import registries_visible_to
from wandb_api.context import Context
from wandb_api.identifiers import decode, unknown
from wandb_api.resolvers.found import Input, collection_with_id
from wandb_api.types.automations import told_filter


def scope_in(context: Context, input: Input) -> Project | Collection:
    kind, identifier = input.get("scopeType"), input["scopeID"]
    if kind == "ARTIFACT_COLLECTION":
        return _collection(context, identifier)
    if kind == "PROJECT":
        user = context.user
        visible = Project.objects.filter(
            Q(pk__in=projects_visible_to(user).values("pk"))
            | Q(pk__in=registries_visible_to(user).values("pk"))
        )
        found = visible.filter(pk=decode("Project", identifier)).select_related("entity").first()
        if found is None:
            raise unknown("Project")
        return found
    raise Invalid(
        "scope",
        "An automation is on one project, one registry or one collection. "
        "Create one on each instead of one on an entity.",
    )


def home_of(scope: Project | Collection) -> Project:
    return scope if isinstance(scope, Project) else scope.project


def _collection(context: Context, identifier: str) -> Collection:
    for type_name in ("ArtifactPortfolio", "ArtifactSequence"):
        try:
            decode(type_name, identifier)
        except NotFound:
            continue
        return collection_with_id(context, type_name, identifier)
    raise unknown("ArtifactSequence")


def kind_in(sdk_name: str) -> EventKind:
    if sdk_name in REFUSED_SDK_NAMES:
        raise Invalid(
            "event_kind",
            f"{sdk_name} is not supported: this server keeps the last value of each metric, and no "
            "values before. Use a threshold, as RunEvent.metric(…).gt(…), or OnRunState.",
        )
    return KIND_OF_SDK_NAME[sdk_name]


def action_in(
    context: Context, input: Input, home: Project, automation: Automation | None = None
) -> Action:
    """`home` is where the automation is or shall be, `automation` the one that is changed."""
    kind, config = input["triggeredActionType"], input.get("triggeredActionConfig") or {}
    if kind == "NO_OP":
        return DoNothing()
    if kind == "GENERIC_WEBHOOK":
        given = _given(config, "genericWebhookActionInput")
        payload = given.get("requestPayload") or ""
        if automation is not None and is_same_json(payload, automation.template):
            payload = automation.template
        return CallWebhook(_integration(context, given, home, automation), payload)
    if kind == "NOTIFICATION":
        given = _given(config, "notificationActionInput")
        return TellSlack(
            _integration(context, given, home, automation),
            given.get("title") or "",
            given.get("message") or "",
            given.get("severity") or Automation.Severity.INFO,
        )
    raise Invalid("action", f"{kind} is not supported. Call a webhook, or tell a Slack channel.")


def changed_action(
    context: Context, input: Input, scope: Project | Collection | None, automation: Automation
) -> Action | None:
    """What an automation shall do from now on, in `scope` where it is to move; None as before."""
    home = automation.project if scope is None else home_of(scope)
    if home is None or not input.get("triggeredActionType"):
        return None
    return action_in(context, input, home, automation)


def _given(config: Input, name: str) -> Input:
    given = config.get(name)
    if not isinstance(given, dict):
        raise Invalid("action", f"This action needs {name}.")
    return given


def _integration(
    context: Context, given: Input, home: Project, automation: Automation | None
) -> Integration:
    """One that the caller knows of, that may be used there, or that is the automation's already.

    A guest knows of none of the organization's, and is offered them where automations are made.
    """
    there = Q(pk__in=integrations_visible_to(context.user).values("pk"))
    if access_for(context.user, home).has(Right.EDIT_AUTOMATION):
        there |= Q(pk__in=usable_integrations(context.user, home).values("pk"))
        there |= Q(pk=automation.integration_id if automation else None)
    found = (
        Integration.objects.filter(there, pk=decode("Integration", given["integrationID"]))
        .select_related("entity", "access_token", "signing_secret")
        .first()
    )
    if found is None:
        raise unknown("Integration")
    return found


def filter_in(input: Input, automation: Automation) -> str | None:
    """None where it is unchanged: the SDK writes back all that it was told."""
    given: str | None = input.get("eventFilter")
    if given is None or is_same_json(given, told_filter(automation)):
        return None
    return given


def is_same_json(text: str, other: str) -> bool:
    """Whatever stands between its parts, and in whatever order they are."""
    try:
        return text == other or bool(json.loads(text) == json.loads(other))
    except (ValueError, RecursionError):
        return False
