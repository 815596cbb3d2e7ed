"""An address names somebody where rights are given once it was found to be theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid
from accounts.models import User
from accounts.operations.emails import create_email_link, verify_email
from accounts.operations.invitations import invite as make_invitation
from accounts.operations.invitations import invite_to_team, join_as_somebody_new
from accounts.operations.people import (
    create_user,
    deactivate_user,
    edit_profile,
    edit_user,
    reactivate_user,
)
from registries.operations.members import find_grantee
from tests.personas import caller_of, person
from tests.refusals import refused
from tests.registries.views.pages import Page

ADDRESS = "mira@example.org"
PASSWORD = "long enough for a test"
ADDRESSES = [ADDRESS, "known@example.org", "nobody@example.org"]


@pytest.fixture
def pretender(organization):
    """In the organization, and says of themselves to have an address that is not theirs."""
    user = person("pretender", organization)
    edit_profile(caller_of(user), user, email=ADDRESS)
    return user


def token_of(user: User) -> str:
    return create_email_link(caller_of(user), user).rpartition("/")[2]


def test_an_address_somebody_only_claims_gives_them_no_role_in_a_registry(registry, pretender):
    with refused(Invalid, "nobody"):
        find_grantee(registry, ADDRESS)
    assert find_grantee(registry, "pretender") == pretender


@pytest.mark.parametrize(
    "address",
    ["a" * 243 + "@example.org", "mira@\ud800.org", '"\x01"@b.org'],
    ids=["too long", "half a character", "control character"],
)
def test_what_no_database_keeps_or_nobody_reads_is_no_address(organization, viewer, address):
    by = caller_of(viewer)
    with refused(Invalid, "email"):
        edit_profile(by, viewer, email=address)
    with refused(Invalid, "email"):
        make_invitation(OPERATOR, organization, email=address)
    with refused(Invalid, "email"):
        create_user(OPERATOR, "mira", email=address)


def test_nor_does_it_take_them_into_a_team(org_admin, team, pretender):
    membership, token = invite_to_team(caller_of(org_admin), team, ADDRESS)
    assert membership is None
    assert token
    assert not team.memberships.filter(user=pretender).exists()


def test_nor_does_an_address_written_beside_an_invitation(organization, registry):
    _, token = make_invitation(OPERATOR, organization, email=ADDRESS)
    join_as_somebody_new(token, "newcomer", PASSWORD, email=ADDRESS)
    with refused(Invalid, "nobody"):
        find_grantee(registry, ADDRESS)


def test_the_operator_vouches_for_an_address(registry):
    mira = create_user(OPERATOR, "mira", email=ADDRESS)
    assert find_grantee(registry, ADDRESS.upper()) == mira
    edit_profile(caller_of(mira), mira, email="else@example.org")
    with refused(Invalid, "nobody"):
        find_grantee(registry, "else@example.org")
    edit_user(OPERATOR, mira, email="new@example.org")
    assert find_grantee(registry, "new@example.org") == mira


def test_a_profile_saved_again_in_another_case_stays_confirmed(registry):
    mira = create_user(OPERATOR, "mira", email=ADDRESS)
    edit_profile(caller_of(mira), mira, email=ADDRESS.upper())
    assert find_grantee(registry, ADDRESS) == mira


def test_a_letter_asks_and_its_link_confirms(registry, viewer, settings):
    settings.MAIL_IS_SENT = True
    client = Client()
    client.force_login(viewer)
    client.post(reverse("profile"), {"full_name": "Vera", "email": ADDRESS})
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    path = re.search(r"http://testserver(/\S+)", letter.body)
    assert path
    stranger = Client()
    assert ADDRESS in stranger.get(path.group(1)).content.decode()
    with refused(Invalid, "nobody"):
        find_grantee(registry, ADDRESS)
    assert stranger.post(path.group(1)).status_code == 200
    assert find_grantee(registry, ADDRESS) == viewer
    client.post(reverse("profile"), {"full_name": "Vera V.", "email": ADDRESS})
    assert len(mail.outbox) == 1


def test_a_link_ends_with_its_time_its_address_and_its_person(viewer):
    by = caller_of(viewer)
    edit_profile(by, viewer, email=ADDRESS)
    old = token_of(viewer)
    edit_profile(by, viewer, email="else@example.org")
    with refused(Invalid, "email_link"):
        verify_email(old)
    edit_profile(by, viewer, email=ADDRESS)
    with time_machine.travel(timezone.now() + timedelta(days=4)), refused(Invalid, "email_link"):
        verify_email(old)
    deactivate_user(OPERATOR, viewer)
    with refused(Invalid, "email_link"):
        verify_email(old)
    viewer.refresh_from_db()
    assert viewer.email_is_verified is False


def test_a_link_from_before_a_deactivation_confirms_nothing_after_it(viewer):
    edit_profile(caller_of(viewer), viewer, email=ADDRESS)
    old = token_of(viewer)
    deactivate_user(OPERATOR, viewer)
    reactivate_user(OPERATOR, viewer)
    with refused(Invalid, "email_link"):
        verify_email(old)
    viewer.refresh_from_db()
    assert viewer.email_is_verified is False
    assert verify_email(token_of(viewer)).email_is_verified is True


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: t * 2]
)
def test_an_altered_link_confirms_nothing(viewer, change):
    edit_profile(caller_of(viewer), viewer, email=ADDRESS)
    with refused(Invalid, "email_link"):
        verify_email(change(token_of(viewer)))


def test_nobody_without_an_address_confirms_one(viewer):
    with refused(Invalid, "email_link"):
        verify_email(token_of(viewer))


def test_who_confirms_an_address_has_it_though_somebody_else_claimed_it_first(
    registry, pretender, viewer, settings
):
    settings.MAIL_IS_SENT = True
    client = Client()
    client.force_login(viewer)
    answer = client.post(reverse("profile"), {"full_name": "Vera", "email": "Mira@example.org"})
    assert answer.status_code == 303
    viewer.refresh_from_db()
    assert (viewer.full_name, viewer.email) == ("Vera", "")
    [letter] = mail.outbox
    assert letter.to == ["Mira@example.org"]
    path = re.search(r"http://testserver(/\S+)", letter.body)
    assert path
    pretender.refresh_from_db()
    assert pretender.email == ADDRESS
    assert client.post(path.group(1)).status_code == 200
    pretender.refresh_from_db()
    assert pretender.email == ""
    assert find_grantee(registry, ADDRESS) == viewer


def test_an_address_that_somebody_confirmed_stays_theirs(viewer, settings):
    settings.MAIL_IS_SENT = True
    mira = create_user(OPERATOR, "mira", email=ADDRESS)
    client = Client()
    client.force_login(viewer)
    answer = client.post(reverse("profile"), {"full_name": "Vera", "email": ADDRESS})
    assert answer.status_code == 409
    assert not mail.outbox
    with refused(Conflict, "email_taken"):
        create_email_link(caller_of(viewer), viewer, ADDRESS)
    mira.refresh_from_db()
    assert mira.email == ADDRESS


def test_two_who_ask_for_one_address_are_told_apart_by_who_confirms_first(pretender, viewer):
    links = [create_email_link(caller_of(user), user, ADDRESS) for user in (pretender, viewer)]
    first, second = (link.rpartition("/")[2] for link in links)
    assert verify_email(second) == viewer
    with refused(Invalid, "email_link"):
        verify_email(first)


@pytest.fixture(params=["by invitation", "where accounts are open"])
def newcomers(request, organization, settings):
    """`newcomers(name, email)`: what somebody who makes an account is answered, and sees then."""
    settings.MAIL_IS_SENT = settings.WAYMARK_OPEN_SIGN_UP = True

    def make(name: str, email: str) -> tuple[int, str, str]:
        address = reverse("account_signup")
        if request.param == "by invitation":
            _, token = make_invitation(OPERATOR, organization)
            address = reverse("accept-invitation", args=[token])
        client = Client()
        answer = client.post(address, {"name": name, "email": email, "password": PASSWORD})
        if answer.status_code != 302:
            return answer.status_code, "", ""
        landed = client.get(answer["Location"]).content.decode()
        said = re.findall(r'toast__text">([^<]+)', landed)
        shown = Page(client.get(reverse("account"))).values("email")
        return answer.status_code, "".join(said), "".join(shown)

    return make


def test_who_signs_up_is_answered_the_same_whoever_has_the_address(newcomers, pretender):
    create_user(OPERATOR, "owner", email="known@example.org")
    answers = {
        newcomers(f"newcomer-{number}", email)[0::2] for number, email in enumerate(ADDRESSES)
    }
    assert answers == {(302, "")}
    said = {newcomers(f"other-{n}", email)[1] for n, email in enumerate(ADDRESSES)}
    assert said == {f"A letter to {one} asks you to confirm that it is yours." for one in ADDRESSES}
    assert [letter.to for letter in mail.outbox] == [[email] for email in ADDRESSES] * 2
    pretender.refresh_from_db()
    assert pretender.email == ADDRESS


def test_who_signed_up_and_confirms_an_address_has_it_though_somebody_claimed_it(
    newcomers, pretender
):
    newcomers("mira", ADDRESS)
    mira = User.objects.get(username="mira")
    [letter] = mail.outbox
    path = re.search(r"http://testserver(/\S+)", letter.body)
    assert path
    assert Client().post(path.group(1)).status_code == 200
    mira.refresh_from_db()
    pretender.refresh_from_db()
    assert (mira.email, mira.email_is_verified, pretender.email) == (ADDRESS, True, "")


def test_a_confirmed_address_stays_theirs_and_its_owner_is_told(newcomers):
    owner = create_user(OPERATOR, "owner", email=ADDRESS)
    newcomers("mira", ADDRESS)
    [letter] = mail.outbox
    assert "mira is a new account" in letter.body
    assert "http" not in letter.body
    owner.refresh_from_db()
    assert owner.email == ADDRESS
    assert User.objects.get(username="mira").email == ""


def test_where_no_mail_is_sent_nobody_is_asked_for_an_address(newcomers, settings):
    settings.MAIL_IS_SENT = False
    status, said, shown = newcomers("mira", ADDRESS)
    assert (status, said, shown, mail.outbox) == (302, "", "", [])
    page = Page(Client().get(reverse("account_signup")))
    assert page.values("email") == []


def test_no_address_is_none_and_changes_nothing(newcomers):
    assert newcomers("mira", "nonsense")[0] == 422
    assert not User.objects.filter(username="mira").exists()


def test_whom_the_operator_vouches_for_has_the_address_that_somebody_claimed(pretender):
    mira = create_user(OPERATOR, "mira", email=ADDRESS)
    pretender.refresh_from_db()
    assert (mira.email, pretender.email) == (ADDRESS, "")
    edit_profile(caller_of(pretender), pretender, email="else@example.org")
    edit_user(OPERATOR, mira, email="else@example.org")
    pretender.refresh_from_db()
    assert (mira.email, mira.email_is_verified, pretender.email) == ("else@example.org", True, "")
