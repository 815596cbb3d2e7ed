from __future__ import annotations

import json

import pytest
from standardwebhooks.webhooks import Webhook

from accounts.errors import Conflict
from automations.actions import CallWebhook, DoNothing
from automations.models import DeliveryAttempt
from automations.operations.automations import create_automation, edit_automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.trials import try_automation, try_integration
from registries.operations.members import remove_member
from tests.automations.receivers import always
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import link, put


def test_a_test_shows_the_answer_at_once_and_keeps_nothing(
    webhook, org_admin, receiver, signing_value
):
    receiver.answer = always(418, b"I am a teapot")
    attempt = try_integration(caller_of(org_admin), webhook)
    assert (attempt.status, attempt.response_body) == (418, "I am a teapot")
    assert not DeliveryAttempt.objects.exists()
    [got] = receiver.got
    assert Webhook(signing_value).verify(got.body, got.headers)["data"]["automation"] == {
        "id": None,
        "name": "Test",
    }
    assert got.headers["webhook-id"].startswith("msg_test_")


def test_a_slack_channel_is_tried_in_its_own_form(entity, org_admin, receiver):
    receiver.answer = always(200, b"ok")
    by = caller_of(org_admin)
    slack = create_slack_channel(by, entity, "#models", receiver.url).integration
    attempt = try_integration(by, slack)
    assert (attempt.status, attempt.response_body) == (200, "ok")
    assert "/hook" not in attempt.request_url
    message = json.loads(receiver.got[0].body)
    assert message["text"] == "A test from Waymark"
    assert message["attachments"][0]["blocks"]


def test_an_automation_is_tried_with_its_last_event(version, automation, webhook, member, receiver):
    by = caller_of(member)
    edit_automation(by, automation, action=CallWebhook(webhook, '{"alias": "${alias}"}'))
    try_automation(by, automation)
    put(member, version, "candidate")
    try_automation(by, automation)
    assert [json.loads(got.body)["alias"] for got in receiver.got] == ["production", "candidate"]


def test_a_test_tells_nobody_what_their_own_webhook_is_told_no_more(
    version, registry, member, guest, org_admin, receiver
):
    own = create_webhook(caller_of(guest), guest.entity, "own", receiver.url).integration
    automation = create_automation(
        caller_of(guest), registry.project, "n", "alias.added", CallWebhook(own)
    )
    put(member, version, "candidate")
    remove_member(caller_of(org_admin), registry, guest)
    with refused(Conflict, "not_told"):
        try_automation(caller_of(member), automation)
    assert receiver.got == []


def test_a_test_tells_of_the_home_an_automation_is_in_now(
    version, second_source, registry, restricted_registry, webhook, org_admin, receiver
):
    by, home = caller_of(org_admin), restricted_registry.project
    moved = create_automation(by, home, "n", "alias.added", CallWebhook(webhook))
    put(org_admin, link(org_admin, second_source.artifact, restricted_registry), "hidden")
    edit_automation(by, moved, scope=registry.project)
    try_automation(by, moved)
    assert b"hidden" not in receiver.got[0].body


def test_there_is_nothing_to_try_where_nothing_is_sent(registry, member):
    by = caller_of(member)
    quiet = create_automation(by, registry.project, "n", "alias.added", DoNothing())
    with refused(Conflict, "nothing_to_send"):
        try_automation(by, quiet)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_any_2xx_is_a_success(version, automation, member, receiver, status):
    from tests.automations.working import deliver

    receiver.answer = always(status)
    put(member, version, "candidate")
    deliver()
    assert automation.deliveries.get().state == "delivered"
