"""What a person does not see does not exist for them."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import NotFound
from accounts.models import Organization
from accounts.operations.organizations import remove_from_organization
from accounts.operations.people import deactivate_user
from accounts.operations.teams import add_to_team
from artifacts.operations.projects import create_project
from registries.models import Event, Registry
from registries.operations.members import add_member, remove_member
from registries.operations.registries import (
    accept_types,
    create_registry,
    delete_registry,
    edit_registry,
)
from registries.operations.versions import unlink_version
from registries.permissions import access_for
from registries.roles import Right, Role
from registries.visibility import (
    collections_visible_to,
    events_visible_to,
    get_registry,
    linkable_versions,
    may_use_artifact,
    organizations_of,
    registries_downloadable_by,
    registries_visible_to,
    registries_where,
    versions_visible_to,
)
from tests.personas import caller_of
from tests.things import link, log

IN_THE_ORGANIZATION = {"org_admin", "admin", "member", "service_account", "viewer", "org_viewer"}
SEE_MODEL = IN_THE_ORGANIZATION | {"restricted_viewer", "guest"}
SEE_THE_PROJECT = {"org_admin", "admin", "member", "service_account"}


def who(personas, question):
    return {name for name, user in personas.items() if question(user)}


def test_a_registry_visible_to_the_organization_is_seen_by_it_and_the_invited(registry, personas):
    assert who(personas, lambda user: registry in registries_visible_to(user)) == SEE_MODEL


def test_a_guest_sees_that_registry_and_nothing_else(registry, guest, source, version):
    assert list(registries_visible_to(guest)) == [registry]
    assert list(collections_visible_to(guest)) == [version.collection]
    assert list(versions_visible_to(guest)) == [version]
    assert {event.project_id for event in events_visible_to(guest)} == {registry.pk}


def test_a_restricted_registry_is_seen_by_the_invited_and_admins_of_the_organization(
    restricted_registry, org_admin, team, personas
):
    assert who(personas, lambda user: restricted_registry in registries_visible_to(user)) == {
        "org_admin"
    }
    add_member(caller_of(org_admin), restricted_registry, team, Role.VIEWER)
    add_member(caller_of(org_admin), restricted_registry, personas["outsider"], Role.VIEWER)
    assert who(personas, lambda user: restricted_registry in registries_visible_to(user)) == {
        "org_admin",
        "admin",
        "member",
        "service_account",
        "outsider",
    }


def test_bytes_are_open_to_viewers_and_up(registry, personas):
    opened = who(personas, lambda user: registry in registries_downloadable_by(user))
    assert opened == SEE_MODEL - {"restricted_viewer"}


@pytest.mark.parametrize("default_role", ["restricted_viewer", "viewer", "member"])
@pytest.mark.parametrize("right", [Right.SEE, Right.DOWNLOAD, Right.LINK, Right.EDIT_REGISTRY])
def test_the_registries_of_a_right_are_those_the_one_judge_says_so_of(
    registry, org_admin, personas, default_role, right
):
    edit_registry(caller_of(org_admin), registry, default_role=default_role)
    listed = who(personas, lambda user: registry in registries_where(user, right))
    assert listed == who(personas, lambda user: access_for(user, registry).has(right))


def test_what_is_in_a_registry_is_seen_by_who_sees_the_registry(version, personas):
    collection = version.collection
    assert who(personas, lambda user: collection in collections_visible_to(user)) == SEE_MODEL
    assert who(personas, lambda user: version in versions_visible_to(user)) == SEE_MODEL


def test_what_is_in_a_project_is_seen_by_who_reads_the_project(source, personas):
    assert (
        who(personas, lambda user: source.collection in collections_visible_to(user))
        == SEE_THE_PROJECT
    )
    assert who(personas, lambda user: source in versions_visible_to(user)) == SEE_THE_PROJECT
    of_the_source = Event.objects.filter(collection=source.collection).first()
    assert who(personas, lambda user: of_the_source in events_visible_to(user)) == SEE_THE_PROJECT


def test_the_history_of_a_registry_is_seen_by_who_sees_the_registry(version, personas):
    linked = Event.objects.get(kind="version.linked", collection=version.collection)
    assert who(personas, lambda user: linked in events_visible_to(user)) == SEE_MODEL


def test_the_history_of_a_deleted_registry_is_the_organizations_admins(
    restricted_registry, org_admin, personas
):
    delete_registry(caller_of(org_admin), restricted_registry)
    deleted = Event.objects.get(kind="registry.deleted")
    assert who(personas, lambda user: deleted in events_visible_to(user)) == {"org_admin"}


def test_the_history_of_an_unlinked_version_stays_where_it_was(version, member, personas):
    unlink_version(caller_of(member), version)
    unlinked = Event.objects.get(kind="version.unlinked")
    assert who(personas, lambda user: unlinked in events_visible_to(user)) == SEE_MODEL


def test_somebody_is_in_the_organizations_of_their_memberships_and_invitations(
    organization, personas
):
    assert who(personas, lambda user: organization in organizations_of(user)) == SEE_MODEL
    assert list(organizations_of(personas["other_admin"])) == [
        Organization.objects.get(entity__name="other-org")
    ]
    assert list(organizations_of(personas["outsider"])) == []


@pytest.mark.parametrize("spelling", ["Model", "model", "MODEL", "Ｍｏｄｅｌ"])
@pytest.mark.parametrize("organization_name", ["smle-reg", "SMLE-REG"])
def test_a_registry_is_found_without_regard_to_case_and_answers_in_its_own_spelling(
    viewer, registry, organization_name, spelling
):
    assert get_registry(viewer, organization_name, spelling).name == "Model"


def test_an_unknown_registry_and_a_hidden_one_get_the_same_answer(
    restricted_registry, member, outsider
):
    answers = set()
    for user, organization_name, name in (
        (member, "smle-reg", "Secret"),
        (member, "smle-reg", "Unknown"),
        (member, "unknown", "Model"),
        (outsider, "smle-reg", "Model"),
        (member, "smle-reg", ""),
    ):
        with pytest.raises(NotFound) as refusal:
            get_registry(user, organization_name, name)
        answers.add((refusal.value.code, refusal.value.sentence))
    assert len(answers) == 1


def test_the_old_name_of_a_renamed_registry_leads_nowhere_and_is_free(
    organization, org_admin, member
):
    by = caller_of(org_admin)
    registry = create_registry(by, organization, "Before")
    edit_registry(by, registry, name="After")
    with pytest.raises(NotFound):
        get_registry(member, "smle-reg", "Before")
    assert get_registry(member, "smle-reg", "after") == registry
    assert create_registry(by, organization, "Before") != registry


def test_content_is_usable_at_its_source_or_through_a_registry_that_opens_it(version, personas):
    assert who(personas, lambda user: may_use_artifact(user, version.artifact)) == SEE_MODEL - {
        "restricted_viewer"
    }


def test_the_way_by_which_somebody_came_is_lost_with_the_link(version, member, viewer):
    assert may_use_artifact(viewer, version.artifact)
    unlink_version(caller_of(member), version)
    assert not may_use_artifact(viewer, version.artifact)
    assert may_use_artifact(member, version.artifact)


def test_a_role_lost_counts_from_the_next_question(registry, version, guest, org_admin, member):
    remove_member(caller_of(org_admin), registry, guest)
    assert not registries_visible_to(guest).exists()
    assert not versions_visible_to(guest).exists()
    remove_from_organization(OPERATOR, registry.organization, member)
    for rows in (
        registries_visible_to(member),
        collections_visible_to(member),
        versions_visible_to(member),
        events_visible_to(member),
        organizations_of(member),
    ):
        assert not rows.exists()


def test_a_deactivated_person_sees_nothing_at_all(version, org_admin, member):
    create_project(caller_of(member), member.entity, "own")
    deactivate_user(OPERATOR, member)
    for rows in (
        registries_visible_to(member),
        registries_downloadable_by(member),
        collections_visible_to(member),
        versions_visible_to(member),
        events_visible_to(member),
        organizations_of(member),
    ):
        assert not rows.exists()
    assert not may_use_artifact(member, version.artifact)


def test_logged_versions_of_teams_one_may_read_can_be_linked(registry, source, personas, member):
    own = create_project(caller_of(member), member.entity, "own")
    log(member, own, "private", name="mine")
    link(member, source.artifact, registry)
    assert who(personas, lambda user: source in linkable_versions(user, registry)) == (
        SEE_THE_PROJECT
    )
    assert list(linkable_versions(member, registry)) == [source]


def test_a_team_viewer_may_link_what_they_read(registry, source, team, viewer):
    add_to_team(OPERATOR, team, viewer, "viewer")
    assert list(linkable_versions(viewer, registry)) == [source]


def test_only_versions_of_accepted_types_are_offered(registry, source, project, org_admin, member):
    other = log(member, project, "weights", name="zoo_model", type_name="model")
    accept_types(caller_of(org_admin), registry, ["model"])
    narrowed = Registry.objects.get(pk=registry.pk)
    assert list(linkable_versions(member, narrowed)) == [other]
