from __future__ import annotations

import pytest

from accounts.errors import NotFound
from automations.visibility import (
    automations_visible_to,
    deliveries_visible_to,
    get_automation,
    get_delivery,
    get_integration,
    integrations_visible_to,
    secrets_visible_to,
)
from tests.things import put

# Of the registry Model and its organization: automations, deliveries, integrations, secrets.
SEEN = {
    "org_admin": (1, 1, 1, 2),
    "admin": (1, 1, 1, 0),
    "member": (1, 1, 1, 0),
    "service_account": (1, 1, 1, 0),
    "viewer": (1, 0, 1, 0),
    "org_viewer": (1, 0, 1, 0),
    "restricted_viewer": (1, 0, 0, 0),
    "guest": (1, 1, 0, 0),
    "removed_member": (0, 0, 0, 0),
    "other_admin": (0, 0, 0, 0),
    "outsider": (0, 0, 0, 0),
}


def test_everybody_sees_what_their_role_shows_and_nothing_else(
    version, automation, webhook, member, personas
):
    put(member, version, "candidate")
    found = {
        name: (
            automations_visible_to(user).count(),
            deliveries_visible_to(user).count(),
            integrations_visible_to(user).count(),
            secrets_visible_to(user).count(),
        )
        for name, user in personas.items()
    }
    assert found == SEEN


def test_what_is_not_visible_does_not_exist(version, automation, webhook, member, outsider):
    put(member, version, "candidate")
    delivery = automation.deliveries.get()
    assert get_automation(member, automation.pk) == automation
    assert get_delivery(member, delivery.pk) == delivery
    assert get_integration(member, webhook.pk) == webhook
    for get, pk in (
        (get_automation, automation.pk),
        (get_delivery, delivery.pk),
        (get_integration, webhook.pk),
    ):
        with pytest.raises(NotFound):
            get(outsider, pk)
        with pytest.raises(NotFound):
            get(member, 10**9)
