from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotFound
from automations.models import Automation, Integration, Secret
from automations.operations.automations import delete_automation
from automations.operations.integrations import (
    create_slack_channel,
    create_webhook,
    delete_integration,
    edit_slack_channel,
    edit_webhook,
    switch_off,
    switch_on,
)
from automations.operations.secrets import create_secret
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import put

URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def by(org_admin):
    return caller_of(org_admin)


@pytest.mark.parametrize("name", ["", "x" * 129, "a\nb", " a"])
def test_a_name_that_cannot_be_one_is_refused(by, entity, name):
    with refused(Invalid, "integration_name"):
        create_webhook(by, entity, name, URL)
    with refused(Invalid, "integration_name"):
        create_slack_channel(by, entity, name, URL)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic x"},
        {"Content-Length": "1"},
        {"Host": "other.example"},
        {"webhook-signature": "v1,x"},
        {"bad name": "x"},
        {"X-Break": "a\r\nX-Other: b"},
        {"X-Wide": "é"},
        {"X-Long": "x" * 2_001},
        {f"X-{number}": "x" for number in range(21)},
    ],
)
def test_headers_that_cannot_be_sent_are_refused(by, entity, headers):
    with refused(Invalid, "headers"):
        create_webhook(by, entity, "n", URL, headers=headers)


def test_own_headers_and_the_encoding_are_sent(by, version, webhook, automation, member, receiver):
    edit_webhook(by, webhook, headers={"PRIVATE-KEY": "of the webhook"}, signature_encoding="hex")
    put(member, version, "candidate")
    deliver()
    headers = receiver.got[0].headers
    assert headers["private-key"] == "of the webhook"
    assert headers["x-hub-signature-256"] == f"sha256={headers['x-wandb-signature']}"
    assert headers["user-agent"].startswith("Waymark/")


def test_a_webhook_takes_secrets_of_its_own_entity_only(by, entity, org_admin):
    own = create_secret(by, org_admin.entity, "OWN", "of a person")
    with refused(Invalid, "secret"):
        create_webhook(by, entity, "n", URL, access_token=own)
    wide = create_secret(by, entity, "WIDE", "geheimnis-größe")
    with refused(Invalid, "access_token"):
        create_webhook(by, entity, "n", URL, access_token=wide)


def test_a_name_is_given_once_for_each_kind_and_free_after_deletion(by, entity):
    first = create_webhook(by, entity, "n", URL).integration
    create_slack_channel(by, entity, "n", URL)
    with refused(Conflict, "integration_exists"):
        create_webhook(by, entity, "n", URL)
    delete_integration(by, first)
    create_webhook(by, entity, "n", URL)
    with refused(NotFound):
        edit_webhook(by, first, name="m")


def test_an_integration_in_use_stays(by, webhook, automation, member):
    with refused(Conflict, "integration_in_use"):
        delete_integration(by, webhook)
    delete_automation(caller_of(member), Automation.objects.get(pk=automation.pk))
    delete_integration(by, webhook)
    assert Secret.objects.filter(token_of=webhook).exists()


def test_the_address_of_a_slack_channel_stays_when_none_is_typed(by, entity):
    slack = create_slack_channel(by, entity, "#a", URL).integration
    edited = edit_slack_channel(by, slack, channel="#b", url="").integration
    assert (edited.name, edited.url_ciphertext) == ("#b", slack.url_ciphertext)


def test_an_integration_is_switched_off_and_on_by_hand(by, webhook):
    assert switch_off(by, webhook).switched_off_because == "Switched off by org-admin."
    assert not switch_on(by, webhook).is_off
    assert not Integration.objects.get(pk=webhook.pk).switched_off_because
