"""What somebody else has saved since a form was shown, beside what was typed in it."""

from __future__ import annotations

from collections.abc import Mapping

from automations.models import Automation, Integration

Words = Mapping[str, str]

OF_AUTOMATION = {
    "event_kind": "Event",
    "pattern": "Alias or tag",
    "filter": "Filter",
    "collection": "Collection",
    "action": "Action",
    "webhook": "Webhook",
    "template": "Body",
    "slack": "Slack channel",
    "title": "Title",
    "message": "Text",
    "severity": "Severity",
    "name": "Name",
    "description": "Description",
}
OF_WEBHOOK = {
    "name": "Name",
    "url": "URL",
    "signing_secret": "Signing secret",
    "access_token": "Access token",
    "signature_encoding": "Encoding of X-Wandb-Signature",
}
OF_SLACK = {"channel": "Channel", "workspace": "Workspace"}


def stored_now(
    labels: Words, stored: Words, typed: Words, offered: Mapping[str, Words] | None = None
) -> str:
    """A line for each field that is stored otherwise than typed; `offered` are the words of the
    choices, by the names of their fields."""
    return "\n".join(
        f"{label}: {(offered or {}).get(name, {}).get(stored[name], stored[name]) or 'None'}"
        for name, label in labels.items()
        if stored[name].splitlines() != typed[name].splitlines()
    )


def words_of_automation(automation: Automation) -> dict[str, Words]:
    integration = automation.integration
    named = {str(integration.pk): integration.name} if integration else {}
    return {
        "event_kind": {automation.event_kind: automation.get_event_kind_display()},
        "action": {automation.action: automation.get_action_display()},
        "severity": {automation.severity: automation.get_severity_display()},
        "webhook": named,
        "slack": named,
    }


def words_of_webhook(webhook: Integration) -> dict[str, Words]:
    token, signing = webhook.access_token, webhook.signing_secret
    return {
        "access_token": {str(token.pk): token.name} if token else {},
        "signing_secret": {str(signing.pk): signing.name} if signing else {},
    }
