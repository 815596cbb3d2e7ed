from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.operations.organizations import remove_from_organization, set_organization_role
from accounts.operations.people import deactivate_user
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import add_to_team, create_team, delete_team, remove_from_team
from registries.models import Registry
from registries.operations.members import add_member, set_role
from registries.permissions import access_for
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused


def test_a_team_belongs_to_its_organization(organization, org_admin):
    team = create_team(caller_of(org_admin), organization, "vision")
    assert team.organization == organization
    assert team.entity.kind == "team"


def test_the_first_team_joined_becomes_the_default_entity(organization, team, viewer):
    second = create_team(OPERATOR, organization, "second-team")
    add_to_team(OPERATOR, team, viewer)
    add_to_team(OPERATOR, second, viewer)
    viewer.refresh_from_db()
    assert viewer.default_entity == team.entity


def test_taking_in_a_member_of_the_organization_takes_effect_at_once(
    organization, team, registry, org_admin, viewer
):
    add_member(caller_of(org_admin), registry, team, Role.MEMBER)
    assert access_for(viewer, registry).role == Role.VIEWER
    add_to_team(caller_of(org_admin), team, viewer)
    assert access_for(viewer, registry).role == Role.MEMBER


def test_who_is_not_in_the_organization_cannot_be_taken_into_its_team(team, outsider, guest):
    for user in (outsider, guest):
        with refused(NotAllowed):
            add_to_team(OPERATOR, team, user)


def test_joining_again_changes_the_role_alone(team, member):
    add_to_team(OPERATOR, team, member, "admin")
    assert [row.role for row in team.memberships.filter(user=member)] == ["admin"]
    with nothing_changes():
        add_to_team(OPERATOR, team, member, "admin")


@pytest.mark.parametrize("role", ["", "owner", "Member"])
def test_an_unknown_role_in_a_team_is_refused(team, viewer, role):
    with refused(Invalid, "team_role"):
        add_to_team(OPERATOR, team, viewer, role)


def test_leaving_a_team_takes_away_at_once_what_came_through_it(team, registry, project, member):
    assert access_for(member, registry).can_link()
    remove_from_team(OPERATOR, team, member)
    assert access_for(member, registry).role == Role.VIEWER
    assert not access_for(member, project).can_see()


def test_leaving_a_team_makes_oneself_the_default_entity_again(team, member):
    remove_from_team(OPERATOR, team, member)
    member.refresh_from_db()
    assert member.default_entity == member.entity


def test_leaving_a_team_one_is_not_in_changes_nothing(team, viewer):
    with nothing_changes():
        remove_from_team(OPERATOR, team, viewer)


def test_the_last_admin_of_a_registry_by_a_team_cannot_leave_the_team(
    organization, team, org_admin
):
    """The organization has no admin any more; one person is Admin through the team."""
    leader = person("leader", organization, team=team)
    by = caller_of(org_admin)
    for registry in Registry.objects.all():
        add_member(by, registry, team, Role.ADMIN)
    remove_from_organization(OPERATOR, organization, org_admin)
    with refused(Conflict, "last_admin"):
        remove_from_team(OPERATOR, team, leader)
    with refused(Conflict, "last_admin"):
        remove_from_organization(OPERATOR, organization, leader)
    with refused(Conflict, "last_admin"):
        set_role(caller_of(leader), Registry.objects.get(name="Model"), team, Role.MEMBER)
    second = person("second", organization, team=team)
    remove_from_team(OPERATOR, team, leader)
    assert access_for(second, Registry.objects.get(name="Model")).role == Role.ADMIN


def test_an_admin_of_the_organization_is_enough_for_the_last_of_a_team_to_leave(
    organization, team, org_admin
):
    leader = person("leader", organization, team=team)
    for registry in Registry.objects.all():
        add_member(caller_of(org_admin), registry, team, Role.ADMIN)
    remove_from_team(OPERATOR, team, leader)
    with refused(Conflict, "last_admin"):
        set_organization_role(OPERATOR, organization, org_admin, "viewer")


def test_a_team_ends_with_its_memberships_and_grants_and_its_name_is_not_given_again(
    organization, team, registry, org_admin, member
):
    add_member(
        caller_of(org_admin), registry, create_team(OPERATOR, organization, "vision"), Role.ADMIN
    )
    vision = organization.teams.get(name="vision")
    add_to_team(OPERATOR, vision, member)
    delete_team(caller_of(org_admin), vision)
    assert not organization.teams.filter(name="vision").exists()
    assert access_for(member, registry).role == Role.MEMBER
    with refused(Conflict, "entity_name_taken"):
        create_team(OPERATOR, organization, "Vision")


def test_a_team_with_projects_or_service_accounts_stays(organization, team, project, org_admin):
    with refused(Conflict, "team_in_use"):
        delete_team(caller_of(org_admin), team)
    vision = create_team(OPERATOR, organization, "vision")
    robot = create_service_account(OPERATOR, vision, "robot")
    with refused(Conflict, "team_in_use"):
        delete_team(caller_of(org_admin), vision)
    deactivate_user(OPERATOR, robot)
    delete_team(caller_of(org_admin), vision)
    robot.refresh_from_db()
    assert robot.owner_team is None
