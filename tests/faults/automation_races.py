"""Pairs of deeds about webhooks and secrets, like those of `tests.faults.races`."""

from __future__ import annotations

from functools import partial

from automations.actions import CallWebhook
from automations.models import Integration, Secret
from automations.operations.automations import create_automation
from automations.operations.integrations import (
    create_webhook,
    delete_integration,
    edit_webhook,
)
from automations.operations.secrets import create_secret, delete_secret, rotate_secret
from tests.faults.furniture import by, organization, registry
from tests.faults.interleaving import Deed, Plan


def _a_webhook_and_a_secret() -> Deed:
    def deed() -> None:
        entity = organization("basin").entity
        create_secret(by("carl"), entity, "TOKEN", "of the webhook")
        create_webhook(by("carl"), entity, "ci", "http://ci.invalid/")

    return deed


def _webhook() -> Integration:
    return Integration.objects.select_related("entity").get()


def _automate() -> Deed:
    home, action = registry("Basin").project, CallWebhook(_webhook())
    return partial(create_automation, by("carl"), home, "tell", "alias.added", action)


AUTOMATION_RACES: dict[str, tuple[Plan, ...]] = {
    "a webhook is deleted while an automation begins to call it": (
        lambda: partial(delete_integration, by("dora"), _webhook()),
        _automate,
        _a_webhook_and_a_secret,
    ),
    "a secret is deleted while a webhook takes it": (
        lambda: partial(delete_secret, by("carl"), Secret.objects.get()),
        lambda: partial(edit_webhook, by("dora"), _webhook(), signing_secret=Secret.objects.get()),
        _a_webhook_and_a_secret,
    ),
    "a secret gets letters that no header carries while it becomes an access token": (
        lambda: partial(rotate_secret, by("carl"), Secret.objects.get(), "geheimnis-größe"),
        lambda: partial(edit_webhook, by("dora"), _webhook(), access_token=Secret.objects.get()),
        _a_webhook_and_a_secret,
    ),
}
