"""What holds for every answer of the site."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.mark.parametrize("address", ["/healthz", LOGIN, "/unknown", "/"])
def test_every_answer_carries_the_strict_policy(client, address):
    headers = client.get(address).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_static_files_carry_the_strict_policy_too(client):
    answer = client.get("/static/css/base.css")
    answer.close()
    assert answer.status_code == 200
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_whoever_is_not_signed_in_is_led_to_signing_in_and_back(client):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{LOGIN}?next=/"


def test_nobody_can_sign_up_unless_the_operator_says_so(client):
    assert client.get("/accounts/signup/").status_code == 403


def test_a_host_that_is_not_allowed_gets_no_answer(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_gets_an_answer(client, name):
    assert client.get("/healthz", headers={"host": f"{name}:8000"}).status_code == 200


def test_a_form_without_its_token_is_refused_with_a_sentence():
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "ada", "password": "x"})
    assert answer.status_code == 403
    assert "This form is out of date." in answer.content.decode()


def test_cookies_are_for_this_site_alone_and_no_script_reads_the_session():
    assert settings.SESSION_COOKIE_HTTPONLY is True
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"


def test_rate_limits_are_counted_where_every_process_sees_them():
    assert isinstance(caches["default"], DatabaseCache)


def test_signing_in_has_one_address():
    assert reverse(settings.LOGIN_URL) == LOGIN
