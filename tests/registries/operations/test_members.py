from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.organizations import remove_from_organization
from accounts.operations.people import create_user, deactivate_user
from accounts.operations.teams import create_team
from registries.models import Event, Registry
from registries.operations.grants import role_of
from registries.operations.members import (
    add_member,
    find_grantee,
    require_an_admin,
    set_role,
    set_roles,
    without_admin,
)
from registries.operations.members import remove_member as take_out
from registries.operations.organizations import create_organization
from registries.operations.registries import create_registry
from registries.permissions import access_for
from registries.roles import GRANTABLE, Role
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused


@pytest.fixture
def own(organization, member):
    """A registry whose maker is its Admin besides the admin of the organization."""
    return create_registry(caller_of(member), organization, "Own")


@pytest.fixture
def left_alone(db):
    """A registry of an organization without admins, and its one Admin."""
    organization = create_organization(OPERATOR, "alone", with_core_registries=False)
    maker = person("maker", organization)
    return create_registry(caller_of(maker), organization, "Alone"), maker


def test_an_admin_gives_a_role_to_a_person_or_a_team_and_it_is_recorded(
    own, member, viewer, team, subtests
):
    for role in GRANTABLE:
        with subtests.test(role=role):
            for who in (viewer, team):
                add_member(caller_of(member), own, who, role)
                assert role_of(own, who) == role
                event = Event.objects.latest("pk")
                assert (event.kind, event.subject, event.actor, event.home_name) == (
                    "member.role_set",
                    str(who),
                    member,
                    "Own",
                )
                assert event.details == {"role": role.codename, "before": None}
                take_out(caller_of(member), own, who)


def test_somebody_outside_the_organization_becomes_a_guest_of_that_registry(
    own, registry, member, outsider
):
    add_member(caller_of(member), own, outsider, Role.VIEWER)
    assert access_for(outsider, own).role == Role.VIEWER
    assert not access_for(outsider, registry).can_see()


def test_adding_again_changes_nothing_not_even_the_role(own, member, viewer):
    add_member(caller_of(member), own, viewer, Role.MEMBER)
    for role in (Role.MEMBER, Role.ADMIN, Role.RESTRICTED_VIEWER):
        with nothing_changes():
            add_member(caller_of(member), own, viewer, role)


def test_a_role_is_changed_and_recorded_with_the_one_before(own, member, viewer):
    add_member(caller_of(member), own, viewer, Role.MEMBER)
    set_role(caller_of(member), own, viewer, Role.ADMIN)
    assert access_for(viewer, own).role == Role.ADMIN
    assert Event.objects.latest("pk").details == {"role": "admin", "before": "member"}
    with nothing_changes():
        set_role(caller_of(member), own, viewer, Role.ADMIN)


def test_a_role_for_whoever_is_no_member_is_refused(own, member, viewer, team):
    for who in (viewer, team):
        with refused(Invalid, "not_a_member"):
            set_role(caller_of(member), own, who, Role.VIEWER)


def test_an_unknown_role_is_refused(own, member, viewer):
    with refused(Invalid, "role"):
        add_member(caller_of(member), own, viewer, Role.NONE)
    add_member(caller_of(member), own, viewer, Role.VIEWER)
    with refused(Invalid, "role"):
        set_role(caller_of(member), own, viewer, Role.NONE)


def test_removing_takes_the_grant_away_and_leaves_what_comes_from_elsewhere(own, member, viewer):
    add_member(caller_of(member), own, viewer, Role.MEMBER)
    take_out(caller_of(member), own, viewer)
    assert access_for(viewer, own).role == Role.VIEWER
    event = Event.objects.latest("pk")
    assert (event.kind, event.subject, event.details) == (
        "member.removed",
        "viewer",
        {"before": "member"},
    )


def test_removing_who_is_not_there_succeeds_and_changes_nothing(
    own, member, viewer, team, outsider
):
    for who in (viewer, team, outsider):
        with nothing_changes():
            take_out(caller_of(member), own, who)


def test_a_service_account_can_be_nothing_lower_than_member(own, member, service_account):
    for role in (Role.RESTRICTED_VIEWER, Role.VIEWER):
        with refused(Invalid, "service_account_role"):
            add_member(caller_of(member), own, service_account, role)
    add_member(caller_of(member), own, service_account, Role.MEMBER)
    with refused(Invalid, "service_account_role"):
        set_role(caller_of(member), own, service_account, Role.VIEWER)


def test_a_deactivated_person_and_a_team_of_another_organization_are_not_added(
    own, member, viewer, other_admin
):
    deactivate_user(OPERATOR, viewer)
    with refused(Invalid, "inactive"):
        add_member(caller_of(member), own, viewer, Role.VIEWER)
    foreign = create_team(OPERATOR, other_admin.organizations.get(), "foreign-team")
    with refused(Invalid, "nobody"):
        add_member(caller_of(member), own, foreign, Role.VIEWER)


def test_only_admins_manage_members(registry, personas):
    by_status = {NotAllowed: ("member", "service_account", "guest", "viewer", "restricted_viewer")}
    by_status[NotFound] = ("outsider", "other_admin", "removed_member")
    for kind, names in by_status.items():
        for name in names:
            by = caller_of(personas[name])
            for change in (
                lambda by=by: add_member(by, registry, personas["outsider"], Role.VIEWER),
                lambda by=by: add_member(by, registry, by.user, Role.ADMIN),
                lambda by=by: set_role(by, registry, personas["guest"], Role.ADMIN),
                lambda by=by: take_out(by, registry, personas["admin"]),
            ):
                with refused(kind):
                    change()


