from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.organizations import create_organization as create_bare_organization
from artifacts.models import Project
from registries.models import Event, Registry
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.operations.registries import (
    accept_types,
    accepted_types_of,
    create_core_registries,
    create_registry,
    delete_registry,
    edit_registry,
)
from registries.permissions import access_for
from registries.roles import Role
from registries.visibility import registries_visible_to
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused
from tests.things import history, link, log


@pytest.fixture
def own(organization, member):
    return create_registry(caller_of(member), organization, "Own", description="Ours")


def last_changes():
    event = Event.objects.latest("pk")
    assert event.kind == "registry.edited"
    return event.details["changes"]


def test_a_registry_is_a_project_of_the_organization_whose_maker_is_admin(
    organization, own, member
):
    assert own.project.entity == organization.entity
    assert own.project.name == "wandb-registry-Own"
    assert (own.visibility, own.default_role, own.is_core) == ("organization", "viewer", False)
    assert accepted_types_of(own) is None
    assert access_for(member, own).role == Role.ADMIN
    assert history()[-2:] == ["registry.created", "member.role_set"]


def test_a_registry_tells_when_it_was_made_until_it_is_changed(own, member, project):
    def changed_at(home):
        return Registry.objects.get(pk=home.pk).changed_at

    by = caller_of(member)
    assert changed_at(own) == own.project.created_at
    link(member, log(member, project, "a").artifact, own, "chosen")
    edit_registry(by, own, description="Ours")
    accept_types(by, own, None)
    assert changed_at(own) == own.project.created_at
    for change in (
        lambda: edit_registry(by, own, description="Theirs"),
        lambda: accept_types(by, own, ["model"]),
        lambda: protect_aliases(by, own, ["production"]),
        lambda: unprotect_alias(by, own, "production"),
    ):
        before = changed_at(own)
        change()
        assert changed_at(own) == Event.objects.latest("pk").at > before
    assert edit_registry(by, own, name="Mine").changed_at == changed_at(own)


@pytest.mark.parametrize("description", [None, "", "Text"])
def test_null_and_empty_descriptions_are_kept_apart(organization, member, description):
    made = create_registry(caller_of(member), organization, "Own", description=description)
    edit_registry(caller_of(member), made, description=None)
    assert Project.objects.get(registry=made).description == description


def test_a_registry_may_begin_restricted_with_a_list_of_types(organization, member, viewer):
    made = create_registry(
        caller_of(member),
        organization,
        "Own",
        visibility="restricted",
        accepted_types=["model", "dataset", "model"],
    )
    assert accepted_types_of(made) == ["dataset", "model"]
    assert made not in registries_visible_to(viewer)


def test_bad_facts_make_no_registry(organization, member, subtests):
    for options, field in [
        ({"name": ""}, "name"),
        ({"name": "x" * 114}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "a\u2028b"}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"visibility": "public"}, "visibility"),
        ({"accepted_types": ["job"]}, "type"),
        ({"accepted_types": ["a/b"]}, "type"),
        ({"accepted_types": []}, "type"),
        ({"description": "\x00"}, "description"),
    ]:
        with subtests.test(options=options):
            with refused(Invalid) as refusal:
                create_registry(caller_of(member), organization, **({"name": "Own"} | options))
            assert refusal.value.field == field


def test_the_longest_name_fits_its_project(organization, member):
    made = create_registry(caller_of(member), organization, "x" * 113)
    assert len(made.project.name) == 128


def test_a_name_is_given_once_in_an_organization_without_regard_to_case(
    own, organization, member, subtests
):
    for name in ["Own", "OWN", "ｏｗｎ", "model", "MODEL"]:
        with subtests.test(name=name):
            with refused(Conflict, "registry_exists") as refusal:
                create_registry(caller_of(member), organization, name)
            assert refusal.value.field == "name"


def test_another_organization_may_use_the_same_name(own, other_admin):
    made = create_registry(caller_of(other_admin), other_admin.organizations.get(), "Own")
    assert made.pk != own.pk


def test_viewers_and_guests_make_no_registry_and_outsiders_learn_of_no_organization(
    organization, org_viewer, guest, outsider, other_admin, removed_member
):
    for user in (org_viewer, guest):
        with refused(NotAllowed):
            create_registry(caller_of(user), organization, "Mine")
    for user in (outsider, other_admin, removed_member):
        with refused(NotFound):
            create_registry(caller_of(user), organization, "Mine")


def test_a_service_account_makes_a_registry_where_somebody_can_administer_it(
    organization, service_account
):
    assert create_registry(caller_of(service_account), organization, "By a script")
    alone = create_bare_organization(OPERATOR, "alone")
    robot = person("robot", alone, is_service_account=True)
    with refused(Conflict, "last_admin"):
        create_registry(caller_of(robot), alone, "Nobody's")


# Core registries


def test_every_organization_starts_with_model_and_dataset_visible_to_it(organization):
    rows = organization.registries.order_by("name").values_list(
        "name", "is_core", "visibility", "accepts_all_types", "project__created_by"
    )
    assert list(rows) == [
        ("Dataset", True, "organization", True, None),
        ("Model", True, "organization", True, None),
    ]
    told = Event.objects.filter(kind="registry.created").values_list("actor", "way")
    assert list(told) == [(None, "command")] * 2


def test_core_registries_are_made_once_and_by_nobody_from_outside(organization, personas):
    with nothing_changes():
        assert create_core_registries(OPERATOR, organization) == []
    bare = create_bare_organization(OPERATOR, "bare")
    for user in personas.values():
        with refused(NotFound):
            create_core_registries(caller_of(user), bare)


def test_a_core_registry_is_neither_renamed_restricted_nor_deleted(registry, org_admin):
    by = caller_of(org_admin)
    for change in (
        lambda: edit_registry(by, registry, name="Models"),
        lambda: edit_registry(by, registry, name="model"),
        lambda: edit_registry(by, registry, visibility="restricted"),
    ):
        with refused(Invalid, "core_registry"):
            change()
    with refused(NotAllowed):
        delete_registry(by, registry)


def test_a_core_registry_is_edited_otherwise(registry, org_admin):
    edit_registry(
        caller_of(org_admin), registry, name="Model", description="Ours", default_role="member"
    )
    assert last_changes() == {"description": [None, "Ours"], "default role": ["viewer", "member"]}
