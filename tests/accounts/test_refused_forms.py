"""django-allauth's own forms are refused as ours are: the form again, with 422."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.operations.people import create_user

PASSWORD = "long enough for a test"
WRONG = "another one of that length"

SIGNED_OUT = {
    "account_login": {"login": "ada", "password": WRONG},
    "account_reset_password": {"email": "no address"},
}
SIGNED_IN = {
    "account_change_password": {"oldpassword": WRONG, "password1": WRONG, "password2": WRONG},
    "account_reauthenticate": {"password": WRONG},
}


@pytest.fixture
def browser(db):
    cache.clear()
    create_user(OPERATOR, "ada", password=PASSWORD)
    yield Client()
    cache.clear()


def sign_in(browser: Client) -> int:
    form = {"login": "ada", "password": PASSWORD}
    return browser.post(reverse("account_login"), form).status_code


@pytest.mark.parametrize("page", SIGNED_OUT)
def test_a_form_that_does_not_fit_before_signing_in_is_422(browser, page):
    assert browser.get(reverse(page)).status_code == 200
    assert browser.post(reverse(page), SIGNED_OUT[page]).status_code == 422


@pytest.mark.parametrize("page", SIGNED_IN)
def test_a_form_that_does_not_fit_is_422(browser, page):
    assert sign_in(browser) == 302
    assert browser.get(reverse(page)).status_code == 200
    answer = browser.post(reverse(page), SIGNED_IN[page])
    assert answer.status_code == 422
    assert "<form" in answer.content.decode()


def test_a_form_that_fits_goes_on(browser):
    assert sign_in(browser) == 302
