from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Invitation, User
from accounts.operations.invitations import (
    accept_invitation,
    invite,
    invite_to_team,
    join_as_somebody_new,
    open_invitation,
    revoke_invitation,
)
from accounts.operations.organizations import remove_from_organization, set_organization_role
from accounts.operations.people import deactivate_user, reactivate_user
from accounts.operations.teams import add_to_team
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
GOOD = "correct horse battery"


def test_somebody_new_makes_an_account_by_the_link_and_is_in(organization, team, org_admin):
    _, token = invite(caller_of(org_admin), organization, role="viewer", teams={team: "admin"})
    user = join_as_somebody_new(token, "Ada", GOOD, full_name="Ada L.", email="Ada@example.org")
    assert user.check_password(GOOD)
    assert (user.full_name, user.email) == ("Ada L.", "")
    assert organization.memberships.get(user=user).role == "viewer"
    assert team.memberships.get(user=user).role == "admin"
    assert user.default_entity == team.entity
    assert not user.is_staff


def test_somebody_who_has_an_account_joins(organization, org_admin, other_admin):
    _, token = invite(caller_of(org_admin), organization)
    assert accept_invitation(caller_of(other_admin), token) == organization
    assert organization.memberships.get(user=other_admin).role == "member"
    assert other_admin.organization_memberships.count() == 2


def test_a_link_works_once(organization, org_admin, outsider, other_admin):
    _, token = invite(caller_of(org_admin), organization)
    accept_invitation(caller_of(outsider), token)
    with refused(Invalid, "invitation"):
        accept_invitation(caller_of(other_admin), token)
    with refused(Invalid, "invitation"):
        join_as_somebody_new(token, "ada", GOOD)


def test_a_refused_account_does_not_spend_the_link(organization, org_admin, outsider):
    _, token = invite(caller_of(org_admin), organization)
    with refused(Conflict, "entity_name_taken"):
        join_as_somebody_new(token, "Outsider", GOOD)
    with refused(Invalid, "password"):
        join_as_somebody_new(token, "ada", "short")
    with refused(Invalid, "email"):
        join_as_somebody_new(token, "ada", GOOD, email="no address")
    assert join_as_somebody_new(token, "ada", GOOD)


def test_a_role_somebody_has_already_stays_and_the_team_is_added(organization, team, org_admin):
    by = caller_of(org_admin)
    _, token = invite(by, organization, role="viewer", teams={team: "member"})
    accept_invitation(by, token)
    assert organization.memberships.get(user=org_admin).role == "admin"
    assert team.memberships.filter(user=org_admin).exists()


def test_a_link_that_would_change_nothing_is_not_spent(organization, org_admin, outsider):
    _, token = invite(caller_of(org_admin), organization)
    with refused(Conflict, "joined_already"):
        accept_invitation(caller_of(org_admin), token)
    accept_invitation(caller_of(outsider), token)


def test_every_bad_link_gets_the_same_answer(organization, org_admin, outsider):
    by = caller_of(org_admin)
    invitation, taken_back = invite(by, organization)
    revoke_invitation(by, invitation)
    _, used = invite(by, organization)
    accept_invitation(caller_of(outsider), used)
    with time_machine.travel(NOON, tick=False):
        _, old = invite(by, organization, days=7)
    sentences = set()
    for token in (taken_back, used, old, "unknown", ""):
        with refused(Invalid, "invitation") as refusal:
            open_invitation(token)
        sentences.add(refusal.value.sentence)
    assert len(sentences) == 1


def test_a_link_is_good_for_the_days_that_were_chosen(organization, org_admin):
    with time_machine.travel(NOON, tick=False):
        _, token = invite(caller_of(org_admin), organization, days=1)
    with time_machine.travel(NOON + timedelta(days=1, seconds=-1), tick=False):
        assert open_invitation(token).organization == organization
    for days in (0, 31, -1):
        with refused(Invalid, "days"):
            invite(caller_of(org_admin), organization, days=days)


def test_only_the_digest_of_a_link_is_kept(organization, org_admin):
    _, token = invite(caller_of(org_admin), organization)
    assert len(token) >= 43
    assert token not in str(list(Invitation.objects.values()))


@pytest.mark.parametrize("how", ["demoted", "deactivated"])
def test_an_invitation_ends_with_its_makers_right_to_invite(organization, org_admin, how):
    second = person("second", organization, "admin")
    _, token = invite(caller_of(second), organization, role="admin")
    if how == "demoted":
        set_organization_role(OPERATOR, organization, second, "member")
    else:
        deactivate_user(OPERATOR, second)
    with refused(Invalid, "invitation"):
        open_invitation(token)


