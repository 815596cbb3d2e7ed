from __future__ import annotations

import pytest
from standardwebhooks.webhooks import Webhook

from accounts.errors import Conflict, Invalid
from automations.encryption import decrypt
from automations.models import Secret
from automations.operations.integrations import edit_webhook
from automations.operations.secrets import (
    create_secret,
    delete_secret,
    finish_rotation,
    rotate_secret,
)
from automations.signing import new_signing_secret
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import put


@pytest.fixture
def by(org_admin):
    return caller_of(org_admin)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("", "long enough", "secret_name"),
        ("a-b", "long enough", "secret_name"),
        ("é", "long enough", "secret_name"),
        ("A" * 129, "long enough", "secret_name"),
        ("ACCESS_TOKEN", "long enough", "secret_name"),
        ("alias", "long enough", "secret_name"),
        ("A", "short", "secret_value"),
        ("A", "x" * 4_097, "secret_value"),
        ("A", "with\nline break", "secret_value"),
        ("A", " at the end ", "secret_value"),
        ("A", "whsec_tooshort", "secret_value"),
        ("A", "whsec_not base64 at all", "secret_value"),
    ],
)
def test_a_secret_that_cannot_be_one_is_refused(by, entity, name, value, code):
    with refused(Invalid, code):
        create_secret(by, entity, name, value)


def test_a_name_is_given_once(by, entity):
    create_secret(by, entity, "CI_TOKEN", "of the ci")
    with refused(Conflict, "secret_exists"):
        create_secret(by, entity, "CI_TOKEN", "of another")


def test_while_a_secret_is_rotated_both_signatures_hold(
    by, version, automation, member, receiver, signing_value
):
    secret = Secret.objects.get(name="CI_SECRET")
    new = new_signing_secret()
    assert rotate_secret(by, secret, new).is_rotating
    put(member, version, "candidate")
    deliver()
    got = receiver.got[-1]
    for value in (signing_value, new):
        Webhook(value).verify(got.body, got.headers)
    assert not finish_rotation(by, secret).is_rotating
    put(member, version, "second")
    deliver()
    got = receiver.got[-1]
    Webhook(new).verify(got.body, got.headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(signing_value).verify(got.body, got.headers)


def test_a_rotation_to_the_same_value_is_refused(by, entity):
    secret = create_secret(by, entity, "CI_TOKEN", "of the ci")
    with refused(Invalid, "secret_same"):
        rotate_secret(by, secret, "of the ci")
    rotate_secret(by, secret, "another one")
    secret.refresh_from_db()
    assert decrypt(secret.ciphertext) == "another one"
    assert decrypt(secret.previous_ciphertext) == "of the ci"


def test_an_access_token_keeps_to_letters_that_headers_carry(by, webhook, entity):
    token = Secret.objects.get(name="CI_TOKEN")
    with refused(Invalid, "access_token"):
        rotate_secret(by, token, "geheimnis-größe")
    rotate_secret(by, Secret.objects.get(name="CI_SECRET"), "geheimnis-größe")
    edit_webhook(by, webhook, access_token=None)
    rotate_secret(by, token, "geheimnis-größe")
    with refused(Invalid, "access_token"):
        # What was read before it was rotated.
        edit_webhook(by, webhook, access_token=token)


def test_a_secret_in_use_stays(by, webhook):
    secret = Secret.objects.get(name="CI_TOKEN")
    with refused(Conflict, "secret_in_use"):
        delete_secret(by, secret)
    edit_webhook(by, webhook, access_token=None)
    delete_secret(by, secret)
    assert not Secret.objects.filter(name="CI_TOKEN").exists()
