from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Organization, User
from accounts.operations.invitations import invite
from accounts.operations.organizations import (
    create_organization,
    delete_organization,
    remove_from_organization,
    set_organization_role,
)
from accounts.operations.people import create_user, deactivate_user
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import add_to_team, create_team, delete_team
from automations.operations.secrets import create_secret, delete_secret
from registries.models import Event
from registries.operations import organizations as with_registries
from registries.operations.collections import create_collection, delete_collection
from registries.operations.members import add_member
from registries.permissions import access_for
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused


@pytest.mark.django_db
def test_a_bare_organization_has_no_registry():
    organization = create_organization(OPERATOR, "bare")
    assert organization.registries.count() == 0


def test_somebody_may_belong_to_several_organizations_or_to_none(organization, other_admin):
    set_organization_role(OPERATOR, organization, other_admin, "viewer")
    roles = other_admin.organization_memberships.values_list("organization__entity__name", "role")
    assert sorted(roles) == [("other-org", "admin"), ("smle-reg", "viewer")]


def test_a_second_role_takes_the_place_of_the_first_and_the_same_changes_nothing(
    organization, org_admin, viewer
):
    membership = set_organization_role(caller_of(org_admin), organization, viewer, "admin")
    assert membership.role == "admin"
    with nothing_changes():
        set_organization_role(caller_of(org_admin), organization, viewer, "admin")
    assert organization.memberships.filter(user=viewer).count() == 1


@pytest.mark.parametrize("role", ["", "owner", "Admin", "restricted_viewer"])
def test_an_unknown_role_is_refused(organization, org_admin, viewer, role):
    with refused(Invalid, "organization_role"):
        set_organization_role(caller_of(org_admin), organization, viewer, role)


def test_the_last_admin_of_an_organization_with_core_registries_stays(organization, org_admin):
    by = caller_of(org_admin)
    with refused(Conflict, "last_admin"):
        set_organization_role(by, organization, org_admin, "member")
    with refused(Conflict, "last_admin"):
        remove_from_organization(by, organization, org_admin)
    second = person("second", organization, "admin")
    set_organization_role(by, organization, org_admin, "member")
    with refused(Conflict, "last_admin"):
        set_organization_role(caller_of(second), organization, second, "viewer")


def test_a_service_account_does_not_count_as_the_admin_who_stays(organization, org_admin):
    person("robot", organization, "admin", is_service_account=True)
    with refused(Conflict, "last_admin"):
        set_organization_role(caller_of(org_admin), organization, org_admin, "member")


def test_an_admin_given_by_hand_in_every_registry_lets_the_last_admin_go(
    organization, org_admin, viewer
):
    for registry in organization.registries.all():
        add_member(caller_of(org_admin), registry, viewer, Role.ADMIN)
    remove_from_organization(OPERATOR, organization, org_admin)
    assert not organization.memberships.filter(role="admin").exists()


def test_whoever_leaves_loses_at_once_what_came_through_it_and_its_teams(
    organization, team, registry, member, version
):
    assert access_for(member, registry).can_link()
    remove_from_organization(OPERATOR, organization, member)
    assert not access_for(member, registry).can_see()
    assert not access_for(member, version.artifact.project).can_see()
    assert not team.memberships.filter(user=member).exists()


def test_whoever_leaves_falls_back_to_themself_where_a_team_was_the_default(
    organization, team, member
):
    assert member.default_entity == team.entity
    remove_from_organization(OPERATOR, organization, member)
    member.refresh_from_db()
    assert member.default_entity == member.entity


def test_leaving_one_organization_leaves_teams_of_another(organization, team, member, other_admin):
    elsewhere = other_admin.organizations.get()
    set_organization_role(OPERATOR, elsewhere, member, "member")
    other_team = create_team(OPERATOR, elsewhere, "other-team")
    add_to_team(OPERATOR, other_team, member)
    remove_from_organization(OPERATOR, organization, member)
    assert [row.group.name for row in member.team_memberships.all()] == ["other-team"]


def test_removing_whoever_is_not_in_changes_nothing(organization, outsider):
    with nothing_changes():
        remove_from_organization(OPERATOR, organization, outsider)


