"""An organization with a webhook, and a worker that works here and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from automations.actions import CallWebhook
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.operations.secrets import create_secret
from automations.signing import new_signing_secret
from tests.automations.receivers import receiving
from tests.personas import caller_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import Entity
    from automations.models import Automation, Integration
    from tests.automations.receivers import Receiver


@pytest.fixture(autouse=True)
def _loopback_is_allowed(settings):
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def entity(organization) -> Entity:
    return organization.entity


@pytest.fixture
def signing_value() -> str:
    return new_signing_secret()


@pytest.fixture
def webhook(entity, org_admin, receiver, signing_value) -> Integration:
    """Of the organization, signed, with an access token."""
    by = caller_of(org_admin)
    return create_webhook(
        by,
        entity,
        "ci",
        receiver.url,
        access_token=create_secret(by, entity, "CI_TOKEN", "token-of-the-ci"),
        signing_secret=create_secret(by, entity, "CI_SECRET", signing_value),
    ).integration


@pytest.fixture
def automation(webhook, member, registry) -> Automation:
    """Calls the webhook for every alias added in the registry."""
    return create_automation(
        caller_of(member), registry.project, "tell the ci", "alias.added", CallWebhook(webhook)
    )
