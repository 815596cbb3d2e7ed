"""What waits or is sent again goes where its automation means it to go today, or nowhere."""

from __future__ import annotations

import json

import pytest

from accounts.errors import Conflict
from automations.actions import CallWebhook, DoNothing, TellSlack
from automations.models import Delivery
from automations.operations.automations import edit_automation
from automations.operations.deliveries import send_again, send_failed_again
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.secrets import create_secret
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import put

FORGED = '{"do": "something else", "token": "${ACCESS_TOKEN}"}'


@pytest.fixture
def by(member):
    return caller_of(member)


@pytest.fixture
def slack(entity, org_admin, receiver):
    url = receiver.url + "/services/of-the-channel"
    return create_slack_channel(caller_of(org_admin), entity, "#models", url).integration


@pytest.fixture
def actions(webhook, slack):
    return {
        "webhook": CallWebhook(webhook, '{"alias": "${alias}"}'),
        "slack": TellSlack(slack, "title", "text"),
        "nothing": DoNothing(),
    }


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("webhook", "nothing", "The automation sends nothing any more."),
        ("slack", "nothing", "The automation sends nothing any more."),
        ("webhook", "slack", "The automation tells a Slack channel now, and not the webhook ci."),
        ("slack", "webhook", "The automation calls a webhook now, and not the channel #models."),
    ],
)
def test_what_waits_for_another_kind_of_receiver_is_given_up_and_says_so(
    version, automation, by, member, receiver, actions, before, after, note
):
    edit_automation(by, automation, action=actions[before])
    put(member, version, "candidate")
    edit_automation(by, automation, action=actions[after])
    deliver()
    told = Delivery.objects.get()
    assert receiver.got == []
    assert (told.state, told.note) == ("dead", f"Given up after it was tried once. {note}")
    with refused(Conflict, "action_changed") as refusal:
        send_again(by, told)
    assert refusal.value.sentence == note
    since = told.created_at
    assert send_failed_again(by, automation.project, since) == 0


def test_a_receiver_of_the_same_kind_leaves_what_waits_to_the_one_before(
    version, automation, by, member, entity, org_admin, receiver
):
    put(member, version, "candidate")
    other = create_webhook(caller_of(org_admin), entity, "other", receiver.url + "/other")
    edit_automation(by, automation, action=CallWebhook(other.integration))
    deliver()
    assert [got.path for got in receiver.got] == ["/hook"]


@pytest.fixture
def moved(version, registry, restricted_registry, automation, by, member, org_admin, webhook):
    """To where the member is not, with words of its own, while two messages are told of here."""
    put(member, version, "sent")
    deliver()
    put(member, version, "waiting")
    action = CallWebhook(webhook, '{"plan": "the hidden plan"}')
    home = restricted_registry.project
    edit_automation(caller_of(org_admin), automation, scope=home, name="hidden", action=action)
    return automation


def test_an_automation_that_moved_tells_nothing_more_of_where_it_was(
    moved, registry, by, org_admin, receiver
):
    deliver()
    assert len(receiver.got) == 1
    sent, waiting = Delivery.objects.order_by("pk")
    note = "Its automation moved elsewhere, and tells nothing more of what happened here."
    assert waiting.note == f"Given up after it was tried once. {note}"
    for user in (by, caller_of(org_admin)):
        with refused(Conflict, "automation_moved") as refusal:
            send_again(user, sent)
        assert refusal.value.sentence == note
    assert send_failed_again(by, registry.project, sent.created_at) == 0
    deliver()
    assert len(receiver.got) == 1


def test_an_automation_that_came_back_is_asked_again(moved, registry, by, org_admin, receiver):
    edit_automation(caller_of(org_admin), moved, scope=registry.project)
    send_again(by, Delivery.objects.get(alias="sent"))
    deliver()
    assert len(receiver.got) == 3


@pytest.fixture
def own(admin, receiver):
    """The admin's own webhook, with a token of their own."""
    by = caller_of(admin)
    token = create_secret(by, admin.entity, "OWN", "private-token")
    url = receiver.url + "/own"
    return create_webhook(by, admin.entity, "own", url, access_token=token).integration


def test_a_persons_own_webhook_gets_nobody_elses_words(
    version, registry, automation, admin, by, member, receiver, webhook, own
):
    edit_automation(caller_of(admin), automation, action=CallWebhook(own))
    put(member, version, "sent")
    deliver()
    put(member, version, "waiting")
    edit_automation(caller_of(admin), automation, action=CallWebhook(webhook))
    edit_automation(by, automation, action=CallWebhook(webhook, FORGED.replace("ACCESS", "CI")))
    deliver()
    sent, waiting = Delivery.objects.order_by("pk")
    note = f"The automation no longer calls own, which belongs to {admin.entity.name}."
    assert waiting.note == f"Given up after it was tried once. {note}"
    with refused(Conflict, "integration_changed") as refusal:
        send_again(by, sent)
    assert refusal.value.sentence == note
    assert send_failed_again(by, registry.project, sent.created_at) == 0
    deliver()
    assert [got.path for got in receiver.got] == ["/hook/own"]
    assert b"something else" not in receiver.got[0].body


def test_what_failed_at_ones_own_webhook_is_sent_again_while_it_is_the_one(
    version, automation, admin, member, own, receiver
):
    edit_automation(caller_of(admin), automation, action=CallWebhook(own))
    put(member, version, "candidate")
    Delivery.objects.update(state="dead", finished_at=Delivery.objects.get().created_at)
    home = automation.project
    assert send_failed_again(caller_of(member), home, Delivery.objects.get().created_at) == 1
    deliver()
    assert json.loads(receiver.got[0].body)["data"]["alias"] == "candidate"
