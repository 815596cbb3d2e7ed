"""Signing in by OpenID Connect, with a provider that runs."""

from __future__ import annotations

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from environ import Env

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import User
from accounts.operations.people import create_user, deactivate_user, edit_profile
from registry_site.sign_in_providers import providers
from tests.accounts.sign_in.openid_provider import CLIENT, SECRET, Provider, running
from tests.registries.views.pages import Page

PASSWORD = "long enough for a test"
ADA = {
    "sub": "42",
    "preferred_username": "ada",
    "email": "ada@example.org",
    "email_verified": True,
}


@pytest.fixture
def provider(settings, monkeypatch, db):
    cache.clear()
    with running() as provider:
        provider.person = dict(ADA)
        monkeypatch.setenv("WAYMARK_OIDC_URL", provider.url)
        monkeypatch.setenv("WAYMARK_OIDC_NAME", "Zoo login")
        monkeypatch.setenv("WAYMARK_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("WAYMARK_OIDC_CLIENT_SECRET", SECRET)
        settings.SOCIALACCOUNT_PROVIDERS = providers(Env()).settings
        yield provider


@pytest.fixture
def newcomers_are_let_in(settings):
    settings.WAYMARK_OIDC_SIGN_UP = True


def begin(client: Client, process: str = "login") -> str:
    """Where the provider is asked."""
    address = reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    answer = client.post(f"{address}?process={process}")
    assert answer.status_code == 302
    return answer.headers["Location"]


def agreed(address: str) -> str:
    """The way back to our site, as a browser is sent it by the provider."""
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)) as browser:
        browser.request("GET", f"{parts.path}?{parts.query}")
        back = urlsplit(browser.getresponse().headers["Location"])
    assert back.netloc == "testserver"
    return f"{back.path}?{back.query}"


def come_back(client: Client, process: str = "login") -> HttpResponse:
    return client.get(agreed(begin(client, process)), follow=True)


def signed_in_as(client: Client) -> str | None:
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).username if number else None


def choose_name(client: Client, name: str) -> HttpResponse:
    return client.post(reverse("socialaccount_signup"), {"username": name})


def test_nobody_new_comes_in_where_people_are_invited(provider):
    client = Client()
    answer = come_back(client)
    assert answer.status_code == 403
    assert "invitation" in Page(answer).text
    assert signed_in_as(client) is None
    assert not User.objects.exists()


@pytest.mark.usefixtures("newcomers_are_let_in")
def test_somebody_new_chooses_a_name_and_is_known_the_next_time(provider):
    client = Client()
    page = come_back(client)
    assert page.redirect_chain[-1][0] == reverse("socialaccount_signup")
    assert not User.objects.exists()
    assert choose_name(client, "ada").status_code == 302
    assert signed_in_as(client) == "ada"
    person = User.objects.get()
    assert (person.email, person.has_usable_password()) == ("ada@example.org", False)
    again = Client()
    come_back(again)
    assert signed_in_as(again) == "ada"
    assert User.objects.count() == 1


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("name", ["grace", "gr ace", ""])
def test_a_name_that_is_taken_or_none_makes_nobody(provider, name):
    create_user(OPERATOR, "grace")
    client = Client()
    come_back(client)
    answer = choose_name(client, name)
    assert answer.status_code == 422
    assert signed_in_as(client) is None
    assert User.objects.count() == 1


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("is_verified", [True, False])
def test_the_same_address_takes_nobody_over(provider, is_verified):
    create_user(OPERATOR, "grace", email="ada@example.org", password=PASSWORD)
    provider.person["email_verified"] = is_verified
    client = Client()
    come_back(client)
    assert signed_in_as(client) is None
    choose_name(client, "ada")
    assert signed_in_as(client) == "ada"
    assert User.objects.get(username="ada").email == ""
    grace = User.objects.get(username="grace")
    assert (grace.email, grace.check_password(PASSWORD)) == ("ada@example.org", True)


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize(
    ("is_verified", "whose"),
    [
        (True, "ada"),
        ("true", "ada"),
        (False, "grace"),
        ("false", "grace"),
        ("yes", "grace"),
        (1, "grace"),
        (None, "grace"),
    ],
)
def test_an_address_that_is_only_claimed_goes_to_whom_the_provider_vouches_for(
    provider, is_verified, whose
):
    grace = create_user(OPERATOR, "grace")
    edit_profile(Caller(grace, Way.WEB), grace, email="ada@example.org")
    provider.person["email_verified"] = is_verified
    client = Client()
    come_back(client)
    choose_name(client, "ada")
    assert signed_in_as(client) == "ada"
    assert User.objects.get(email="ada@example.org").username == whose


