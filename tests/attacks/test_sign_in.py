"""Getting in without being somebody, or learning who is somebody."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.callers import OPERATOR
from accounts.operations.people import create_user, edit_user

PASSWORD = "long enough for a test"
LOGIN = "/accounts/login/"
CHANCES = 12
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada(db):
    return create_user(OPERATOR, "ada", password=PASSWORD)


def attempt(name: str, password: str, client: Client | None = None):
    return (client or Client()).post(LOGIN, {"login": name, "password": password})


def test_after_some_wrong_passwords_the_right_one_does_not_help_for_a_while(ada):
    for number in range(CHANCES):
        attempt("ada", f"guess {number}")
    assert attempt("ada", PASSWORD).status_code != 302


def test_who_tries_many_names_is_stopped_by_the_address_they_come_from(ada):
    answers = [attempt(f"name-{number}", "guess").status_code for number in range(40)]
    assert 429 in answers or attempt("ada", PASSWORD).status_code != 302


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(ada):
    known, unknown = attempt("ada", "guess"), attempt("eve", "guess")
    assert known.status_code == unknown.status_code
    said = [
        TOKEN.sub(b"", answer.content).replace(name, b"")
        for answer, name in ((known, b"ada"), (unknown, b"eve"))
    ]
    assert said[0] == said[1]


def test_signing_in_takes_a_new_session_and_a_new_password_ends_all_others(ada):
    client, other = Client(), Client()
    client.get(LOGIN)
    client.session["planted"] = "before"
    planted = client.session.session_key
    assert attempt("ada", PASSWORD, client).status_code == 302
    assert attempt("ada", PASSWORD, other).status_code == 302
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    edit_user(OPERATOR, ada, password="another one for a test")
    for each in (client, other):
        assert each.get("/").headers["Location"].startswith(LOGIN)


def test_nobody_has_a_default_password(ada):
    somebody = create_user(OPERATOR, "first", is_staff=True)
    for password in ("", "admin", "password", "first", "waymark"):
        assert attempt("first", password).status_code != 302
    assert not somebody.has_usable_password()