# The last Admin


def test_the_maker_of_a_registry_becomes_its_admin(own, member):
    assert role_of(own, member) == Role.ADMIN
    assert access_for(member, own).role_source == "grant"


def test_an_admin_of_the_organization_counts_so_the_maker_may_go(own, member):
    take_out(caller_of(member), own, member)
    assert access_for(member, own).role == Role.VIEWER


def test_the_last_admin_is_neither_demoted_nor_removed(left_alone):
    registry, maker = left_alone
    for role in (Role.MEMBER, Role.RESTRICTED_VIEWER):
        with refused(Conflict, "last_admin"):
            set_role(caller_of(maker), registry, maker, role)
    with refused(Conflict, "last_admin") as refusal:
        take_out(caller_of(maker), registry, maker)
    assert refusal.value.sentence == (
        "Alone needs at least one admin who can sign in. Make somebody else an admin first."
    )


def test_two_change_places_at_once_though_neither_could_go_first(left_alone):
    registry, maker = left_alone
    second = person("second", registry.organization)
    add_member(caller_of(maker), registry, second, Role.MEMBER)
    set_roles(caller_of(maker), registry, {maker: Role.MEMBER, second: Role.ADMIN})
    assert (role_of(registry, maker), role_of(registry, second)) == (Role.MEMBER, Role.ADMIN)


def test_of_several_roles_one_that_is_refused_refuses_all(own, member, viewer, outsider):
    add_member(caller_of(member), own, viewer, Role.VIEWER)
    with refused(Invalid, "not_a_member"):
        set_roles(caller_of(member), own, {viewer: Role.ADMIN, outsider: Role.ADMIN})


def test_of_two_admins_who_demote_each_other_one_stays(left_alone):
    registry, maker = left_alone
    second = person("second", registry.organization)
    add_member(caller_of(maker), registry, second, Role.ADMIN)
    set_role(caller_of(maker), registry, second, Role.MEMBER)
    with refused(NotAllowed):
        set_role(caller_of(second), registry, maker, Role.MEMBER)


def test_a_service_account_or_an_empty_team_is_no_admin_who_can_sign_in(left_alone):
    registry, maker = left_alone
    robot = person("robot", registry.organization, is_service_account=True)
    team = create_team(OPERATOR, registry.organization, "empty-team")
    for who in (robot, team):
        add_member(caller_of(maker), registry, who, Role.ADMIN)
    with refused(Conflict, "last_admin"):
        take_out(caller_of(maker), registry, maker)


def test_a_team_with_somebody_in_it_is_enough(left_alone):
    registry, maker = left_alone
    team = create_team(OPERATOR, registry.organization, "a-team")
    add_member(caller_of(maker), registry, team, Role.ADMIN)
    leader = person("leader", registry.organization, team=team)
    take_out(caller_of(maker), registry, maker)
    with refused(Conflict, "last_admin"):
        take_out(caller_of(leader), registry, team)


def test_registries_nobody_administers_are_found(left_alone, organization):
    registry, _ = left_alone
    names = list(without_admin(Registry.objects.all()).values_list("name", flat=True))
    assert names == ["Dataset", "Model"]
    require_an_admin(registry)
    with pytest.raises(Conflict):
        require_an_admin(organization.registries.first())


# Naming somebody


@pytest.fixture
def mira(db):
    return create_user(OPERATOR, "Mira", email="mira@example.org")


def test_somebody_is_found_by_exact_name_or_email_in_any_case(registry, mira, subtests):
    for named in ["Mira", "mira", " mira ", "mira@example.org", "MIRA@example.org"]:
        with subtests.test(named=named):
            assert find_grantee(registry, named) == mira


def test_somebody_is_found_by_id_and_a_name_of_digits_comes_first(registry, mira):
    assert find_grantee(registry, str(mira.pk)) == mira
    digits = create_user(OPERATOR, str(mira.pk))
    assert find_grantee(registry, str(mira.pk)) == digits


def test_a_team_of_the_organization_is_found_by_its_name(registry, team, other_admin):
    assert find_grantee(registry, "SMLE-reg-team-2") == team
    create_team(OPERATOR, other_admin.organizations.get(), "foreign-team")
    with refused(Invalid, "nobody"):
        find_grantee(registry, "foreign-team")


def test_nobody_is_found_by_less_than_the_whole_name(registry, mira, subtests):
    for named in [
        "",
        " ",
        "mir",
        "mira@",
        "example.org",
        "%",
        "0",
        "9" * 30,
        "²",
        "smle-reg",
        "@",
        "*",
    ]:
        with subtests.test(named=named):
            with refused(Invalid, "nobody") as refusal:
                find_grantee(registry, named)
            assert refusal.value.field == "who"


def test_a_deactivated_person_is_not_found(registry, mira):
    deactivate_user(OPERATOR, mira)
    for named in ("mira", "mira@example.org", str(mira.pk)):
        with refused(Invalid, "nobody"):
            find_grantee(registry, named)


def test_leaving_the_organization_takes_the_grant_too(own, member, viewer, organization):
    add_member(caller_of(member), own, viewer, Role.MEMBER)
    remove_from_organization(OPERATOR, organization, viewer)
    assert role_of(own, viewer) is None
