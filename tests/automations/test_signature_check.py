"""Why does my signature not match? Each usual mistake has its sentence."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from automations.operations.integrations import create_webhook
from automations.operations.secrets import create_secret, rotate_secret
from automations.signature_check import Pasted, findings_of
from automations.signing import new_signing_secret, signature_headers, standard_key
from tests.personas import caller_of

SENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
BODY = '{"alias":"production","name":"Löwe"}'


@pytest.fixture
def secret():
    return new_signing_secret()


@pytest.fixture
def webhook(org_admin, organization, secret):
    by = caller_of(org_admin)
    kept = create_secret(by, organization.entity, "SIGNING", secret)
    url = "http://receiver.invalid/"
    return create_webhook(by, organization.entity, "ci", url, signing_secret=kept).integration


def headers(secret, body=BODY, at=SENT):
    stamp = int(at.timestamp())
    signed = signature_headers([secret], "base64", "msg_1", stamp, body.encode())
    named = {"webhook-id": "msg_1", "webhook-timestamp": str(stamp)} | signed
    return "\n".join(f"{name.title()}: {value}" for name, value in named.items())


def told(webhook, lines, body=BODY, computed="", now=SENT):
    pasted = Pasted.of(lines, body, computed)
    return [(one.good, one.sentence) for one in findings_of(webhook, pasted, now)]


def test_what_is_right_is_said_to_be_right(webhook, secret):
    assert told(webhook, headers(secret)) == [
        (True, "The signature is right: it was made with SIGNING.")
    ]


def test_a_secret_that_was_rotated_still_fits_until_it_is_ended(webhook, secret, org_admin):
    rotate_secret(caller_of(org_admin), webhook.signing_secret, new_signing_secret())
    webhook.refresh_from_db()
    good, sentence = told(webhook, headers(secret))[0]
    assert good
    assert "the value SIGNING had before it was rotated" in sentence


@pytest.mark.parametrize(
    ("pasted", "fits"),
    [
        (BODY + "\n", "without the line break at its end"),
        ("  " + BODY, "with spaces around it taken away"),
        ('{\n  "alias": "production",\n  "name": "Löwe"\n}', "the same JSON without spaces"),
    ],
)
def test_a_body_that_was_changed_is_recognized(webhook, secret, pasted, fits):
    good, sentence = told(webhook, headers(secret), pasted)[0]
    assert good is False
    assert fits in sentence
    assert "Verify the raw bytes" in sentence


def test_a_body_with_half_a_letter_is_no_reason_to_fail(webhook, secret):
    (good, sentence), *_ = told(webhook, headers(secret), '{"half": "\\ud800"}')
    assert good is False
    assert "was not made with the secret of this webhook" in sentence


def test_an_id_of_another_message_is_told_from_another_secret(webhook, secret):
    lines = headers(secret)
    assert (
        "webhook-id or webhook-timestamp is not"
        in told(webhook, lines.replace("msg_1", "msg_2"))[0][1]
    )
    assert (
        "was not made with the secret of this webhook"
        in told(webhook, headers(new_signing_secret()))[0][1]
    )


def test_an_old_message_is_said_to_be_old(webhook, secret):
    found = told(webhook, headers(secret), now=SENT + timedelta(minutes=12))
    assert found[1][0] is None
    assert "The timestamp is 12 minutes old." in found[1][1]
    found = told(webhook, headers(secret), now=SENT + timedelta(days=3, hours=5))
    assert "The timestamp is 3 days old." in found[1][1]


def test_headers_that_are_missing_are_named(webhook, secret):
    (good, sentence), *_ = told(webhook, "webhook-id: msg_1")
    assert good is False
    assert sentence.startswith("webhook-timestamp and webhook-signature are not among the headers.")


def _b64(key, message):
    return base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()


def test_what_the_receiver_computed_tells_its_mistake(webhook, secret):
    signed = f"msg_1.{int(SENT.timestamp())}.{BODY}".encode()
    key = standard_key(secret)
    cases = {
        _b64(key, signed): "What you computed is right.",
        _b64(secret.encode(), signed): "You used the letters of the secret as the key.",
        _b64(secret.removeprefix("whsec_").encode(), signed): "You used the letters after whsec_",
        _b64(key, BODY.encode()): "You signed the body alone.",
        hmac.digest(key, signed, hashlib.sha256).hex(): "You wrote it in hex.",
        _b64(secret.encode(), BODY.encode()): "This is X-Wandb-Signature",
        "sha256=" + hmac.digest(secret.encode(), BODY.encode(), hashlib.sha256).hex(): (
            "This is X-Hub-Signature-256"
        ),
        "nonsense": "none of the usual mistakes",
    }
    for computed, sentence in cases.items():
        assert sentence in told(webhook, headers(secret), computed=computed)[-1][1], sentence


def test_a_webhook_without_a_secret_signs_nothing(webhook, org_admin):
    webhook.signing_secret = None
    assert told(webhook, "") == [(False, "“ci” has no signing secret: nothing is signed.")]
