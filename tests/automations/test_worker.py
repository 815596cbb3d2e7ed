from __future__ import annotations

import base64
import hashlib
import hmac

from standardwebhooks.webhooks import Webhook

from automations.models import Delivery
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
