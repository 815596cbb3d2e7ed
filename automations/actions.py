"""What an automation does, as its makers hand it over."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.errors import Invalid
from automations.models import Automation, Integration


@dataclass(frozen=True)
class CallWebhook:
    """`template` is JSON with `${variables}`; "" sends the default body."""

    integration: Integration
    template: str = ""


@dataclass(frozen=True)
class TellSlack:
    """Title and text may hold `${variables}`."""

    integration: Integration
    title: str = ""
    message: str = ""
    severity: str = Automation.Severity.INFO


@dataclass(frozen=True)
class DoNothing:
    """The event is noted in the log of deliveries and nothing is sent."""


def valid_severity(severity: str) -> str:
    """One of those that Slack messages have; Invalid for another."""
    if severity not in Automation.Severity.values:
        raise Invalid("severity", "Choose INFO, WARN or ERROR.", field="severity")
    return severity


Action = CallWebhook | TellSlack | DoNothing


def action_of(automation: Automation) -> Action:
    """The action a saved automation has."""
    if automation.integration is None or automation.action == Automation.Action.NOTHING:
        return DoNothing()
    if automation.action == Automation.Action.WEBHOOK:
        return CallWebhook(automation.integration, automation.template)
    return TellSlack(
        automation.integration, automation.title, automation.message, automation.severity
    )
