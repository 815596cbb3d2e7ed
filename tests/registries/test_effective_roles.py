"""The highest of all sources, by whatever combination of them somebody is in."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.callers import OPERATOR
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import deactivate_user
from accounts.operations.teams import add_to_team, create_team, remove_from_team
from registries.effective_roles import (
    NO_ROLE,
    EffectiveRole,
    effective_role_in,
    effective_roles,
    role_of_row,
    with_sources,
)
from registries.models import Registry
from registries.operations.members import add_member, remove_member, set_role
from registries.operations.registries import create_registry, edit_registry
from registries.roles import GRANTABLE, Role
from registries.visibility import registries_downloadable_by, registries_visible_to
from tests.personas import caller_of, person

ORG_ROLES = (None, "viewer", "member", "admin")
OWN = (Role.NONE, *GRANTABLE)
THROUGH_TEAM = (Role.NONE, Role.RESTRICTED_VIEWER, Role.MEMBER, Role.ADMIN)
KINDS_OF_REGISTRY = (
    ("organization", Role.RESTRICTED_VIEWER),
    ("organization", Role.VIEWER),
    ("organization", Role.MEMBER),
    ("restricted", Role.MEMBER),
)


def highest(visibility, default, org_role, own, through_team):
    """The rule in its own words, apart from the product's code."""
    by_organization = Role.NONE
    if org_role == "admin":
        by_organization = Role.ADMIN
    elif org_role == "member" and visibility == "organization":
        by_organization = default
    elif org_role == "viewer" and visibility == "organization":
        by_organization = min(default, Role.VIEWER)
    return max(own, through_team, by_organization)


@pytest.fixture
def people(organization):
    """One for every way of being in the organization and in a team. Teams by the role they get."""
    teams = {role: create_team(OPERATOR, organization, f"team-{role}") for role in GRANTABLE}
    people = {}
    for number, (org_role, through) in enumerate(product(ORG_ROLES, THROUGH_TEAM)):
        if org_role is None and through:
            continue
        home = None if org_role is None else organization
        people[org_role, through] = person(
            f"p{number}", home, org_role or "", team=teams.get(through)
        )
    return teams, people


@pytest.mark.parametrize(("visibility", "default"), KINDS_OF_REGISTRY)
def test_the_effective_role_is_the_highest_of_all_sources_and_decides_what_is_visible(
    organization, org_admin, people, visibility, default
):
    teams, people = people
    by = caller_of(org_admin)
    registry = create_registry(by, organization, "R", visibility=visibility)
    edit_registry(by, registry, default_role=default.codename)
    registry.refresh_from_db()
    for role, team in teams.items():
        add_member(by, registry, team, role)
    wrong = []
    for own in OWN:
        for user in people.values() if own else ():
            give = add_member if own == Role.RESTRICTED_VIEWER else set_role
            give(by, registry, user, own)
        together = effective_roles(registry, people.values())
        for (org_role, through), user in people.items():
            expected = highest(visibility, default, org_role, own, through)
            found = {
                effective_role_in(user, registry).role,
                together[user.pk].role,
                role_of_row(user, with_sources(Registry.objects.all(), user).get(name="R")).role,
            }
            seen = registry in registries_visible_to(user)
            open_to = registry in registries_downloadable_by(user)
            if (found, seen, open_to) != (
                {expected},
                expected >= Role.RESTRICTED_VIEWER,
                expected >= Role.VIEWER,
            ):
                wrong.append((org_role, own, through, expected, found, seen, open_to))
    assert wrong == []


def test_where_a_role_comes_from_is_told_in_words(registry, personas):
    sources = {name: effective_role_in(user, registry).source for name, user in personas.items()}
    assert sources == {
        "org_admin": "organization role",
        "admin": "grant",
        "member": "team smle-reg-team-2",
        "service_account": "team smle-reg-team-2",
        "viewer": "default role",
        "org_viewer": "default role",
        "restricted_viewer": "grant",
        "guest": "grant",
        "removed_member": "",
        "other_admin": "",
        "outsider": "",
    }


def test_of_equal_sources_the_grant_is_told(registry, org_admin, viewer):
    add_member(caller_of(org_admin), registry, viewer, Role.VIEWER)
    assert effective_role_in(viewer, registry) == EffectiveRole(Role.VIEWER, "grant")


def test_a_higher_source_elsewhere_is_told_instead_of_the_lower_grant(registry, org_admin, viewer):
    add_member(caller_of(org_admin), registry, viewer, Role.RESTRICTED_VIEWER)
    assert effective_role_in(viewer, registry) == EffectiveRole(Role.VIEWER, "default role")


def test_of_several_teams_the_highest_counts_and_leaving_it_the_next(
    organization, team, registry, org_admin, member
):
    better = create_team(OPERATOR, organization, "admins")
    add_member(caller_of(org_admin), registry, better, Role.ADMIN)
    add_to_team(OPERATOR, better, member)
    for found in (
        effective_role_in(member, registry),
        effective_roles(registry, [member])[member.pk],
    ):
        assert found == EffectiveRole(Role.ADMIN, "team admins")
    remove_from_team(OPERATOR, better, member)
    assert effective_role_in(member, registry).role == Role.MEMBER
    remove_from_team(OPERATOR, team, member)
    assert effective_role_in(member, registry).role == Role.VIEWER


def test_of_two_teams_with_the_same_role_both_ways_of_asking_tell_the_same(
    organization, registry, org_admin, member
):
    for name in ("a-team", "z-team"):
        twin = create_team(OPERATOR, organization, name)
        add_member(caller_of(org_admin), registry, twin, Role.MEMBER)
        add_to_team(OPERATOR, twin, member)
    alone = effective_role_in(member, registry)
    assert effective_roles(registry, [member])[member.pk] == alone
    assert alone.source == "team a-team"


def test_a_role_taken_away_counts_at_once(registry, org_admin, guest, organization, viewer):
    remove_member(caller_of(org_admin), registry, guest)
    assert effective_role_in(guest, registry) == NO_ROLE
    set_organization_role(OPERATOR, organization, viewer, "admin")
    assert effective_role_in(viewer, registry).role == Role.ADMIN
    set_organization_role(OPERATOR, organization, viewer, "viewer")
    assert effective_role_in(viewer, registry).role == Role.VIEWER


def test_a_deactivated_person_has_no_role_from_anywhere(registry, admin):
    deactivate_user(OPERATOR, admin)
    assert effective_role_in(admin, registry) == NO_ROLE
    assert effective_roles(registry, [admin]) == {admin.pk: NO_ROLE}


def test_server_staff_have_no_role(registry, outsider):
    outsider.is_staff = outsider.is_superuser = True
    outsider.save()
    assert effective_role_in(outsider, registry) == NO_ROLE


def test_being_admin_of_another_registry_gives_nothing_here(registry, restricted_registry, admin):
    assert effective_role_in(admin, restricted_registry) == NO_ROLE


def test_the_number_of_queries_is_the_same_for_one_and_for_many(registry, personas):
    counts = set()
    for people in ([personas["member"]], list(personas.values())):
        with CaptureQueriesContext(connection) as queries:
            effective_roles(registry, people)
        counts.add(len(queries))
    assert counts == {2}
    with CaptureQueriesContext(connection) as queries:
        effective_role_in(personas["member"], registry)
    assert len(queries) == 1
