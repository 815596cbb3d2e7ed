from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, NotAllowed, NotFound
from accounts.operations.api_keys import create_api_key, revoke_api_key, user_of_api_key
from accounts.operations.people import deactivate_user, reactivate_user
from accounts.operations.service_accounts import adopt_service_account, create_service_account
from accounts.operations.teams import add_to_team, create_team
from artifacts.permissions import ProjectRight, right_in
from registries.permissions import may_create_registry
from tests.personas import caller_of, person
from tests.refusals import refused


def leader_of(team):
    user = person("leader", team.organization)
    add_to_team(OPERATOR, team, user, "admin")
    return caller_of(user)


def test_it_belongs_to_a_team_has_no_password_and_writes_in_its_projects(team):
    robot = create_service_account(leader_of(team), team, "trainer", full_name="Night training")
    assert robot.is_service_account
    assert robot.owner_team == team
    assert not robot.has_usable_password()
    assert robot.default_entity == team.entity
    assert right_in(robot, team.entity) == ProjectRight.WRITE


def test_admins_of_its_team_hand_out_and_revoke_its_keys(team, org_admin):
    leader = leader_of(team)
    robot = create_service_account(leader, team, "trainer")
    key, secret = create_api_key(leader, robot, name="cluster")
    assert user_of_api_key(secret) == robot
    revoke_api_key(leader, key)
    assert user_of_api_key(secret) is None
    assert create_api_key(caller_of(org_admin), robot)
    assert create_api_key(caller_of(robot), robot)


def test_nobody_else_does(team, member, outsider, other_admin):
    robot = create_service_account(OPERATOR, team, "trainer")
    key, _ = create_api_key(OPERATOR, robot)
    with refused(NotAllowed):
        create_api_key(caller_of(member), robot)
    for user in (outsider, other_admin):
        with refused(NotFound):
            create_api_key(caller_of(user), robot)
    for user in (member, outsider, other_admin):
        with refused(NotFound):
            revoke_api_key(caller_of(user), key)


def test_admins_of_its_team_deactivate_it_and_let_it_in_again(team, member):
    leader = leader_of(team)
    robot = create_service_account(leader, team, "trainer")
    _, secret = create_api_key(leader, robot)
    with refused(NotAllowed):
        deactivate_user(caller_of(member), robot)
    deactivate_user(leader, robot)
    assert user_of_api_key(secret) is None
    reactivate_user(leader, robot)
    robot.refresh_from_db()
    assert robot.is_active
    assert user_of_api_key(secret) is None


def test_its_name_is_one_of_the_one_namespace(team):
    with refused(Conflict, "entity_name_taken"):
        create_service_account(OPERATOR, team, team.name.upper())


def test_an_account_of_the_operator_is_given_to_one_team(organization, team, viewer):
    robot = person("robot", organization, team=team, is_service_account=True)
    adopt_service_account(OPERATOR, team, robot)
    assert create_api_key(leader_of(team), robot)
    vision = create_team(OPERATOR, organization, "vision")
    for user in (robot, viewer):
        with refused(Conflict, "not_free"):
            adopt_service_account(OPERATOR, vision, user)


@pytest.mark.parametrize("role", ["viewer", "member", "admin"])
def test_it_gets_no_more_rights_in_the_organization_than_its_maker_has(organization, team, role):
    maker = person("maker", organization, role)
    add_to_team(OPERATOR, team, maker, "admin")
    robot = create_service_account(caller_of(maker), team, "trainer")
    at_most = "viewer" if role == "viewer" else "member"
    assert organization.memberships.get(user=robot).role == at_most
    assert may_create_registry(robot, organization) is (role != "viewer")
    assert right_in(robot, team.entity) == ProjectRight.WRITE


def test_the_operator_makes_it_a_member_of_the_organization(organization, team):
    robot = create_service_account(OPERATOR, team, "trainer")
    assert organization.memberships.get(user=robot).role == "member"
