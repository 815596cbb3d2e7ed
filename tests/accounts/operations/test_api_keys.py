from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import ApiKey
from accounts.operations.api_keys import (
    create_api_key,
    register_api_key,
    revoke_api_key,
    user_of_api_key,
)
from accounts.operations.people import deactivate_user
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_key_has_256_random_bits_and_signs_its_person_in(viewer):
    key, secret = create_api_key(caller_of(viewer), viewer, name="laptop")
    assert len(bytes.fromhex(secret)) == 32
    assert user_of_api_key(secret) == viewer
    assert (key.name, key.prefix) == ("laptop", secret[:4])


def test_two_keys_are_never_the_same(viewer):
    secrets = {create_api_key(caller_of(viewer), viewer)[1] for _ in range(20)}
    assert len(secrets) == 20


def test_only_the_digest_of_a_key_is_kept(viewer):
    _, secret = create_api_key(caller_of(viewer), viewer)
    assert secret not in str(list(ApiKey.objects.values()))


@pytest.mark.parametrize("secret", ["a" * 40, "local-" + "B" * 40, "x_-9" * 64])
def test_a_key_made_elsewhere_goes_on_working(viewer, secret):
    register_api_key(OPERATOR, viewer, secret)
    assert user_of_api_key(secret) == viewer


@pytest.mark.parametrize(
    "secret", ["", "a" * 39, "a" * 600, "a" * 39 + " ", "a" * 40 + "\n", "ä" * 40]
)
def test_a_short_or_odd_key_is_not_registered(viewer, secret):
    with refused(Invalid, "api_key_form") as refusal:
        register_api_key(OPERATOR, viewer, secret)
    assert not secret or secret not in refusal.value.sentence


def test_a_key_is_one_persons(viewer, outsider):
    register_api_key(OPERATOR, viewer, "k" * 40)
    with refused(Conflict, "api_key_taken") as refusal:
        register_api_key(OPERATOR, outsider, "k" * 40)
    assert "viewer" not in refusal.value.sentence


def test_nobody_makes_a_key_for_somebody_else(viewer, org_admin):
    with refused(NotAllowed):
        create_api_key(caller_of(org_admin), viewer)
    with refused(NotAllowed):
        register_api_key(caller_of(org_admin), viewer, "k" * 40)


def test_a_revoked_key_opens_nothing_from_the_next_request_on(viewer):
    key, secret = create_api_key(caller_of(viewer), viewer)
    revoke_api_key(caller_of(viewer), key)
    assert user_of_api_key(secret) is None
    with nothing_changes():
        revoke_api_key(caller_of(viewer), key)


def test_somebody_elses_key_does_not_exist(viewer, org_admin):
    key, secret = create_api_key(caller_of(viewer), viewer)
    with refused(NotFound):
        revoke_api_key(caller_of(org_admin), key)
    assert user_of_api_key(secret) == viewer


def test_an_expired_key_opens_nothing(viewer):
    with time_machine.travel(NOON, tick=False):
        _, secret = create_api_key(caller_of(viewer), viewer, expires_at=NOON + timedelta(days=1))
        assert user_of_api_key(secret) == viewer
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert user_of_api_key(secret) is None


def test_the_key_of_a_deactivated_person_opens_nothing(viewer):
    _, secret = create_api_key(caller_of(viewer), viewer)
    deactivate_user(OPERATOR, viewer)
    assert user_of_api_key(secret) is None


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "unknown", "\x00", "ä" * 40])
def test_an_unknown_key_opens_nothing(secret):
    assert user_of_api_key(secret) is None


def test_the_last_use_is_noted_about_once_a_minute(viewer):
    key, secret = create_api_key(caller_of(viewer), viewer)
    used = []
    for seconds in (0, 30, 90):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            user_of_api_key(secret)
        key.refresh_from_db()
        used.append((key.last_used_at - NOON).total_seconds())
    assert used == [0, 0, 90]


def test_an_unsuccessful_use_is_not_noted(viewer):
    key, secret = create_api_key(caller_of(viewer), viewer)
    revoke_api_key(caller_of(viewer), key)
    user_of_api_key(secret)
    key.refresh_from_db()
    assert key.last_used_at is None
