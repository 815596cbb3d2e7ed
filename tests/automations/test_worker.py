from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from automations.masking import Mask
from automations.models import Delivery
from automations.operations.claims import claim
from automations.operations.results import Result
from automations.outbound.requests import Answer, Request
from automations.outbound.urls import target_of
from automations.worker import Worker
from tests.automations.working import deliver
from tests.things import put


def test_an_added_alias_calls_the_webhook(version, automation, member, receiver, signing_value):
    put(member, version, "candidate")
    deliver()
    [got] = receiver.got
    body = Webhook(signing_value).verify(got.body, got.headers)
    assert body["type"] == "alias.added"
    assert body["data"]["alias"] == "candidate"
    assert body["data"]["version"]["number"] == 0
    assert got.headers["authorization"] == "Bearer token-of-the-ci"
    wandb = hmac.digest(signing_value.encode(), got.body, hashlib.sha256)
    assert got.headers["x-wandb-signature"] == base64.b64encode(wandb).decode()
    assert got.headers["x-hub-signature-256"] == f"sha256={wandb.hex()}"
    delivery = Delivery.objects.get()
    assert delivery.state == "delivered"
    assert got.headers["webhook-id"] == delivery.webhook_id


# No database keeps the first, and no program of ours reads the second.
UNKEEPABLE = [{"milliseconds": -1}, {"headers": {"X-None": None}}]


@pytest.fixture
def answered(version, automation, member):
    """A worker that got these answers, one to each of as many messages."""

    def answered(*answers: Answer) -> list[Delivery]:
        put(member, version, *(f"alias-{number}" for number in range(len(answers))))
        worker = Worker(threads=2, once=True)
        taken = claim(worker.lease, 30, len(answers), {}, len(answers))
        url = "http://127.0.0.1/"
        request = Request(target_of(url), {}, b"{}", Mask([]), url, Mask([]))
        for delivery, answer in zip(taken, answers, strict=True):
            worker.running += 1
            worker.results.put(Result(delivery, worker.lease, timezone.now(), request, answer))
        worker.run()
        return list(Delivery.objects.order_by("alias"))

    return answered


@pytest.mark.parametrize("unkeepable", UNKEEPABLE)
def test_an_answer_that_cannot_be_recorded_gives_up_its_message_and_no_other(answered, unkeepable):
    first, bad, last = answered(Answer(200), Answer(500, **unkeepable), Answer(200))
    assert (first.state, bad.state, last.state) == ("delivered", "dead", "delivered")
    assert bad.note == (
        "Given up after it was tried once. This server could not record the answer."
    )
    assert bad.attempts.get().error == "This server could not record the answer."


@pytest.mark.parametrize("unkeepable", UNKEEPABLE)
def test_a_success_that_cannot_be_recorded_is_a_success(answered, unkeepable):
    [delivery] = answered(Answer(200, **unkeepable))
    assert (delivery.state, delivery.attempts.get().status) == ("delivered", 200)


def test_a_worker_with_other_keys_leaves_a_message_to_one_that_has_them(
    version, automation, member, receiver, settings
):
    right_keys = settings.WAYMARK_ENCRYPTION_KEYS
    put(member, version, "candidate")
    settings.WAYMARK_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, receiver.got) == ("pending", [])
    assert "a key this server no longer has" in delivery.note
    settings.WAYMARK_ENCRYPTION_KEYS = right_keys
    Delivery.objects.update(next_attempt_at=timezone.now())
    deliver()
    assert len(receiver.got) == 1
    assert Delivery.objects.get().state == "delivered"
