"""What the forms of automations and integrations change, and the sign of it they come back with."""

from __future__ import annotations

from automations.models import Automation, Integration
from registries.fingerprints import fingerprint

Edited = list[str | int | None]


def edited_in_automation(automation: Automation) -> Edited:
    """Without `enabled`: the form changes that only when it was changed there."""
    return [
        automation.name,
        automation.description or "",
        automation.project_id,
        automation.collection_id,
        automation.event_kind,
        automation.filter,
        automation.action,
        automation.integration_id,
        automation.template,
        automation.title,
        automation.message,
        automation.severity,
    ]


def edited_in_integration(integration: Integration) -> Edited:
    return [
        integration.name,
        integration.workspace,
        integration.url,
        integration.url_ciphertext,
        integration.headers_ciphertext,
        integration.access_token_id,
        integration.signing_secret_id,
        integration.signature_encoding,
    ]


def fingerprint_of(shown: Automation | Integration) -> str:
    if isinstance(shown, Automation):
        return fingerprint(edited_in_automation(shown))
    return fingerprint(edited_in_integration(shown))
