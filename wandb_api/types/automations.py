"""Automations (the SDK's triggers) and integrations as GraphQL shows them."""
# ruff: noqa: N802

from __future__ import annotations

import json
from typing import Any

from automations.kinds import MEANINGS, OF_RUNS, EventKind
from automations.models import Automation, Integration
from automations.outbound.urls import target_of
from automations.run_filters import RUN_STATES
from wandb_api.context import Info
from wandb_api.identifiers import encode
from wandb_api.types.collections import CollectionNode
from wandb_api.types.instants import instant
from wandb_api.types.projects import ProjectNode

# What the SDK writes where nothing was asked for.
EVERY_CHANGE = '{"$or":[{"$and":[]}]}'
EVERY_STATE = json.dumps(
    {"run_filter": '{"$and":[]}', "run_state_filter": {"states": list(RUN_STATES)}}
)


class IntegrationNode:
    """`SlackIntegration` or `GenericWebhookIntegration`.

    A path may be a secret: only those who manage the integration get the `whole` URL, and the
    names of its secrets.
    """

    def __init__(self, integration: Integration, *, whole: bool = False) -> None:
        self._integration = integration
        self._whole = whole
        is_slack = integration.kind == Integration.Kind.SLACK
        self.type_name = "SlackIntegration" if is_slack else "GenericWebhookIntegration"
        self.id = encode("Integration", integration.pk)
        self.name = self.channelName = integration.name
        self.teamName = integration.workspace
        self.urlEndpoint = integration.url
        if not whole and not is_slack:
            self.urlEndpoint = target_of(integration.url).origin
        self.createdAt = instant(integration.created_at)

    def accessTokenRef(self, *_: Any) -> str | None:
        token = self._integration.access_token
        return token.name if token and self._whole else None

    def secretRef(self, *_: Any) -> str | None:
        secret = self._integration.signing_secret
        return secret.name if secret and self._whole else None


def told_filter(automation: Automation) -> str:
    """As the SDK is told it, and writes it back when it changes anything."""
    every = EVERY_STATE if EventKind(automation.event_kind) in OF_RUNS else EVERY_CHANGE
    return automation.filter or every


class ConditionNode:
    type_name = "FilterEventTriggeringCondition"

    def __init__(self, automation: Automation) -> None:
        kind = EventKind(automation.event_kind)
        self.eventType = MEANINGS[kind].sdk_name
        self.filter = told_filter(automation)
        if kind not in OF_RUNS:
            # The SDK reads anything else than this wrapping as no filter at all.
            self.filter = json.dumps({"filter": self.filter})


class ActionNode:
    def __init__(self, automation: Automation) -> None:
        self._automation = automation
        self.type_name = {
            Automation.Action.WEBHOOK: "GenericWebhookTriggeredAction",
            Automation.Action.SLACK: "NotificationTriggeredAction",
            Automation.Action.NOTHING: "NoOpTriggeredAction",
        }[Automation.Action(automation.action)]
        self.title = automation.title
        self.message = automation.message
        self.severity = automation.severity
        # It names secrets: for those who may edit the automation, as on its page.
        edited: bool = automation.is_edited  # type: ignore[attr-defined]
        self.requestPayload = (automation.template if edited else "") or None
        self.noOp = True

    def integration(self, *_: Any) -> IntegrationNode | None:
        found = self._automation.integration
        managed: bool = self._automation.is_managed  # type: ignore[attr-defined]
        return IntegrationNode(found, whole=managed) if found else None


class TriggerNode:
    """Of an automation that says if its reader may edit it and manages its integration."""

    def __init__(self, automation: Automation) -> None:
        self._automation = automation
        self.id = encode("Trigger", automation.pk)
        self.name = automation.name
        self.description = automation.description
        self.enabled = automation.enabled
        self.createdAt = instant(automation.created_at)
        self.updatedAt = instant(automation.changed_at)

    def scope(self, info: Info) -> ProjectNode | CollectionNode | None:
        """Of a registry its project, whose name has the prefix."""
        automation = self._automation
        if automation.collection is not None:
            return CollectionNode(automation.collection)
        return ProjectNode(automation.project) if automation.project else None

    def triggeringCondition(self, *_: Any) -> ConditionNode:
        return ConditionNode(self._automation)

    def triggeredAction(self, *_: Any) -> ActionNode:
        return ActionNode(self._automation)
