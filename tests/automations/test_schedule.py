from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.errors import Conflict
from automations.actions import CallWebhook
from automations.models import Delivery, Integration, Note
from automations.operations.automations import edit_automation
from automations.operations.deliveries import send_again, send_failed_again
from automations.operations.integrations import (
    create_slack_channel,
    create_webhook,
    delete_integration,
    edit_slack_channel,
    edit_webhook,
    switch_on,
)
from automations.operations.notes import dismiss_note
from automations.schedule import DELAYS, pause_asked_for
from automations.visibility import notes_visible_to
from tests.automations.receivers import always, receiving
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import put

START = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def due(delivery: Delivery) -> datetime:
    delivery.refresh_from_db()
    return delivery.next_attempt_at


def test_a_message_is_tried_ten_times_and_then_given_up(
    clock, version, automation, member, admin, receiver
):
    receiver.answer = always(500, b"oops")
    put(member, version, "candidate")
    delivery = Delivery.objects.get()
    for delay in DELAYS:
        before = timezone.now()
        deliver()
        waited = due(delivery) - before
        assert delay <= waited <= delay * 1.1 + timedelta(minutes=1)
        clock.move_to(due(delivery) - timedelta(seconds=1))
        tried = len(receiver.got)
        deliver()
        assert len(receiver.got) == tried
        clock.move_to(due(delivery))
    deliver()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt_count) == ("dead", 10)
    assert delivery.note == "Given up after it was tried 10 times. The receiver answered 500."
    assert set(receiver.ids()) == {delivery.webhook_id}
    assert timezone.now() - START >= timedelta(hours=75)
    [note] = notes_visible_to(admin).filter(project__isnull=False)
    assert note.text == "“tell the ci”: a message was given up. The receiver answered 500."
    assert not notes_visible_to(member).exists()
    dismiss_note(caller_of(admin), note)
    assert not notes_visible_to(admin).exists()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_asks_for_a_pause_gets_it_from_everybody(
    clock, version, second_version, automation, member, receiver, status
):
    receiver.answer = always(status, Retry_After="3600")
    put(member, version, "candidate")
    deliver()
    receiver.answer = None
    put(member, second_version, "other")
    clock.shift(timedelta(seconds=3_590))
    deliver()
    assert len(receiver.got) == 1
    clock.shift(timedelta(seconds=20))
    deliver()
    assert len(receiver.got) == 3


def test_a_webhook_that_fails_for_five_days_is_switched_off_and_on_again(
    clock, version, automation, webhook, member, admin, org_admin, receiver
):
    receiver.answer = always(503)
    for day in range(6):
        clock.move_to(START + timedelta(days=day, minutes=day))
        put(member, version, f"day-{day}")
        deliver()
    webhook.refresh_from_db()
    assert webhook.switched_off_because == "It has failed for 5 days."
    assert not Delivery.objects.filter(state="pending").exists()
    assert Note.objects.filter(kind="switched_off", project=version.collection.project).exists()
    receiver.answer = None
    switch_on(caller_of(org_admin), webhook)
    receiver.got.clear()
    count = send_failed_again(caller_of(admin), version.collection.project, START)
    deliver()
    assert (count, len(receiver.got)) == (6, 6)


def test_what_waits_for_its_next_try_is_sent_at_once_by_hand(
    clock, version, second_version, automation, member, receiver
):
    receiver.answer = always(500)
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    deliver()
    clock.shift(timedelta(seconds=10))
    deliver()
    receiver.answer = None
    receiver.got.clear()
    first, second = Delivery.objects.order_by("pk")
    assert due(first) - timezone.now() > timedelta(minutes=4)
    deliver()
    assert receiver.got == []
    send_again(caller_of(member), second)
    deliver()
    assert receiver.ids() == [first.webhook_id, second.webhook_id]


def test_all_that_fail_since_a_time_are_sent_again_with_what_waits_behind_them(
    clock, version, second_version, automation, member, receiver
):
    receiver.answer = always(500)
    put(member, version, "candidate")
    deliver()
    put(member, second_version, "candidate")
    clock.shift(timedelta(seconds=10))
    deliver()
    receiver.answer = None
    receiver.got.clear()
    by, home = caller_of(member), version.collection.project
    assert send_failed_again(by, home, START + timedelta(seconds=11)) == 0
    deliver()
    assert receiver.got == []
    assert send_failed_again(by, home, START) == 1
    deliver()
    first, second = Delivery.objects.order_by("pk")
    assert receiver.ids() == [first.webhook_id, second.webhook_id]


