"""A link for a new password ends with what it rests on."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.organizations import remove_from_organization, set_organization_role
from accounts.operations.people import (
    create_user,
    deactivate_user,
    edit_user,
    reactivate_user,
)
from accounts.operations.reset_links import create_reset_link
from registries.operations.members import add_member
from registries.roles import Role
from tests.accounts.sign_in.test_passwords import OTHER, fresh_limits, is_signed_in
from tests.personas import caller_of, person

__all__ = ["fresh_limits"]


@pytest.fixture
def maker(organization, org_admin) -> User:
    return person("maker", organization, "admin")


def opens(path: str, user: User) -> bool:
    """Whether whoever has the link chooses a password and is signed in."""
    client = Client()
    page = client.get(path, follow=True)
    if page.redirect_chain:
        form = {"password1": OTHER, "password2": OTHER}
        client.post(page.redirect_chain[-1][0], form)
    user.refresh_from_db()
    assert user.check_password(OTHER) is is_signed_in(client)
    return user.check_password(OTHER)


def test_a_link_an_admin_hands_out_works_while_they_are_one(maker, viewer):
    assert opens(create_reset_link(caller_of(maker), viewer), viewer)


def removed(organization, maker):
    remove_from_organization(OPERATOR, organization, maker)


def stepped_down(organization, maker):
    set_organization_role(OPERATOR, organization, maker, "member")


def deactivated(organization, maker):
    deactivate_user(OPERATOR, maker)


@pytest.mark.parametrize("ended", [removed, stepped_down, deactivated])
@pytest.mark.parametrize("is_admin_again", [False, True])
def test_a_link_ends_with_the_right_of_the_admin_who_handed_it_out(
    organization, maker, viewer, ended, is_admin_again
):
    path = create_reset_link(caller_of(maker), viewer)
    ended(organization, maker)
    if is_admin_again:
        reactivate_user(OPERATOR, maker)
        set_organization_role(OPERATOR, organization, maker, "admin")
    assert not opens(path, viewer)


def test_a_link_an_admin_handed_out_ends_when_its_person_gets_rights_elsewhere(
    maker, viewer, other_admin
):
    path = create_reset_link(caller_of(maker), viewer)
    registry = other_admin.organizations.get().registries.get(name="Model")
    add_member(caller_of(other_admin), registry, viewer, Role.RESTRICTED_VIEWER)
    assert not opens(path, viewer)


def test_the_number_of_the_admin_cannot_be_left_out_or_changed(maker, org_admin, viewer):
    path = create_reset_link(caller_of(maker), viewer)
    bare, _, number = path.rpartition(".")
    assert int(number, 36) == maker.pk
    for other in (bare, f"{bare}.", f"{bare}.{org_admin.pk}", f"{bare}.{'z' * 13}", f"{path}.1"):
        assert not opens(other, viewer)
    assert opens(path, viewer)


@pytest.mark.parametrize("by_an_admin", [True, False])
def test_a_link_ends_when_its_person_becomes_staff(maker, viewer, by_an_admin):
    path = create_reset_link(caller_of(maker) if by_an_admin else OPERATOR, viewer)
    edit_user(OPERATOR, viewer, is_staff=True)
    assert not opens(path, viewer)


@pytest.mark.parametrize("is_active_again", [False, True])
def test_a_link_ends_with_a_deactivation_for_good(db, is_active_again):
    ada = create_user(OPERATOR, "ada")
    path = create_reset_link(OPERATOR, ada)
    deactivate_user(OPERATOR, ada)
    if is_active_again:
        reactivate_user(OPERATOR, ada)
    assert not opens(path, ada)
    if is_active_again:
        assert opens(create_reset_link(OPERATOR, ada), ada)
