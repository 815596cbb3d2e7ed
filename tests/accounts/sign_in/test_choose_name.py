"""Choosing a name after single sign-on, where something comes in between."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import Entity, User
from tests.accounts.sign_in.test_openid_connect import (
    choose_name,
    come_back,
    newcomers_are_let_in,
    provider,
    signed_in_as,
)
from tests.registries.views.pages import Page

__all__ = ["newcomers_are_let_in", "provider"]

pytestmark = pytest.mark.usefixtures("provider", "newcomers_are_let_in")


@contextmanager
def taken_at_the_last_moment(name: str):
    """By somebody else, after it was seen to be free."""

    def take(**_):
        pre_save.disconnect(take, sender=Entity)
        Entity.objects.create(name=name, kind=Entity.Kind.PERSON)

    pre_save.connect(take, sender=Entity)
    try:
        yield
    finally:
        pre_save.disconnect(take, sender=Entity)


def test_who_chooses_a_name_a_moment_too_late_chooses_another():
    client = Client()
    come_back(client)
    with taken_at_the_last_moment("ada"):
        page = Page(choose_name(client, "ada"))
    assert page.status == 422
    assert page.errors()["username"] == "The name “ada” is taken. Choose another."
    assert not User.objects.exists()
    assert choose_name(client, "lovelace").status_code == 302
    assert signed_in_as(client) == "lovelace"


def test_who_chooses_names_in_two_browsers_is_one_person():
    first, second = Client(), Client()
    come_back(first)
    come_back(second)
    choose_name(first, "ada")
    page = Page(choose_name(second, "lovelace"))
    assert page.status == 422
    assert "You have an account here already." in page.text
    assert User.objects.get().username == "ada"
    assert signed_in_as(second) is None
    come_back(second)
    assert signed_in_as(second) == "ada"
