from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.callers import OPERATOR
from accounts.errors import NotAllowed, NotFound
from accounts.operations.people import deactivate_user
from accounts.operations.teams import add_to_team
from registries.models import Registry
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from registries.permissions import access_for, may_create_registry
from registries.roles import LOWEST_ROLE, Right, Role
from tests.personas import caller_of

PROTECTED = {"production"}
FREE = {"best_model", "latest"}


@pytest.fixture
def guarded(registry, org_admin):
    protect_aliases(caller_of(org_admin), registry, sorted(PROTECTED))
    return registry


def answers(access):
    """All that the judge says, the answers about aliases for free and for protected names."""
    return {
        "see": access.can_see(),
        "download": access.can_download(),
        "create collection": access.can_create_collection(),
        "link": access.can_link(),
        "edit collection": access.can_edit_collection(),
        "custom alias": access.can_change_alias("best_model"),
        "latest": access.can_change_alias("latest"),
        "edit version": access.can_edit_version(FREE),
        "unlink": access.can_unlink(FREE),
        "delete collection": access.can_delete_collection(FREE),
        "protected alias": access.can_change_alias("production"),
        "edit protected": access.can_edit_version(FREE | PROTECTED),
        "unlink protected": access.can_unlink(FREE | PROTECTED),
        "delete protected": access.can_delete_collection(FREE | PROTECTED),
        "protect": access.can_protect(),
        "edit registry": access.can_edit_registry(),
        "members": access.can_manage_members(),
    }


SEES = {"see"}
OPENS = SEES | {"download"}
WORKS = OPENS | {
    "create collection",
    "link",
    "edit collection",
    "custom alias",
    "latest",
    "edit version",
    "unlink",
    "delete collection",
}
RULES = WORKS | {
    "protected alias",
    "edit protected",
    "unlink protected",
    "delete protected",
    "protect",
    "edit registry",
    "members",
}
WHO = {
    "org_admin": RULES,
    "admin": RULES,
    "member": WORKS,
    "service_account": WORKS,
    "guest": WORKS,
    "viewer": OPENS,
    "org_viewer": OPENS,
    "restricted_viewer": SEES,
    "removed_member": set(),
    "other_admin": set(),
    "outsider": set(),
}


def test_the_judge_answers_for_everybody_as_the_table_of_rights_says(guarded, personas):
    said = {
        name: {what for what, may in answers(access_for(user, guarded)).items() if may}
        for name, user in personas.items()
    }
    assert said == WHO


def test_the_home_of_a_registry_is_judged_as_the_registry(guarded, personas):
    for user in personas.values():
        assert answers(access_for(user, guarded.project)) == answers(access_for(user, guarded))


def test_the_judge_answers_from_memory(guarded, member):
    access = access_for(member, guarded)
    with CaptureQueriesContext(connection) as queries:
        answers(access)
        access.is_protected("production")
        access.look_alike_of("PRODUCTION")
    assert len(queries) == 0


def test_loading_the_judge_takes_two_queries(guarded, member):
    with CaptureQueriesContext(connection) as queries:
        access_for(member, guarded)
    assert len(queries) == 2


def test_admins_delete_a_registry_but_not_a_core_one(registry, organization, org_admin, member):
    own = create_registry(caller_of(member), organization, "Own")
    assert access_for(member, own).can_delete_registry()
    assert access_for(org_admin, own).can_delete_registry()
    assert not access_for(org_admin, registry).can_delete_registry()


def test_in_a_project_reading_is_viewer_writing_is_member_and_nobody_is_admin(
    project, team, member, viewer, org_admin, outsider
):
    add_to_team(OPERATOR, team, viewer, "viewer")
    roles = [access_for(user, project).role for user in (org_admin, member, viewer, outsider)]
    assert roles == [Role.MEMBER, Role.MEMBER, Role.VIEWER, Role.NONE]
    access = access_for(org_admin, project)
    assert not access.is_protected("production")
    ruling = (
        access.can_protect(),
        access.can_edit_registry(),
        access.can_manage_members(),
        access.can_delete_registry(),
    )
    assert not any(ruling)


def test_a_right_is_required_in_a_sentence_or_the_home_does_not_exist(
    registry, viewer, org_admin, outsider, subtests
):
    for right in list(Right):
        with subtests.test(right=right):
            access_for(org_admin, registry).require(right)
            with pytest.raises(NotFound):
                access_for(outsider, registry).require(right)
            if LOWEST_ROLE[right] > Role.VIEWER:
                with pytest.raises(NotAllowed) as refusal:
                    access_for(viewer, registry).require(right)
                assert refusal.value.sentence.startswith("Only ")
                assert f"of Model can {right.value}." in refusal.value.sentence


def test_the_refusal_of_a_protected_alias_says_which_where_and_who_can(guarded, member):
    with pytest.raises(NotAllowed) as refusal:
        access_for(member, guarded).require_change_of_alias("production")
    assert refusal.value.sentence == (
        "“production” is a protected alias in Model. "
        "Only registry admins can add, move or remove it."
    )


def test_a_viewer_is_told_so_of_a_custom_alias(guarded, viewer):
    with pytest.raises(NotAllowed, match="Only members and admins of Model"):
        access_for(viewer, guarded).require_change_of_alias("best_model")


def test_an_outsider_is_told_of_no_alias(guarded, outsider):
    for name in ("production", "best_model"):
        with pytest.raises(NotFound):
            access_for(outsider, guarded).require_change_of_alias(name)
    access = access_for(outsider, guarded)
    assert access.protected_names == frozenset()
    assert not access.is_protected("production")
    assert access.look_alike_of("PRODUCTION") is None


def test_a_look_alike_of_a_protected_name_is_known_as_one_but_is_not_protected(
    guarded, member, subtests
):
    for name in ["PRODUCTION", "Production", "ＰＲＯＤＵＣＴＩＯＮ", "produc\u1d57ion"]:
        with subtests.test(name=name):
            access = access_for(member, guarded)
            assert access.look_alike_of(name) == "production"
            assert not access.is_protected(name)


def test_the_name_itself_and_other_names_are_no_look_alikes(guarded, member, subtests):
    for name in ["production", "production-eu", "produсtion", "prod"]:
        with subtests.test(name=name):
            assert access_for(member, guarded).look_alike_of(name) is None


def test_everybody_in_the_organization_but_its_viewers_may_create_a_registry(
    organization, personas
):
    may = {name for name, user in personas.items() if may_create_registry(user, organization)}
    assert may == {"org_admin", "admin", "member", "service_account", "viewer"}


def test_a_deactivated_admin_may_nothing(guarded, admin, organization):
    deactivate_user(OPERATOR, admin)
    assert not any(answers(access_for(admin, guarded)).values())
    assert not may_create_registry(admin, organization)


def test_a_protected_name_of_one_registry_is_free_in_another(guarded, organization, member):
    dataset = Registry.objects.get(name="Dataset")
    assert not access_for(member, dataset).is_protected("production")
