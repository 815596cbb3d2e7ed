"""Whoever has given the password and not yet the code is not in."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import deactivate_user, reactivate_user
from tests.accounts.sign_in.test_passwords import (
    GOOD,
    OTHER,
    ada,
    fresh_limits,
    is_signed_in,
    sign_in,
    text_of,
)

__all__ = ["ada", "fresh_limits"]


@pytest.fixture
def codes(ada, settings) -> list[str]:
    """Those of somebody who has to give one."""
    settings.ACCOUNT_RATE_LIMITS = False
    TOTP.activate(ada, generate_totp_secret())
    RecoveryCodes.activate(ada)
    found = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    return found.get_unused_codes()


def waiting() -> Client:
    client = Client()
    assert sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    return client


def give(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)


def test_a_code_signs_in_whoever_has_given_the_password(codes):
    client = waiting()
    give(client, codes[0])
    assert is_signed_in(client)


def test_who_waits_for_a_code_gives_the_new_password_after_it_changed(codes):
    thief, owner = waiting(), waiting()
    give(owner, codes[0])
    form = {"oldpassword": GOOD, "password1": OTHER, "password2": OTHER}
    assert owner.post(reverse("account_change_password"), form).status_code == 302
    give(thief, codes[1])
    assert not is_signed_in(thief)
    assert is_signed_in(owner)


def test_a_deactivation_ends_a_sign_in_that_waits_for_a_code(ada, codes):
    client = waiting()
    deactivate_user(OPERATOR, ada)
    reactivate_user(OPERATOR, ada)
    give(client, codes[0])
    assert not is_signed_in(client)


def test_a_code_of_somebody_who_is_not_active_signs_nobody_in(ada, codes):
    client = waiting()
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert "not active" in text_of(give(client, codes[0]))
    assert "_auth_user_id" not in client.session
    reactivate_user(OPERATOR, ada)
    assert not is_signed_in(client)
    give(client, codes[1])
    assert not is_signed_in(client)


def test_too_many_wrong_codes_are_not_called_passwords(ada, codes, settings):
    del settings.ACCOUNT_RATE_LIMITS
    client = waiting()
    for _ in range(5):
        assert "This code is wrong or too old." in text_of(give(client, "111111"))
    shown = text_of(give(client, codes[0]))
    assert "Too many wrong attempts. Try again in a few minutes." in shown
    assert not is_signed_in(client)
