from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import NotAllowed, NotFound
from accounts.operations.people import deactivate_user
from accounts.operations.teams import add_to_team
from accounts.permissions import (
    organization_role,
    require_operator,
    require_organization_admin,
    require_self,
    require_team_admin,
)
from tests.personas import caller_of


def test_only_those_who_are_in_it_have_a_role_in_an_organization(
    organization, org_admin, member, org_viewer, guest, other_admin, removed_member
):
    roles = {
        user.username: organization_role(user, organization)
        for user in (org_admin, member, org_viewer, guest, other_admin, removed_member)
    }
    assert roles == {
        "org-admin": "admin",
        "member": "member",
        "org-viewer": "viewer",
        "guest": None,
        "other-admin": None,
        "removed-member": None,
    }


def test_a_deactivated_person_has_no_role(organization, viewer):
    deactivate_user(OPERATOR, viewer)
    assert organization_role(viewer, organization) is None


def test_people_and_organizations_are_the_operators_business(org_admin):
    require_operator(OPERATOR)
    with pytest.raises(NotAllowed):
        require_operator(caller_of(org_admin))


def test_staff_have_no_right_in_an_organization_beyond_their_role(organization, viewer, outsider):
    for user in (viewer, outsider):
        user.is_staff = user.is_superuser = True
        user.save()
    with pytest.raises(NotAllowed):
        require_organization_admin(caller_of(viewer), organization)
    with pytest.raises(NotFound):
        require_organization_admin(caller_of(outsider), organization)


def test_the_operator_and_admins_of_the_organization_may_change_it(organization, org_admin):
    require_organization_admin(OPERATOR, organization)
    require_organization_admin(caller_of(org_admin), organization)


def test_a_team_is_led_by_its_admins_and_those_of_its_organization(
    organization, team, org_admin, member, viewer, outsider
):
    require_team_admin(OPERATOR, team)
    require_team_admin(caller_of(org_admin), team)
    for user in (member, viewer):
        with pytest.raises(NotAllowed):
            require_team_admin(caller_of(user), team)
    with pytest.raises(NotFound):
        require_team_admin(caller_of(outsider), team)
    add_to_team(OPERATOR, team, member, "admin")
    require_team_admin(caller_of(member), team)


def test_a_deactivated_team_admin_leads_nothing(team, member):
    add_to_team(OPERATOR, team, member, "admin")
    deactivate_user(OPERATOR, member)
    with pytest.raises((NotAllowed, NotFound)):
        require_team_admin(caller_of(member), team)


def test_what_is_somebodys_own_is_changed_by_them_and_the_operator_alone(viewer, org_admin):
    require_self(OPERATOR, viewer)
    require_self(caller_of(viewer), viewer)
    with pytest.raises(NotAllowed):
        require_self(caller_of(org_admin), viewer)
