"""What the table of automations acts on: made by the admin of the organization."""

from __future__ import annotations

from typing import Any

from django.test import override_settings

from accounts.models import Organization, User
from automations.actions import CallWebhook, DoNothing
from automations.models import Delivery, Note
from automations.operations.automations import create_automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.notes import note_dead
from automations.operations.secrets import create_secret
from registries.models import Version
from registries.operations.aliases import add_aliases, remove_aliases
from tests.personas import caller_of

RECEIVER = "http://127.0.0.1:9/receiver"


def rows(people: dict[str, User], organization: Organization, custom: Version) -> dict[str, Any]:
    """`automation` calls `webhook`, with `secret`, for the registry; `private` does so for the
    admin of the organization alone; `unused` is called by nothing."""
    by = caller_of(people["org_admin"])
    entity, home = organization.entity, custom.collection.project
    secret = create_secret(by, entity, "TOKEN", "of the webhook")
    with override_settings(WAYMARK_OUTBOUND_ALLOW=["127.0.0.1"]):
        webhook = create_webhook(by, entity, "ci", RECEIVER, access_token=secret).integration
        unused = create_webhook(by, entity, "unused", RECEIVER).integration
        slack = create_slack_channel(by, entity, "#models", RECEIVER).integration
        own = create_webhook(by, by.user.entity, "own", RECEIVER).integration
    automation = create_automation(by, home, "tell", "alias.added", CallWebhook(webhook))
    note_dead(automation, "Given up.")
    add_aliases(by, custom, ["told"])
    remove_aliases(by, custom, ["told"])
    return {
        "secret": secret,
        "free_secret": create_secret(by, entity, "FREE", "of nothing yet"),
        "webhook": webhook,
        "unused": unused,
        "slack": slack,
        "automation": automation,
        "private": create_automation(by, home, "private", "alias.added", CallWebhook(own)),
        "quiet": create_automation(by, custom.collection, "quiet", "alias.added", DoNothing()),
        "delivery": Delivery.objects.get(automation=automation),
        "note": Note.objects.get(automation=automation),
    }
