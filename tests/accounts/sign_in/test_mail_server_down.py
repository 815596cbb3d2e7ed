"""A letter that cannot be mailed takes back nothing of what it would have told."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from registry_site import environment
from tests.accounts.sign_in.test_passwords import (
    GOOD,
    OTHER,
    ada,
    fresh_limits,
    sign_in,
    text_of,
)

__all__ = ["ada", "fresh_limits"]

NOBODY_LISTENS = "smtp://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _the_mail_server_is_down(settings):
    for name, value in environment.mail(NOBODY_LISTENS).items():
        setattr(settings, name, value)
    settings.MAIL_IS_SENT = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


@pytest.fixture
def browser(ada) -> Client:
    client = Client(raise_request_exception=False)
    sign_in(client)
    return client


def test_a_password_that_changed_is_said_to_have_changed(ada, browser):
    form = {"oldpassword": GOOD, "password1": OTHER, "password2": OTHER}
    answer = browser.post(reverse("account_change_password"), form)
    assert answer.status_code == 302
    ada.refresh_from_db()
    assert ada.check_password(OTHER)


@pytest.mark.django_db(transaction=True)  # the letter is sent at the commit
def test_who_sets_up_an_app_is_shown_their_recovery_codes(ada, browser):
    confirmation = browser.get(reverse("mfa_activate_totp")).headers["Location"]
    page = browser.post(confirmation, {"password": GOOD}, follow=True)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert answer.status_code == 200
    kept = Authenticator.objects.get(user=ada, type=Authenticator.Type.RECOVERY_CODES)
    assert all(code in text_of(answer) for code in kept.wrap().get_unused_codes())


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_who_forgot_a_password_is_told_the_same_whether_they_are_here(browser, email):
    answer = Client(raise_request_exception=False).post(
        reverse("account_reset_password"), {"email": email}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("account_reset_password_done")