def test_where_people_are_invited_the_same_address_opens_nothing(provider):
    create_user(OPERATOR, "grace", email="ada@example.org", password=PASSWORD)
    client = Client()
    assert come_back(client).status_code == 403
    assert signed_in_as(client) is None


def with_password(name: str) -> Client:
    client = Client()
    form = {"login": name, "password": PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302
    return client


def connect(name: str) -> HttpResponse:
    """Somebody who is here already connects the account of the provider."""
    return come_back(with_password(name), "connect")


def test_who_is_here_already_connects_and_signs_in_by_it(provider):
    create_user(OPERATOR, "grace", password=PASSWORD)
    connect("grace")
    client = Client()
    come_back(client)
    assert signed_in_as(client) == "grace"
    assert User.objects.count() == 1


def test_a_deactivated_person_stays_outside(provider):
    person = create_user(OPERATOR, "grace", password=PASSWORD)
    connect("grace")
    deactivate_user(OPERATOR, person)
    client = Client()
    answer = come_back(client)
    assert "not active" in Page(answer).text
    assert signed_in_as(client) is None
    assert client.get(reverse("account")).status_code == 302


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize(
    "other", [{"aud": "another site"}, {"iss": "https://evil.example"}, {"exp": 1}]
)
def test_a_token_for_another_site_of_another_provider_or_of_yesterday_is_none(provider, other):
    provider.other = other
    client = Client()
    answer = come_back(client)
    assert answer.status_code == 401
    assert choose_name(client, "ada").status_code == 302
    assert signed_in_as(client) is None
    assert not User.objects.exists()


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("subject", [None, "", "  ", 42, ["42"], {}, True, "4\x002", "4" * 192])
def test_who_the_provider_does_not_name_is_nobody(provider, subject):
    provider.person["sub"] = subject
    client = Client()
    answer = come_back(client)
    assert answer.status_code == 401
    assert "Signing in did not work" in Page(answer).text
    assert choose_name(client, "ada").headers["Location"] == reverse("account_login")
    assert not User.objects.exists()


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("told", [5, ["ada@example.org"], {"a": 1}, None, "", "a\x00b", "a\ud800b"])
@pytest.mark.parametrize("claim", ["email", "preferred_username", "name", "picture", "a\x00b"])
def test_claims_that_are_no_text_are_none(provider, claim, told):
    provider.person[claim] = told
    client = Client()
    assert come_back(client).status_code == 200
    assert choose_name(client, "grace").status_code == 302
    assert signed_in_as(client) == "grace"
    assert User.objects.get().email == ("" if claim == "email" else "ada@example.org")


@pytest.mark.usefixtures("newcomers_are_let_in")
def test_the_longest_name_of_somebody_at_a_provider_is_known_the_next_time(provider):
    provider.person["sub"] = "4" * 191
    client, again = Client(), Client()
    come_back(client)
    choose_name(client, "ada")
    come_back(again)
    assert signed_in_as(again) == "ada"


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("email", [f"a@{'b.' * 130}org", "ada@example.org\u202e"])
def test_who_has_an_address_nobody_could_have_here_comes_without_one(provider, email):
    provider.person["email"] = email
    client = Client()
    come_back(client)
    choose_name(client, "ada")
    assert signed_in_as(client) == "ada"
    assert User.objects.get().email == ""


@pytest.mark.usefixtures("newcomers_are_let_in")
def test_a_way_back_that_another_browser_began_signs_nobody_in(provider):
    way_back = agreed(begin(Client()))
    victim = Client()
    assert victim.get(way_back, follow=True).status_code == 401
    assert signed_in_as(victim) is None


@pytest.mark.usefixtures("newcomers_are_let_in")
def test_a_code_works_once_and_in_the_browser_that_asked_for_it(provider: Provider):
    thief, owner = Client(), Client()
    code = agreed(begin(owner)).partition("code=")[2].partition("&")[0]
    own = agreed(begin(thief))
    taken = own.replace(own.partition("code=")[2].partition("&")[0], code)
    assert thief.get(taken, follow=True).status_code == 401
    assert provider.refusals == ["token"]
    assert signed_in_as(thief) is None


@pytest.mark.usefixtures("newcomers_are_let_in")
@pytest.mark.parametrize("is_verified", [True, False])
def test_an_address_is_confirmed_where_the_provider_has_confirmed_it(provider, is_verified):
    provider.person["email_verified"] = is_verified
    client = Client()
    come_back(client)
    choose_name(client, "ada")
    assert User.objects.get().email_is_verified is is_verified
