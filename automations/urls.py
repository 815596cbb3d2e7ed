"""Automations, their messages, integrations and secrets."""

from __future__ import annotations

from django.urls import URLPattern, path

from automations.views import (
    automation,
    automations,
    deliveries,
    edit_automation,
    edit_integration,
    integrations,
    notes,
    preview,
    signatures,
    trials,
)
from registries.urls import ORGANIZATION, PROJECT, REGISTRY

INTEGRATIONS = "automations/integrations/<name:entity>"
INTEGRATION = f"{INTEGRATIONS}/<int:integration>"
WEBHOOK = f"{INTEGRATIONS}/webhooks/<int:integration>"
SECRET = f"{INTEGRATIONS}/secrets/<int:secret>"
HOME = "automations/in/<int:home>"
AUTOMATION = "automations/<int:automation>"
DELIVERY = "automations/deliveries/<int:delivery>"

HOME_PAGES = (
    ("/automations", automations.home_automations, "automations"),
    ("/messages", deliveries.home_deliveries, "deliveries"),
    ("/messages/again", deliveries.send_home_failed_again, "send-all-failed-again"),
)


def below(place: str, home: str, twins: str) -> list[URLPattern]:
    """The pages of a home, whose names begin with `home`, and the one of its collections."""
    return [
        *(path(f"{place}{rest}", view, name=f"{home}{name}") for rest, view, name in HOME_PAGES),
        path(
            f"{place}/collections/<name:collection>/automations",
            automations.collection_automations,
            name=f"{twins}collection-automations",
        ),
    ]


urlpatterns = [
    # Integrations and secrets of an entity
    path(INTEGRATIONS, integrations.integrations, name="integrations"),
    path(f"{INTEGRATIONS}/webhooks/new", edit_integration.create_webhook, name="create-webhook"),
    path(WEBHOOK, edit_integration.edit_webhook, name="edit-webhook"),
    path(f"{WEBHOOK}/signature", signatures.check_signature, name="check-signature"),
    path(
        f"{INTEGRATIONS}/slack/new",
        edit_integration.create_slack_channel,
        name="create-slack-channel",
    ),
    path(
        f"{INTEGRATIONS}/slack/<int:integration>",
        edit_integration.edit_slack_channel,
        name="edit-slack-channel",
    ),
    path(f"{INTEGRATION}/test", trials.test_integration, name="test-integration"),
    path(f"{INTEGRATION}/switch", integrations.switch_integration, name="switch-integration"),
    path(f"{INTEGRATION}/delete", integrations.delete_integration, name="delete-integration"),
    path(f"{INTEGRATIONS}/secrets", integrations.create_secret, name="create-secret"),
    path(f"{SECRET}/rotate", integrations.rotate_secret, name="rotate-secret"),
    path(f"{SECRET}/finish", integrations.finish_rotation, name="finish-rotation"),
    path(f"{SECRET}/delete", integrations.delete_secret, name="delete-secret"),
    # Lists
    path(
        f"{ORGANIZATION}automations",
        automations.organization_automations,
        name="organization-automations",
    ),
    path(
        f"{ORGANIZATION}messages",
        deliveries.organization_deliveries,
        name="organization-deliveries",
    ),
    *below(REGISTRY, "registry-", ""),
    # One automation
    path(f"{HOME}/new", edit_automation.create_automation, name="create-automation"),
    path(f"{HOME}/new/matches", edit_automation.pattern_matches, name="pattern-matches"),
    path(f"{HOME}/new/preview", preview.preview_message, name="preview-message"),
    path(AUTOMATION, automation.automation, name="automation"),
    path(f"{AUTOMATION}/edit", edit_automation.edit_automation, name="edit-automation"),
    path(f"{AUTOMATION}/switch", automation.switch_automation, name="switch-automation"),
    path(f"{AUTOMATION}/delete", automation.delete_automation, name="delete-automation"),
    path(f"{AUTOMATION}/test", trials.test_automation, name="test-automation"),
    path(f"{AUTOMATION}/again", deliveries.send_failed_again, name="send-failed-again"),
    # Messages
    path(DELIVERY, deliveries.delivery, name="delivery"),
    path(f"{DELIVERY}/again", deliveries.send_again, name="send-again"),
    # Notes to admins
    path("automations/notes", notes.notes, name="notes"),
    path("automations/notes/<int:note>/dismiss", notes.dismiss_note, name="dismiss-note"),
]

# These begin with the name of a team or person, so they come after all others of the site.
project_patterns = below(PROJECT, "project-", "project-")