def test_order_is_kept_for_each_alias_while_the_first_waits(
    clock, version, second_version, automation, member, receiver
):
    receiver.answer = always(500)
    put(member, version, "candidate")
    deliver()
    receiver.answer = None
    put(member, second_version, "candidate")
    put(member, second_version, "free")
    receiver.got.clear()
    deliver()
    assert [got.body.count(b'"alias":"free"') for got in receiver.got] == [1]
    clock.shift(timedelta(seconds=10))
    deliver()
    first, second = Delivery.objects.filter(alias="candidate").order_by("pk")
    assert receiver.ids()[1:] == [first.webhook_id, second.webhook_id]


@pytest.fixture
def broken(entity, org_admin, automation, member):
    """Another webhook, which fails; the automation calls it until it is repaired."""
    with receiving(always(500)) as found:
        broken = create_webhook(caller_of(org_admin), entity, "broken", found.url).integration
        edit_automation(caller_of(member), automation, action=CallWebhook(broken))
        yield broken


def test_a_repaired_automation_does_not_wait_for_what_its_old_webhook_missed(
    clock, version, second_version, automation, webhook, broken, member, receiver
):
    put(member, version, "candidate")
    deliver()
    edit_automation(caller_of(member), automation, action=CallWebhook(webhook))
    put(member, second_version, "candidate")
    put(member, version, "candidate")
    deliver()
    first, second, third = Delivery.objects.order_by("pk")
    assert receiver.ids() == [second.webhook_id, third.webhook_id]
    clock.shift(timedelta(seconds=10))
    deliver()
    assert (due(first) > timezone.now(), due(second) > timezone.now()) == (True, False)


def test_what_waits_for_one_webhook_is_not_held_back_by_another(
    clock, version, second_version, automation, webhook, broken, member, receiver
):
    put(member, version, "candidate")
    deliver()
    edit_automation(caller_of(member), automation, action=CallWebhook(webhook))
    Integration.objects.filter(pk=webhook.pk).update(slow_until=START + timedelta(seconds=60))
    put(member, second_version, "candidate")
    first, second = Delivery.objects.order_by("pk")
    clock.move_to(due(first))
    deliver()
    assert due(first) - timezone.now() > timedelta(minutes=4)
    clock.move_to(START + timedelta(seconds=61))
    deliver()
    assert receiver.ids() == [second.webhook_id]


def test_what_waits_for_a_webhook_that_is_deleted_is_given_up_at_once(
    clock, version, automation, webhook, broken, member, org_admin
):
    put(member, version, "candidate")
    deliver()
    edit_automation(caller_of(member), automation, action=CallWebhook(webhook))
    delete_integration(caller_of(org_admin), broken)
    told = Delivery.objects.get()
    assert (told.state, told.note) == ("dead", "broken was deleted.")
    with refused(Conflict, "nothing_to_send"):
        send_again(caller_of(member), told)


def test_a_pause_ends_with_the_address_that_asked_for_it(
    clock, version, second_version, automation, webhook, member, org_admin, receiver
):
    receiver.answer = always(429, Retry_After="86400")
    put(member, version, "candidate")
    deliver()
    with receiving() as other:
        edit_webhook(caller_of(org_admin), webhook, name="ci anew", headers={"X-Own": "1"})
        webhook.refresh_from_db()
        assert None not in (webhook.slow_until, webhook.failing_since)
        edit_webhook(caller_of(org_admin), webhook, url=other.url)
        webhook.refresh_from_db()
        assert (webhook.slow_until, webhook.failing_since) == (None, None)
        put(member, second_version, "other")
        deliver()
        assert len(other.got) == 1


def test_a_slack_channel_at_a_new_address_has_not_failed_yet(clock, entity, org_admin):
    by, url = caller_of(org_admin), "http://127.0.0.1:9/"
    slack = create_slack_channel(by, entity, "#m", url).integration
    Integration.objects.update(failing_since=START, slow_until=START)
    assert edit_slack_channel(by, slack, channel="#n").integration.failing_since == START
    slack = edit_slack_channel(by, slack, url=url).integration
    slack.refresh_from_db()
    assert (slack.failing_since, slack.slow_until) == (None, None)


def test_what_was_delivered_is_sent_again_under_its_old_id(version, automation, member, receiver):
    put(member, version, "candidate")
    deliver()
    delivery = send_again(caller_of(member), Delivery.objects.get())
    deliver()
    assert receiver.ids() == [delivery.webhook_id] * 2
    assert list(delivery.attempts.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Tue, 01 Jan 2030 00:01:00 GMT", 60),
        ("Mon, 31 Dec 2029 00:00:00 GMT", 0),
        ("999999999999", 86_400),
        ("soon", None),
        ("-5", None),
        ("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 86_400),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text, seconds):
    found = pause_asked_for(text, START)
    assert found == (None if seconds is None else timedelta(seconds=seconds))
