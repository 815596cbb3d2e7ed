from __future__ import annotations

from guardian.shortcuts import get_perms

from registries.models import Event, RegistryPersonRole, RegistryTeamRole
from registries.operations.grants import drop_grant, put_grant, role_of
from registries.roles import Role
from tests.personas import caller_of
from tests.refusals import nothing_changes


def test_a_grant_is_one_row_whose_permission_is_the_role(registry, admin, viewer, team, member):
    by = caller_of(admin)
    put_grant(by, registry, viewer, Role.MEMBER)
    put_grant(by, registry, viewer, Role.ADMIN)
    put_grant(by, registry, team, Role.VIEWER)
    assert RegistryPersonRole.objects.get(user=viewer).permission.codename == "admin"
    assert RegistryTeamRole.objects.get(group=team).permission.codename == "viewer"
    assert role_of(registry, viewer) == Role.ADMIN


def test_guardian_reads_the_same_rows(registry, admin, viewer):
    put_grant(caller_of(admin), registry, viewer, Role.MEMBER)
    assert viewer.has_perm("registries.member", registry)
    assert "member" in get_perms(viewer, registry)


def test_a_grant_is_of_one_registry(registry, restricted_registry, admin):
    assert role_of(registry, admin) == Role.ADMIN
    assert role_of(restricted_registry, admin) is None


def test_the_same_again_and_dropping_nothing_record_nothing(registry, admin, viewer, team):
    by = caller_of(admin)
    put_grant(by, registry, viewer, Role.MEMBER)
    with nothing_changes():
        put_grant(by, registry, viewer, Role.MEMBER)
    with nothing_changes():
        drop_grant(by, registry, team)


def test_dropping_takes_the_row_and_tells_what_it_was(registry, admin, viewer):
    by = caller_of(admin)
    put_grant(by, registry, viewer, Role.MEMBER)
    drop_grant(by, registry, viewer)
    assert role_of(registry, viewer) is None
    assert Event.objects.latest("pk").details == {"before": "member"}
