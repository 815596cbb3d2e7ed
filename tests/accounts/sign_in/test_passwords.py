"""Signing in by name and password, and getting a new one: threats of the entrance."""

from __future__ import annotations

from unittest import mock

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user, deactivate_user, edit_user
from accounts.operations.reset_links import create_reset_link
from registries.operations.members import add_member
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import refused
from tests.registries.views.pages import Page

GOOD, OTHER = "correct horse battery", "staple of another"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada(db):
    return create_user(OPERATOR, "ada", email="ada@example.org", password=GOOD)


def sign_in(client, login="ada", password=GOOD, address="127.0.0.1"):
    form = {"login": login, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address)


def is_signed_in(client) -> bool:
    return client.get(reverse("account")).status_code == 200


def text_of(response) -> str:
    return Page(response).text


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org", "Ada@Example.org", " ada "])
def test_name_and_address_sign_in(ada, login):
    client = Client()
    assert sign_in(client, login).status_code == 302
    assert is_signed_in(client)


def test_signing_in_changes_the_session(ada):
    client = Client()
    client.get(reverse("account_login"))
    before = client.session
    before["kept"] = "by somebody else"
    before.save()
    client.cookies["sessionid"] = before.session_key
    sign_in(client)
    assert client.session.session_key != before.session_key


def test_who_cannot_sign_in_is_told_the_same_as_who_does_not_exist(ada):
    create_user(OPERATOR, "without-password")
    create_user(OPERATOR, "robot", is_service_account=True)
    answers = {
        text_of(sign_in(Client(), login, "wrong password", address))
        for login, address in {
            "ada": "127.0.0.1",
            "nobody": "127.0.0.2",
            "without-password": "127.0.0.3",
            "robot": "127.0.0.4",
        }.items()
    }
    assert len(answers) == 1
    assert "Name and password do not fit together." in answers.pop()


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(ada):
    """Time is not measured: what takes it is counted."""
    create_user(OPERATOR, "without-password")
    counts = {}
    too_long = "x" * 60_000
    for login in (
        "ada",
        "nobody",
        "without-password",
        "nobody@example.org",
        "ada@example.org",
        too_long,
        f"{too_long}@example.org",
    ):
        with mock.patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as encode:
            sign_in(Client(), login, "wrong password")
        counts[login] = encode.call_count
    assert set(counts.values()) == {1}


def test_wrong_passwords_close_the_account_for_a_while_from_any_address(ada):
    for number in range(5):
        sign_in(Client(), password="wrong password", address=f"127.0.1.{number}")
    client = Client()
    answer = sign_in(client, address="127.0.2.1")
    assert "Too many wrong attempts." in text_of(answer)
    assert not is_signed_in(client)


def test_wrong_passwords_close_the_address_for_a_while_for_any_account(ada):
    for number in range(10):
        sign_in(Client(), f"somebody-{number}", "wrong password")
    assert "Too many wrong attempts." in text_of(sign_in(Client()))
    assert sign_in(Client(), address="127.0.0.9").status_code == 302


def test_an_unknown_name_is_closed_after_as_many_attempts(db):
    for number in range(5):
        sign_in(Client(), "nobody", "wrong password", f"127.0.1.{number}")
    assert "Too many wrong attempts." in text_of(sign_in(Client(), "nobody"))


def test_the_limits_are_counted_where_all_processes_see_them():
    assert isinstance(caches["default"], DatabaseCache)


def test_changing_the_password_ends_all_other_sessions(ada):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client)
    form = {"oldpassword": GOOD, "password1": OTHER, "password2": OTHER}
    assert here.post(reverse("account_change_password"), form).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    owners = [row.get_decoded().get("_auth_user_id") for row in Session.objects.all()]
    assert owners.count(str(ada.pk)) == 1
    assert sign_in(Client(), password=OTHER).status_code == 302


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"oldpassword": "wrong", "password1": OTHER, "password2": OTHER}, "not your current"),
        ({"oldpassword": GOOD, "password1": "short", "password2": "short"}, "too short"),
        ({"oldpassword": GOOD, "password1": OTHER, "password2": GOOD}, "same password"),
    ],
)
def test_a_password_that_does_not_fit_changes_nothing(ada, form, sentence):
    client = Client()
    sign_in(client)
    answer = client.post(reverse("account_change_password"), form)
    assert sentence in text_of(answer)
    ada.refresh_from_db()
    assert ada.check_password(GOOD)


