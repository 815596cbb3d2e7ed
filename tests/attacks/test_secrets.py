"""What is secret is told once to its owner and never again, to nobody and in no place."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import ApiKey, SignInLink
from accounts.operations.api_keys import create_api_key
from accounts.operations.people import edit_user
from accounts.operations.sign_in_links import create_sign_in_link
from tests.refusals import everything

PASSWORD = "canary of a password"


@pytest.fixture
def canaries(org_admin) -> dict[str, str]:
    """One secret of each kind, all of the same person."""
    edit_user(OPERATOR, org_admin, password=PASSWORD)
    return {
        "password": PASSWORD,
        "key": create_api_key(OPERATOR, org_admin)[1],
        "link": create_sign_in_link(OPERATOR, org_admin),
        "server": settings.SECRET_KEY,
    }


def test_no_secret_stands_in_the_database(canaries):
    rows = str(everything())
    assert not [kind for kind, secret in canaries.items() if secret in rows]


def test_no_secret_stands_in_what_a_row_says_of_itself(canaries):
    said = "".join(
        repr(row) + str(row) for row in (*ApiKey.objects.all(), *SignInLink.objects.all())
    )
    assert not [kind for kind, secret in canaries.items() if secret in said]


def test_no_secret_is_logged_or_shown_even_when_the_server_fails(canaries, caplog):
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    link = reverse("sign-in-link", kwargs={"token": canaries["link"]})
    bearer = {"Authorization": f"Bearer {canaries['key']}"}
    with connection.execute_wrapper(_fail):
        answers = [
            client.post("/accounts/login/", {"login": "org-admin", "password": PASSWORD}),
            client.post(link),
            client.get("/orgs/smle-reg/search", {"q": "a"}, headers=bearer),
            client.post(
                "/graphql", '{"query": "{ viewer { id } }"}', "application/json", headers=bearer
            ),
        ]
    assert [answer.status_code for answer in answers].count(500) >= 3
    assert "of the test" in caplog.text
    # Django's own log of the failure names the address; a link is spent by the visit it leads to.
    told = caplog.text.replace(link, "") + "".join(answer.content.decode() for answer in answers)
    assert not [kind for kind, secret in canaries.items() if secret in told]


def _fail(*arguments: object) -> None:
    raise RuntimeError("of the test")


def test_a_key_in_an_address_is_no_key(canaries, org_admin):
    for name in ("api_key", "key", "token", "access_token"):
        answer = Client().post(
            "/graphql",
            '{"query": "{ viewer { id } }"}',
            content_type="application/json",
            query_params={name: canaries["key"]},
        )
        assert answer.status_code == 401