@pytest.mark.django_db
def test_staff_creates_an_organization_and_is_its_admin_others_only_where_it_is_opened(settings):
    staff, other = create_user(OPERATOR, "staff", is_staff=True), create_user(OPERATOR, "other")
    organization = with_registries.create_organization(caller_of(staff), "acme")
    assert organization.memberships.get().role == "admin"
    assert organization.registries.count() == 2
    with refused(NotAllowed):
        with_registries.create_organization(caller_of(other), "beta")
    settings.WAYMARK_OPEN_ORGANIZATIONS = True
    assert with_registries.create_organization(caller_of(other), "beta").registries.count() == 2
    robot = person("robot", is_service_account=True)
    with refused(NotAllowed):
        with_registries.create_organization(caller_of(robot), "gamma")


@pytest.fixture
def empty(org_admin):
    """With its core registries, two people, a guest and an open invitation; nothing in it."""
    made = with_registries.create_organization(OPERATOR, "empty-org")
    leader = person("leader", made, "admin")
    person("follower", made)
    add_member(caller_of(leader), made.registries.get(name="Model"), org_admin, Role.VIEWER)
    invite(caller_of(leader), made)
    return made


def leader_of(organization):
    return caller_of(User.objects.get(username="leader"))


def test_an_organization_that_holds_nothing_ends_and_its_people_and_history_stay(empty):
    events = Event.objects.filter(entity=empty.entity).count()
    entity = empty.entity
    delete_organization(leader_of(empty), empty)
    assert not Organization.objects.filter(entity=entity).exists()
    assert set(User.objects.filter(username__in=["leader", "follower"], is_active=True)) == set(
        User.objects.filter(username__in=["leader", "follower"])
    )
    assert Event.objects.filter(entity=entity, kind="registry.deleted").count() == 2
    assert Event.objects.filter(entity=entity).count() > events
    with refused(Conflict):
        create_organization(OPERATOR, "Empty-Org")


def test_teams_collections_and_webhooks_keep_an_organization(empty):
    by = leader_of(empty)
    team = create_team(OPERATOR, empty, "last-team")
    with nothing_changes(), refused(Conflict, "organization_in_use"):
        delete_organization(by, empty)
    delete_team(OPERATOR, team)
    registry = empty.registries.get(name="Model")
    collection = create_collection(by, registry.project, "Kept", "model")
    with nothing_changes(), refused(Conflict, "organization_in_use"):
        delete_organization(by, empty)
    delete_collection(by, collection)
    secret = create_secret(by, empty.entity, "TOKEN", "a value to keep")
    with nothing_changes(), refused(Conflict, "organization_in_use"):
        delete_organization(by, empty)
    delete_secret(by, secret)
    delete_organization(OPERATOR, empty)
    assert not Organization.objects.filter(pk=empty.pk).exists()


def test_only_its_admins_end_it_and_nobody_else_knows_of_it(empty, org_admin):
    follower = caller_of(User.objects.get(username="follower"))
    with nothing_changes():
        with refused(NotAllowed):
            delete_organization(follower, empty)
        with refused(NotFound):
            delete_organization(caller_of(org_admin), empty)


def test_the_page_asks_for_the_name_of_the_organization(empty):
    client = Client()
    client.force_login(User.objects.get(username="leader"))
    address = reverse("delete-organization", args=["empty-org"])
    wrong = client.post(address, {"confirmed_name": "Empty-Org"})
    assert wrong.status_code == 422
    assert "Type empty-org exactly" in wrong.content.decode()
    assert client.post(address, {"confirmed_name": "empty-org"}).status_code == 303
    assert client.get(address).status_code == 404
    assert client.get(reverse("start"), follow=True).status_code == 200


def test_a_service_account_stays_in_the_organization_whose_team_owns_it(
    organization, team, org_admin
):
    robot = create_service_account(OPERATOR, team, "robot")
    for by in (caller_of(org_admin), OPERATOR):
        with refused(Conflict, "owned_by_team") as refusal:
            remove_from_organization(by, organization, robot)
    assert "Deactivate it on the page of its team." in refusal.value.sentence
    deactivate_user(OPERATOR, robot)
    delete_team(OPERATOR, team)
    remove_from_organization(OPERATOR, organization, robot)
    assert not organization.members.filter(pk=robot.pk).exists()


def test_a_service_account_leaves_organizations_that_do_not_own_it(organization, team):
    robot = create_service_account(OPERATOR, team, "robot")
    other = create_organization(OPERATOR, "other-org")
    set_organization_role(OPERATOR, other, robot, "member")
    remove_from_organization(OPERATOR, other, robot)
    assert list(robot.organizations.all()) == [organization]
