"""An address that was somebody's once opens nothing: the one in the profile alone counts."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.emails import create_email_link, verify_email
from accounts.operations.people import create_user, edit_profile
from accounts.operations.reset_links import create_reset_link
from tests.accounts.sign_in.test_openid_connect import choose_name, come_back, provider
from tests.accounts.sign_in.test_passwords import (
    GOOD,
    OTHER,
    ada,
    fresh_limits,
    is_signed_in,
    sign_in,
)
from tests.personas import caller_of

__all__ = ["ada", "fresh_limits", "provider"]

OLD, NEW = "ada@example.org", "ada@zoo.example"


@pytest.fixture(autouse=True)
def mail_is_sent(settings):
    settings.MAIL_IS_SENT = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.ACCOUNT_RATE_LIMITS = False


def letters_of_a_reset(address: str) -> list[tuple[list[str], bool]]:
    """To whom letters go when somebody asks, and whether a link is in them."""
    before = len(mail.outbox)
    Client().post(reverse("account_reset_password"), {"email": address})
    link = reverse("account_reset_password") + "1"
    link = reverse("account_reset_password")
    return [(one.to, link in one.body) for one in mail.outbox[before:]]


def change_address(user: User, address: str = NEW) -> None:
    edit_profile(caller_of(user), user, email=address)
    verify_email(create_email_link(caller_of(user), user).rsplit("/", 1)[-1])


@pytest.mark.parametrize("how", ["asked for by mail", "handed out"])
def test_after_a_reset_an_old_address_resets_and_signs_in_nobody(ada, how):
    if how == "handed out":
        create_reset_link(OPERATOR, ada)
    else:
        assert letters_of_a_reset(OLD) == [([OLD], True)]
    change_address(ada)
    assert letters_of_a_reset(OLD) == [([OLD], False)]
    assert letters_of_a_reset(NEW) == [([NEW], True)]
    client = Client()
    sign_in(client, OLD)
    assert not is_signed_in(client)
    sign_in(client, NEW)
    assert is_signed_in(client)


def test_a_link_to_an_old_address_ends_with_it(ada):
    letters_of_a_reset(OLD)
    path = next(line for line in mail.outbox[-1].body.splitlines() if "/reset/" in line)
    path = path[path.index("/accounts/") :]
    change_address(ada)
    page = Client().get(path, follow=True)
    assert not page.redirect_chain


def test_who_only_claimed_an_address_shares_in_no_reset_of_whose_it_is(db):
    claimer = create_user(OPERATOR, "claimer", password=OTHER)
    edit_profile(caller_of(claimer), claimer, email=OLD)
    letters_of_a_reset(OLD)
    create_user(OPERATOR, "ada", email=OLD, password=GOOD)
    mail.outbox.clear()
    assert letters_of_a_reset(OLD) == [([OLD], True)]
    assert "claimer" not in mail.outbox[0].body


def test_somebody_new_from_a_provider_is_written_to_at_the_address_of_their_profile(
    provider, settings
):
    settings.WAYMARK_OIDC_SIGN_UP = True
    client = Client()
    come_back(client)
    choose_name(client, "ada")
    change_address(User.objects.get())
    mail.outbox.clear()
    client.post(reverse("account_set_password"), {"password1": GOOD, "password2": GOOD})
    assert [one.to for one in mail.outbox] == [[NEW]]
    cache.clear()
    assert letters_of_a_reset(OLD) == [([OLD], False)]


def test_no_second_list_of_addresses_comes_to_be(ada, provider, settings):
    settings.WAYMARK_OIDC_SIGN_UP = True
    letters_of_a_reset(OLD)
    create_reset_link(OPERATOR, ada)
    client = Client()
    provider.person["email"] = "grace@example.org"
    come_back(client)
    choose_name(client, "grace")
    assert User.objects.get(username="grace").email == "grace@example.org"
    assert not EmailAddress.objects.exists()
