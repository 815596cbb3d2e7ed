"""What is sent in the place of a passkey’s answer. Real passkeys are in `tests/browser`."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.operations.people import create_user

PASSWORD = "long enough for a test"


def encoded(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def answer_of_a_passkey(**other: Any) -> dict[str, Any]:
    """In the shape a browser sends, signed by nobody."""
    told = {"type": "webauthn.get", "challenge": encoded(b"x" * 32), "origin": "http://testserver"}
    response = {
        "clientDataJSON": encoded(json.dumps(told).encode()),
        "authenticatorData": encoded(b"\0" * 37),
        "attestationObject": encoded(b"\xa0"),
        "signature": encoded(b"nobody"),
        "userHandle": encoded(b"1"),
    }
    whole = {"id": encoded(b"abc"), "rawId": encoded(b"abc"), "type": "public-key"}
    return whole | {"clientExtensionResults": {}, "response": response | other}


NONE = [
    "0",
    "false",
    "-0.0",
    "1",
    '""',
    '"x"',
    "null",
    "[]",
    "[1]",
    "{}",
    '{"id":"x"}',
    '{"id":1}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":[]}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":"x"}',
    '{"id":"é","rawId":"é","type":"public-key","response":{}}',
    "no JSON",
    "[" * 20_000,
    json.dumps(answer_of_a_passkey()),
    json.dumps(answer_of_a_passkey(userHandle=None)),
    json.dumps(answer_of_a_passkey(userHandle=1)),
    json.dumps(answer_of_a_passkey(userHandle=encoded(b"\xff\xfe"))),
    json.dumps(answer_of_a_passkey(userHandle=encoded(b"1\0"))),
    json.dumps(answer_of_a_passkey(userHandle=encoded(b"z" * 40))),
    json.dumps(answer_of_a_passkey(clientDataJSON=encoded(b"no JSON"))),
    json.dumps(answer_of_a_passkey(clientDataJSON=encoded(b"[]"))),
    json.dumps(answer_of_a_passkey(clientDataJSON=encoded(b"{}"))),
    json.dumps(answer_of_a_passkey(authenticatorData=encoded(b"x"))),
    json.dumps(answer_of_a_passkey(authenticatorData=encoded(b"\0" * 32 + b"\xff" + b"\0" * 4))),
    json.dumps(answer_of_a_passkey(attestationObject=encoded(b"x"))),
    json.dumps(answer_of_a_passkey(attestationObject=encoded(b"\xa1\x01"))),
    json.dumps(answer_of_a_passkey(attestationObject=encoded(b"\x19\x01"))),
    json.dumps(answer_of_a_passkey(attestationObject=encoded(b"\x81" * 2_000))),
    json.dumps(answer_of_a_passkey() | {"type": 3}),
    json.dumps(answer_of_a_passkey() | {"rawId": "!!!"}),
    json.dumps(answer_of_a_passkey() | {"clientExtensionResults": []}),
]


@pytest.fixture(autouse=True)
def without_limits(settings, db):
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    cache.clear()


@pytest.fixture
def ada(db):
    return create_user(OPERATOR, "ada", password=PASSWORD)


def sign_in() -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    return client


def bring(client: Client, name: str, credential: str) -> int:
    client.get(reverse(name), headers={"X-Requested-With": "XMLHttpRequest"})
    return client.post(reverse(name), {"name": "k", "credential": credential}).status_code


def test_what_is_no_passkey_is_not_kept_and_shuts_nobody_out(ada, subtests):
    client = sign_in()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for credential in NONE:
        with subtests.test(credential[:200]):
            assert bring(client, "mfa_add_webauthn", credential) == 422
            assert not Authenticator.objects.exists()
    assert client.get(reverse("mfa_index")).status_code == 200
    assert sign_in().get(reverse("account")).status_code == 200


def test_what_is_no_passkey_signs_nobody_in(ada, subtests):
    client = Client()
    for credential in NONE:
        with subtests.test(credential[:200]):
            assert bring(client, "mfa_login_webauthn", credential) == 302
            assert client.get(reverse("account")).status_code == 302


def test_what_is_no_passkey_is_no_second_step(ada, subtests):
    TOTP.activate(ada, generate_totp_secret())
    client = sign_in()
    for credential in NONE:
        with subtests.test(credential[:200]):
            assert bring(client, "mfa_authenticate", credential) < 500
            assert client.get(reverse("account")).status_code == 302
