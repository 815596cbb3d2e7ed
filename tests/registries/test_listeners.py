from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict
from accounts.operations.organizations import (
    create_organization,
    remove_from_organization,
    set_organization_role,
)
from accounts.operations.people import deactivate_user
from artifacts.operations.artifacts import delete_artifacts
from registries.models import Event, Registry, RegistryPersonRole
from registries.operations.members import add_member, remove_member
from registries.operations.registries import create_registry
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import refused


@pytest.fixture
def without_org_admin(db):
    """An organization without admins whose one registry is administered by its maker."""
    organization = create_organization(OPERATOR, "led-by-nobody")
    maker = person("maker", organization)
    return organization, maker, create_registry(caller_of(maker), organization, "R")


def test_the_last_admin_of_a_registry_can_neither_leave_nor_be_deactivated(without_org_admin):
    organization, maker, _ = without_org_admin
    for change in (
        lambda: remove_from_organization(OPERATOR, organization, maker),
        lambda: deactivate_user(OPERATOR, maker),
    ):
        with refused(Conflict, "last_admin") as refusal:
            change()
        assert "R needs at least one admin who can sign in" in refusal.value.sentence


def test_a_deactivated_admin_or_a_service_account_does_not_count(without_org_admin):
    organization, maker, registry = without_org_admin
    robot = person("robot", organization, is_service_account=True)
    second = person("second", organization)
    for user in (robot, second):
        add_member(caller_of(maker), registry, user, Role.ADMIN)
    deactivate_user(OPERATOR, second)
    with refused(Conflict, "last_admin"):
        deactivate_user(OPERATOR, maker)


def test_registries_that_had_nobody_before_do_not_stand_in_the_way(without_org_admin, organization):
    """The core registries of smle-reg have no admin yet; that is not this change's doing."""
    _, maker, registry = without_org_admin
    add_member(caller_of(maker), registry, person("second"), Role.ADMIN)
    deactivate_user(OPERATOR, maker)
    first = person("first", organization, "member")
    set_organization_role(OPERATOR, organization, first, "viewer")


def test_whoever_is_taken_out_of_an_organization_does_not_stay_behind_as_a_guest(
    organization, registry, org_admin, admin
):
    remove_from_organization(caller_of(org_admin), organization, admin)
    assert not RegistryPersonRole.objects.filter(user=admin).exists()
    event = Event.objects.get(kind="member.removed")
    assert (event.subject, event.actor, event.home_name) == ("admin-of-model", org_admin, "Model")
    assert event.details == {"before": "admin"}


def test_roles_in_registries_of_other_organizations_stay(organization, admin, other_admin):
    elsewhere = create_registry(caller_of(other_admin), other_admin.organizations.get(), "There")
    add_member(caller_of(other_admin), elsewhere, admin, Role.VIEWER)
    remove_from_organization(OPERATOR, organization, admin)
    assert list(Registry.objects.filter(person_roles__user=admin)) == [elsewhere]


def test_taking_out_the_last_admin_given_by_hand_is_refused_whole(organization, org_admin, viewer):
    for registry in organization.registries.all():
        add_member(caller_of(org_admin), registry, viewer, Role.ADMIN)
    remove_from_organization(OPERATOR, organization, org_admin)
    with refused(Conflict, "last_admin"):
        remove_from_organization(OPERATOR, organization, viewer)
    with refused(Conflict, "last_admin"):
        remove_member(caller_of(viewer), organization.registries.first(), viewer)


def test_content_does_not_end_under_a_version(source, version, member):
    with refused(Conflict, "still_linked") as refusal:
        delete_artifacts(caller_of(member), [source.artifact])
    assert "still points at this content" in refusal.value.sentence