@pytest.mark.parametrize("how", ["demoted", "removed", "deactivated"])
def test_an_invitation_that_ended_with_its_maker_stays_ended_when_they_are_admin_again(
    organization, org_admin, other_admin, how
):
    elsewhere = other_admin.organizations.get()
    second = person("second", organization, "admin")
    set_organization_role(OPERATOR, elsewhere, second, "admin")
    _, token = invite(caller_of(second), organization)
    _, kept = invite(caller_of(second), elsewhere)
    if how == "demoted":
        set_organization_role(OPERATOR, organization, second, "member")
    elif how == "removed":
        remove_from_organization(OPERATOR, organization, second)
    else:
        deactivate_user(OPERATOR, second)
        reactivate_user(OPERATOR, second)
    set_organization_role(OPERATOR, organization, second, "admin")
    with refused(Invalid, "invitation"):
        open_invitation(token)
    if how == "deactivated":
        with refused(Invalid, "invitation"):
            open_invitation(kept)
    else:
        assert open_invitation(kept).organization == elsewhere
    _, new = invite(caller_of(second), organization)
    assert open_invitation(new).organization == organization


def test_an_invitation_of_the_operator_stands(organization):
    _, token = invite(OPERATOR, organization, role="admin")
    user = join_as_somebody_new(token, "first", GOOD)
    assert organization.memberships.get(user=user).role == "admin"


def test_taking_back_twice_changes_nothing(organization, org_admin, outsider):
    by = caller_of(org_admin)
    invitation, token = invite(by, organization)
    revoke_invitation(by, invitation)
    with nothing_changes():
        revoke_invitation(by, invitation)
    with refused(Invalid, "invitation"):
        accept_invitation(caller_of(outsider), token)


def test_what_somebody_has_joined_by_is_not_taken_back(organization, org_admin, outsider):
    by = caller_of(org_admin)
    invitation, token = invite(by, organization)
    accept_invitation(caller_of(outsider), token)
    with refused(Conflict, "invitation_accepted") as refusal:
        revoke_invitation(by, invitation)
    assert "outsider has joined by it already" in refusal.value.sentence


def test_bad_roles_addresses_and_teams_of_others_invite_nobody(organization, team, org_admin):
    by = caller_of(org_admin)
    with refused(Invalid, "organization_role"):
        invite(by, organization, role="owner")
    with refused(Invalid, "team_role"):
        invite(by, organization, teams={team: "owner"})
    with refused(Invalid, "email"):
        invite(by, organization, email="no address")
    stranger = caller_of(person("stranger"))
    with refused(NotFound):
        invite(stranger, organization)


def test_inviting_a_member_of_the_organization_into_a_team_takes_effect_at_once(
    organization, team, org_admin, viewer
):
    membership, token = invite_to_team(caller_of(org_admin), team, "VIEWER", "admin")
    assert (membership.user, membership.role, token) == (viewer, "admin", "")


@pytest.mark.parametrize("role", ["member", "admin", "viewer"])
def test_whoever_is_in_the_team_already_keeps_their_role(organization, team, org_admin, role):
    add_to_team(OPERATOR, team, person("leader", organization), "admin")
    with refused(Conflict, "in_already") as refusal:
        invite_to_team(caller_of(org_admin), team, "leader", role)
    assert "leader is in smle-reg-team-2 already, as Admin." in refusal.value.sentence
    assert team.memberships.get(user__username="leader").role == "admin"


@pytest.mark.parametrize("who", ["outsider", "nobody", "new@example.org"])
def test_anybody_else_gets_a_link_into_organization_and_team(
    organization, team, org_admin, outsider, who
):
    membership, token = invite_to_team(caller_of(org_admin), team, who)
    assert membership is None
    assert not team.memberships.filter(user=outsider).exists()
    user = join_as_somebody_new(token, "ada", GOOD)
    assert team.memberships.get(user=user).role == "member"
    assert organization.memberships.get(user=user).role == "member"


def test_an_admin_of_a_team_adds_members_of_the_organization_and_lets_nobody_new_in(
    organization, team, viewer, outsider
):
    leader = person("leader", organization)
    add_to_team(OPERATOR, team, leader, "admin")
    assert invite_to_team(caller_of(leader), team, "viewer")[0].user == viewer
    sentences = set()
    for who in ("outsider", "nobody"):
        with refused(NotAllowed) as refusal:
            invite_to_team(caller_of(leader), team, who)
        sentences.add(refusal.value.sentence.replace(who, "…"))
    assert len(sentences) == 1


def test_a_service_account_accepts_no_invitation(organization, org_admin):
    robot = person("robot", is_service_account=True)
    _, token = invite(caller_of(org_admin), organization)
    with refused(NotAllowed):
        accept_invitation(caller_of(robot), token)
    assert not User.objects.filter(username="ada").exists()
