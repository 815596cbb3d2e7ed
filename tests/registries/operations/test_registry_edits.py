"""Registries: edited, narrowed to types, deleted."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from artifacts.models import Artifact, Project
from registries.models import Collection, Event, Registry
from registries.operations.aliases import remove_aliases
from registries.operations.members import add_member
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import (
    accept_types,
    accepted_types_of,
    create_registry,
    delete_registry,
    edit_registry,
)
from registries.permissions import access_for
from registries.roles import GRANTABLE, Role
from registries.visibility import registries_visible_to
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import link, log, put


@pytest.fixture
def own(organization, member):
    return create_registry(caller_of(member), organization, "Own", description="Ours")


def last_changes():
    event = Event.objects.latest("pk")
    assert event.kind == "registry.edited"
    return event.details["changes"]


def test_a_rename_moves_the_project_and_keeps_everything_in_it(own, member, source):
    version = link(member, source.artifact, own, "best")
    edit_registry(caller_of(member), own, name="Renamed")
    own.refresh_from_db()
    assert (own.name, own.folded, own.project.name) == (
        "Renamed",
        "renamed",
        "wandb-registry-Renamed",
    )
    assert own.project.collections.get() == version.collection
    assert last_changes() == {"name": ["Own", "Renamed"]}


def test_a_rename_may_change_the_case_alone(own, member):
    edit_registry(caller_of(member), own, name="OWN")
    own.refresh_from_db()
    assert own.name == "OWN"


def test_a_taken_name_is_refused(own, member, subtests):
    for name in ["Model", "DATASET", "ｍｏｄｅｌ"]:
        with subtests.test(name=name), refused(Conflict, "registry_exists"):
            edit_registry(caller_of(member), own, name=name, description="also lost")


def test_a_bad_name_is_refused_with_the_rest_of_the_edit(own, member, subtests):
    for name in ["", "x" * 114, "a?b", " a", "a\nb"]:
        with subtests.test(name=name):
            with refused(Invalid) as refusal:
                edit_registry(caller_of(member), own, name=name, description="also lost")
            assert refusal.value.field == "name"


def test_a_registry_is_restricted_but_never_opened_again(own, member, viewer):
    edit_registry(caller_of(member), own, visibility="restricted")
    assert own not in registries_visible_to(viewer)
    with refused(Invalid, "visibility_back"):
        edit_registry(caller_of(member), own, visibility="organization")
    with nothing_changes():
        edit_registry(caller_of(member), own, visibility="restricted")
    with refused(Invalid, "visibility"):
        edit_registry(caller_of(member), own, visibility="public")


@pytest.mark.parametrize("role", [role for role in GRANTABLE if role != Role.ADMIN])
def test_the_default_role_decides_what_the_organization_may(own, member, viewer, org_viewer, role):
    edit_registry(caller_of(member), own, default_role=role.codename)
    own.refresh_from_db()
    assert access_for(viewer, own).role == role
    assert access_for(org_viewer, own).role == min(role, Role.VIEWER)


def test_nobody_becomes_admin_by_default(own, member, subtests):
    for role in ["admin", "none", "", "owner"]:
        with subtests.test(role=role):
            with refused(Invalid) as refusal:
                edit_registry(caller_of(member), own, default_role=role)
            assert refusal.value.field == "default_role"


def test_an_edit_that_changes_nothing_records_nothing(own, member):
    with nothing_changes():
        edit_registry(
            caller_of(member),
            own,
            name="Own",
            description="Ours",
            visibility="organization",
            default_role="viewer",
        )


def test_only_admins_edit_narrow_and_delete(own, personas):
    add_member(caller_of(personas["member"]), own, personas["guest"], Role.MEMBER)
    for name, kind in (
        ("guest", NotAllowed),
        ("viewer", NotAllowed),
        ("admin", NotAllowed),
        ("outsider", NotFound),
        ("other_admin", NotFound),
    ):
        by = caller_of(personas[name])
        for change in (
            lambda by=by: edit_registry(by, own, description="Mine"),
            lambda by=by: edit_registry(by, own),
            lambda by=by: accept_types(by, own, ["model"]),
            lambda by=by: delete_registry(by, own),
        ):
            with refused(kind):
                change()


def test_narrowing_keeps_the_types_in_use_and_takes_no_saved_type_out(own, member, source, project):
    link(member, source.artifact, own)
    accept_types(caller_of(member), own, ["model"])
    assert last_changes() == {"accepted types": [None, ["dataset", "model"]]}
    accept_types(caller_of(member), own, ["report"])
    own.refresh_from_db()
    assert accepted_types_of(own) == ["dataset", "model", "report"]
    with nothing_changes():
        accept_types(caller_of(member), own, [])


def test_a_type_of_the_sdk_in_use_is_kept_too(own, member, project):
    link(member, log(member, project, "t", name="t", type_name="run_table").artifact, own)
    accept_types(caller_of(member), own, ["model"])
    own.refresh_from_db()
    assert accepted_types_of(own) == ["model", "run_table"]


def test_back_to_all_types_is_allowed(own, member, source):
    accept_types(caller_of(member), own, ["model"])
    with refused(Invalid, "type_not_accepted"):
        link(member, source.artifact, own)
    accept_types(caller_of(member), own, None)
    assert last_changes() == {"accepted types": [["model"], None]}
    link(member, source.artifact, own)
    own.refresh_from_db()
    with nothing_changes():
        accept_types(caller_of(member), own, None)


def test_one_bad_type_refuses_the_whole_list(own, member, subtests):
    for name in ["job", "wandb-x", "run_table", "code", "a/b", "", "x" * 129]:
        with subtests.test(name=name):
            with refused(Invalid) as refusal:
                accept_types(caller_of(member), own, ["model", name])
            assert refusal.value.field == "type"


def test_an_empty_list_for_an_empty_registry_is_refused(own, member):
    with refused(Invalid, "no_types"):
        accept_types(caller_of(member), own, [])


def test_a_registry_ends_with_its_links_and_leaves_the_artifacts_with_their_teams(
    own, member, source, second_source
):
    link(member, source.artifact, own)
    link(member, second_source.artifact, own, "best", name="Other")
    protect_aliases(caller_of(member), own, ["production"])
    put(member, own.project.collections.first().versions.get(), "production")
    delete_registry(caller_of(member), own)
    assert not Registry.objects.filter(name="Own").exists()
    assert not Project.objects.filter(name="wandb-registry-Own").exists()
    assert list(Collection.objects.all()) == [source.collection]
    assert Artifact.objects.count() == 2
    told = Event.objects.filter(home_name="Own")
    assert set(told.values_list("project", "collection", "version")) == {(None, None, None)}
    assert list(told.order_by("pk").values_list("kind", flat=True))[-1] == "registry.deleted"
    assert told.filter(kind="version.unlinked").count() == 2
    assert told.filter(kind="alias.removed").count() == 4


def test_the_name_of_a_deleted_registry_is_free(own, organization, member):
    delete_registry(caller_of(member), own)
    assert create_registry(caller_of(member), organization, "Own").pk != own.pk


def test_a_registry_deleted_twice_is_not_found(own, member):
    stale = Registry.objects.get(pk=own.pk)
    delete_registry(caller_of(member), own)
    with refused(NotFound):
        delete_registry(caller_of(member), stale)
    with refused(NotFound):
        edit_registry(caller_of(member), stale, description="Late")


def test_a_deleted_registry_protects_its_sources_no_more(own, member, source):
    protect_aliases(caller_of(member), own, ["production"])
    version = link(member, source.artifact, own, "production")
    remove_aliases(caller_of(member), version, ["latest"])
    delete_registry(caller_of(member), own)
    put(member, source, "production")