def test_a_link_by_mail_leads_to_a_new_password_once(ada, settings):
    settings.WAYMARK_BASE_URL = "https://registry.example.org"
    Client().post(reverse("account_reset_password"), {"email": "ADA@example.org"})
    letter = mail.outbox[0]
    assert letter.to == ["ada@example.org"]
    link = next(line for line in letter.body.splitlines() if line.startswith("https://"))
    path = link.removeprefix("https://registry.example.org")
    client = Client()
    page = client.get(path, follow=True)
    form = {"password1": OTHER, "password2": OTHER}
    client.post(page.redirect_chain[-1][0], form)
    ada.refresh_from_db()
    assert ada.check_password(OTHER)
    again = Client().get(path, follow=True)
    assert "This link has been used or is too old." in text_of(again)


def test_asking_for_a_new_password_tells_nothing_of_who_is_here(ada):
    answers = {
        text_of(Client().post(reverse("account_reset_password"), {"email": email}, follow=True))
        for email in ("ada@example.org", "nobody@example.org")
    }
    assert len(answers) == 1
    # Both get a letter, so that both take as long.
    assert [letter.to for letter in mail.outbox] == [["ada@example.org"], ["nobody@example.org"]]


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_letter_is_promised_only_where_mail_is_sent(db, settings, is_sent):
    settings.MAIL_IS_SENT = is_sent
    page = Page(Client().get(reverse("account_reset_password")))
    assert bool(page.root.all("input", name="email")) is is_sent
    assert ("goes to your e-mail address" in page.text) is is_sent
    assert ("Ask an admin of your organization for a link" in page.text) is not is_sent


def test_after_a_wrong_password_the_next_one_can_be_typed_at_once(ada):
    def focused(response):
        fields = Page(response).root.all("input")
        return [one.attributes["name"] for one in fields if "autofocus" in one.attributes]

    assert focused(Client().get(reverse("account_login"))) == []
    assert focused(sign_in(Client(), password=OTHER)) == ["password"]


@pytest.mark.parametrize("somebody", ["a%00b", "%ff", "1-2", "A", "z" * 14, "é"])
def test_no_link_to_a_new_password_leads_to_somebody_who_has_no_number(db, somebody):
    for key in ("x", "set-password"):
        assert Client().get(f"/accounts/password/reset/{somebody}/{key}").status_code == 404
        assert Client().post(f"/accounts/password/reset/{somebody}/{key}").status_code == 404
    assert Client().get("/accounts/password/reset/zzzzzzzzzzzzz/x").status_code == 200


def test_an_admin_hands_out_a_link_where_no_mail_is_sent(organization, org_admin, viewer):
    path = create_reset_link(caller_of(org_admin), viewer)
    client = Client()
    page = client.get(path, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": OTHER, "password2": OTHER})
    viewer.refresh_from_db()
    assert viewer.check_password(OTHER)


def test_a_link_that_opens_more_than_the_admin_has_a_say_in_is_not_handed_out(
    organization, org_admin, viewer, other_admin, guest
):
    by = caller_of(org_admin)
    set_organization_role(OPERATOR, organization, other_admin, "member")
    with refused(NotAllowed):
        create_reset_link(by, other_admin)
    with refused(NotFound):
        create_reset_link(by, guest)
    elsewhere = other_admin.organizations.exclude(pk=organization.pk).get()
    registry = elsewhere.registries.get(name="Model")
    add_member(caller_of(other_admin), registry, viewer, Role.RESTRICTED_VIEWER)
    with refused(NotAllowed):
        create_reset_link(by, viewer)
    staff = person("staff", organization)
    edit_user(OPERATOR, staff, is_staff=True)
    with refused(NotAllowed):
        create_reset_link(by, staff)
    assert create_reset_link(OPERATOR, staff)


def test_nobody_gets_a_link_who_cannot_sign_in(organization, org_admin, viewer):
    robot = person("robot", organization, is_service_account=True)
    deactivate_user(OPERATOR, viewer)
    for user in (robot, viewer):
        with refused(Invalid, "cannot_sign_in"):
            create_reset_link(caller_of(org_admin), user)


def test_a_new_password_brings_nobody_back_who_was_deactivated_meanwhile(ada):
    chooses = User.objects.get(pk=ada.pk)
    edit_user(OPERATOR, ada, is_staff=True)
    deactivate_user(OPERATOR, ada)
    get_adapter().set_password(chooses, OTHER)
    ada.refresh_from_db()
    assert (ada.is_active, ada.is_staff) == (False, True)
    assert ada.check_password(OTHER)
    assert not is_signed_in((sign_in(again := Client(), password=OTHER), again)[1])


def test_deactivation_shuts_the_door_at_once(ada):
    client = Client()
    sign_in(client)
    deactivate_user(OPERATOR, ada)
    assert not is_signed_in(client)
    assert not is_signed_in((sign_in(again := Client()), again)[1])
