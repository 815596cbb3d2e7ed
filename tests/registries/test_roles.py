from __future__ import annotations

import pytest

from registries.roles import GRANTABLE, LOWEST_ROLE, WHO_HAS, Right, Role


def test_roles_are_ordered_from_seeing_to_administering():
    assert sorted(Role) == [
        Role.NONE,
        Role.RESTRICTED_VIEWER,
        Role.VIEWER,
        Role.MEMBER,
        Role.ADMIN,
    ]


def test_a_role_is_written_as_the_sdk_and_as_people_write_it():
    assert [role.codename for role in GRANTABLE] == [
        "restricted_viewer",
        "viewer",
        "member",
        "admin",
    ]
    assert Role.RESTRICTED_VIEWER.label == "Restricted Viewer"


@pytest.mark.parametrize("role", GRANTABLE)
def test_a_role_is_found_by_its_codename(role):
    assert Role.from_codename(role.codename) is role


@pytest.mark.parametrize("codename", ["none", "", "owner", "Admin", "restricted viewer"])
def test_nothing_else_can_be_granted(codename):
    with pytest.raises(ValueError, match="^" + codename):
        Role.from_codename(codename)


def test_every_right_has_a_lowest_role_that_can_be_given_and_words_for_it():
    assert set(LOWEST_ROLE) == set(Right)
    assert set(LOWEST_ROLE.values()) <= set(GRANTABLE)
    assert set(WHO_HAS) == set(GRANTABLE)
