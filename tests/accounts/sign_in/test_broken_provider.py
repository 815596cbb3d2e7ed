"""A provider of OpenID Connect that does not answer, or answers nonsense."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from environ import Env

from accounts.models import User
from registry_site.sign_in_providers import providers
from tests.accounts.sign_in.openid_provider import Provider
from tests.accounts.sign_in.test_openid_connect import (
    agreed,
    begin,
    choose_name,
    come_back,
    newcomers_are_let_in,
    provider,
    signed_in_as,
)
from tests.registries.views.pages import Page

__all__ = ["newcomers_are_let_in", "provider"]

LOGIN = "/accounts/oidc/oidc/login/"
NOBODY_LISTENS = "http://127.0.0.1:9"


def did_not_work(answer, status: int) -> bool:
    return answer.status_code == status and "Signing in did not work" in Page(answer).text


def test_the_button_of_a_provider_that_cannot_be_reached_says_so(provider, settings, monkeypatch):
    for address in (NOBODY_LISTENS, f"{provider.url}/nothing"):
        monkeypatch.setenv("WAYMARK_OIDC_URL", address)
        settings.SOCIALACCOUNT_PROVIDERS = providers(Env()).settings
        assert did_not_work(Client().post(LOGIN), 502)


@pytest.mark.parametrize(
    "told",
    [
        "nonsense",
        ["nonsense"],
        5,
        {"issuer": "https://other.example"},
        {"authorization_endpoint": None, "token_endpoint": 5, "userinfo_endpoint": []},
        dict.fromkeys(
            ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"], "javascript:alert()"
        ),
    ],
)
def test_the_button_of_a_provider_that_tells_nonsense_says_so(provider, told):
    provider.told = {"/.well-known/openid-configuration": told}
    assert did_not_work(Client().post(LOGIN), 502)


def test_a_provider_that_breaks_on_the_way_back_signs_nobody_in(provider):
    client = Client()
    way_back = agreed(begin(client))
    provider.told = {"/.well-known/openid-configuration": "nonsense"}
    assert did_not_work(client.get(way_back), 502)


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/token", "nonsense"),
        ("/token", ["access_token"]),
        ("/token", 5),
        ("/token", {"access_token": 5}),
        ("/token", {"access_token": "x", "id_token": 5}),
        ("/token", {"access_token": "x", "id_token": "a.b.c", "token_type": "bearer"}),
        ("/userinfo", {"name": "Ada"}),
    ],
)
def test_nonsense_instead_of_a_person_signs_nobody_in(provider: Provider, path, told):
    provider.told = {path: told}
    client = Client()
    assert did_not_work(client.get(agreed(begin(client)), follow=True), 401)
    assert not User.objects.exists()


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("told", ["nonsense", ["nonsense"], 5, {}])
def test_without_further_claims_those_of_the_token_count(provider, told):
    provider.told = {"/userinfo": told}
    client = Client()
    come_back(client)
    choose_name(client, "ada")
    assert User.objects.get().email == "ada@example.org"
    assert signed_in_as(client) == "ada"


@pytest.mark.parametrize("name", ["nobody", "a%00b", "%2e%2e", "OIDC"])
def test_no_other_provider_has_an_address(provider, name):
    for rest in ("login/", "login/callback/"):
        assert Client().get(f"/accounts/oidc/{name}/{rest}").status_code == 404
    assert reverse("openid_connect_login", kwargs={"provider_id": "oidc"}) == LOGIN
