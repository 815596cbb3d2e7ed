from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.callers import OPERATOR
from accounts.models import ApiKey
from accounts.operations.api_keys import create_api_key, user_of_api_key
from accounts.operations.service_accounts import create_service_account
from tests.registries.views.pages import Browser, Page


@pytest.fixture
def browser(member):
    return Browser(member)


def test_a_key_is_shown_once_and_works(browser, member):
    page = browser.post("create-key", {"name": "laptop", "days": "30"})
    secret = page.root.one("code", id="new-key-text").text
    assert user_of_api_key(secret) == member
    again = browser.get("account")
    assert secret not in again.source
    assert "laptop" in again.text
    key = ApiKey.objects.get(name="laptop")
    assert 29 <= (key.expires_at - key.created_at).days <= 30


def test_a_revoked_key_is_gone_from_the_page_and_of_no_use(browser, member):
    key, secret = create_api_key(OPERATOR, member, name="laptop")
    page = browser.follow(browser.post("revoke-key", {"key": key.pk}))
    assert "Key “laptop” revoked." in page.toasts()
    assert "No keys yet." in page.text
    assert user_of_api_key(secret) is None


def test_keys_of_others_are_not_shown_nor_revoked_here(browser, team, org_admin):
    robot = create_service_account(OPERATOR, team, "robot")
    for owner in (org_admin, robot):
        key, secret = create_api_key(OPERATOR, owner, name="not yours")
        assert browser.post("revoke-key", {"key": key.pk}).status == 404
        assert user_of_api_key(secret) == owner
    assert "not yours" not in browser.get("account").text


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"name": "n" * 129, "days": ""}, "name", "at most 128"),
        ({"name": "n", "days": "7000"}, "", "one of the times offered"),
    ],
)
def test_a_bad_key_is_refused_beside_its_field(browser, form, field, sentence):
    page = browser.post("create-key", form)
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert form["name"] in page.values("name")
    assert not ApiKey.objects.exists()


def test_profile_and_default_entity_are_ones_own_to_choose(browser, member, team):
    form = {"full_name": "Ada <b>Lovelace", "email": "ada@example.org"}
    assert "Profile saved." in browser.follow(browser.post("profile", form)).toasts()
    member.refresh_from_db()
    assert member.full_name == "Ada <b>Lovelace"
    browser.post("default-entity", {"default_entity": member.username})
    member.refresh_from_db()
    assert member.default_entity == member.entity


def test_an_address_that_is_taken_is_refused_beside_its_field(browser, member, org_admin):
    Browser(org_admin).post("profile", {"full_name": "", "email": "ada@example.org"})
    page = browser.post("profile", {"full_name": "Ada", "email": "Ada@example.org"})
    assert page.status == 409
    assert "Somebody else uses" in page.errors()["email"]
    assert "Ada" in page.values("full_name")


def test_an_address_too_long_to_keep_is_refused_beside_its_field(browser, member):
    longest = "a" * 61 + "@" + ".".join(["b" * 62] * 3) + ".org"
    assert browser.post("profile", {"full_name": "", "email": longest}).status == 303
    page = browser.post("profile", {"full_name": "", "email": "a" + longest})
    assert page.status == 422
    assert "at most 254 characters" in page.errors()["email"]
    member.refresh_from_db()
    assert member.email == longest


def test_sessions_are_listed_and_ended(member, browser):
    clients = [Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/130.0") for _ in range(3)]
    for client in clients:
        client.force_login(member)
        client.get("/settings")
    page = Browser(member)
    page.client = clients[0]
    assert page.post("end-session", {"session": "others"}).status == 303
    assert clients[0].get("/settings").status_code == 200
    assert [client.get("/settings").status_code for client in clients[1:]] == [302, 302]


def test_a_session_whose_time_is_over_signs_nobody_in(member):
    client = Client()
    client.force_login(member)
    assert client.get("/settings").status_code == 200
    ended = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=ended)
    assert client.get("/settings").status_code == 302
    client.cookies["sessionid"] = "of-nobody-at-all"
    assert client.get("/settings").status_code == 302


def test_no_one_ends_a_session_of_somebody_else(member, browser, org_admin):
    other = Browser(org_admin)
    browser.post("end-session", {"session": "others"})
    browser.post("end-session", {"session": "1"})
    assert other.get("account").status == 200


def keys_on(page: Page) -> list[str]:
    leads = page.root.one(id="key-list").all("span", class_="table__name")
    return [lead.text for lead in leads]


def test_keys_are_narrowed_sorted_and_paged_and_revoking_one_stays_there(browser, member):
    now = timezone.now()
    for number in range(21):
        ends = now + timedelta(days=60 - number)
        create_api_key(OPERATOR, member, name=f"key {number:02}", expires_at=ends)
    create_api_key(OPERATOR, member, name="for ever")
    ApiKey.objects.filter(name="key 07").update(last_used_at=now)
    assert keys_on(browser.get("account"))[:2] == ["for ever", "key 20"]
    assert keys_on(browser.get("account", {"keys": "2"})) == ["key 01", "key 00"]
    assert keys_on(browser.get("account", {"key-sort": "used"}))[:2] == ["key 07", "for ever"]
    assert keys_on(browser.get("account", {"key-sort": "ends"}))[:2] == ["key 20", "key 19"]
    assert keys_on(browser.get("account", {"key-sort": "name"}))[0] == "for ever"
    page = browser.get("account", {"key": "KEY 1", "key-sort": "name"}, part="key-list")
    assert keys_on(page) == [f"key {number}" for number in range(10, 20)]
    prefix = ApiKey.objects.get(name="key 12").prefix
    assert "key 12" in keys_on(browser.get("account", {"key": prefix}))
    address = page.root.one("form").attributes["action"]
    one = ApiKey.objects.get(name="key 10")
    left = browser.follow(Page(browser.client.post(address, {"key": one.pk})))
    assert keys_on(left) == [f"key {number}" for number in range(11, 20)]


def test_keys_of_a_service_account_are_found_as_ones_own(team, org_admin):
    robot = create_service_account(OPERATOR, team, "robot")
    for number in range(30):
        create_api_key(OPERATOR, robot, name=f"job {number:02}")
    at = {"organization": "smle-reg", "team": "smle-reg-team-2", "account": "robot"}
    page = Browser(org_admin).get("service-account", {"key": "job 2", "keys": "9"}, **at)
    assert keys_on(page) == [f"job {number}" for number in range(29, 19, -1)]
    part = Browser(org_admin).get("service-account", {"keys": "2"}, part="key-list", **at)
    assert keys_on(part) == [f"job {number:02}" for number in range(9, -1, -1)]
