"""What may be linked where: sources, types, projects."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.organizations import set_organization_role
from accounts.operations.teams import add_to_team, create_team
from artifacts.operations.projects import create_project, project_for_use
from registries.models import Collection, Registry
from registries.operations.collections import create_collection
from registries.operations.members import add_member
from registries.operations.registries import accept_types, create_registry
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import refused
from tests.things import COLLECTION, link, log


def test_who_cannot_read_the_source_cannot_link_it(source, organization, viewer, guest, registry):
    own = create_registry(caller_of(viewer), organization, "Own")
    with refused(NotFound):
        link(viewer, source.artifact, own)
    with refused(NotFound):
        link(guest, source.artifact, registry)


def test_linking_needs_read_on_the_source_and_write_on_the_target(
    source, organization, team, viewer
):
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        link(viewer, source.artifact, Registry.objects.get(name="Dataset"))
    own = create_registry(caller_of(viewer), organization, "Own")
    assert link(viewer, source.artifact, own).number == 0


def test_what_one_may_use_through_one_registry_may_be_linked_into_another(
    version, organization, viewer, restricted_viewer
):
    own = create_registry(caller_of(viewer), organization, "Own")
    assert link(viewer, version.artifact, own).artifact == version.artifact
    set_organization_role(OPERATOR, organization, restricted_viewer, "member")
    closed = create_registry(caller_of(restricted_viewer), organization, "Closed")
    assert link(restricted_viewer, version.artifact, closed).artifact == version.artifact


def test_a_restricted_viewer_does_not_carry_content_into_a_registry_of_their_own(
    restricted_registry, organization, org_admin, source, outsider
):
    link(org_admin, source.artifact, restricted_registry)
    viewer = person("curious", organization)
    add_member(caller_of(org_admin), restricted_registry, viewer, Role.RESTRICTED_VIEWER)
    own = create_registry(caller_of(viewer), organization, "Own")
    with refused(NotFound):
        link(viewer, source.artifact, own)


def test_a_registry_takes_no_artifact_of_a_person(registry, member):
    own = create_project(caller_of(member), member.entity, "own")
    private = log(member, own, "private")
    with refused(Invalid, "source_outside"):
        link(member, private.artifact, registry)


def test_a_registry_takes_no_artifact_of_another_organizations_team(
    registry, organization, other_admin
):
    set_organization_role(OPERATOR, organization, other_admin, "admin")
    elsewhere = other_admin.organizations.exclude(pk=organization.pk).get()
    team = create_team(OPERATOR, elsewhere, "other-team")
    project = create_project(caller_of(other_admin), team.entity, "other")
    foreign = log(other_admin, project, "foreign")
    with refused(Invalid, "source_outside") as refusal:
        link(other_admin, foreign.artifact, registry)
    assert "team projects of smle-reg" in refusal.value.sentence


def test_it_is_judged_by_the_artifact_not_by_who_links(registry, source, org_admin):
    assert not source.artifact.project.entity.team.memberships.filter(user=org_admin).exists()
    assert link(org_admin, source.artifact, registry).linked_by == org_admin


def test_a_collection_holds_one_type(version, project, registry, member):
    model = log(member, project, "weights", name="zoo_model", type_name="model")
    with refused(Invalid, "collection_type") as refusal:
        link(member, model.artifact, registry)
    assert "holds artifacts of type dataset; this is of type model" in refusal.value.sentence


def test_a_type_the_registry_does_not_accept_is_refused(source, registry, org_admin, member):
    accept_types(caller_of(org_admin), registry, ["model"])
    with refused(Invalid, "type_not_accepted"):
        link(member, source.artifact, registry)


def test_core_registries_take_every_type_also_a_dataset_into_model(source, registry, member):
    assert registry.name == "Model"
    assert link(member, source.artifact, registry).artifact.type == "dataset"


@pytest.mark.parametrize("type_name", ["run_table", "wandb-history", "code", "job"])
def test_types_of_the_sdk_are_linked_where_all_types_are_accepted(
    registry, project, member, type_name
):
    logged = log(member, project, "x", name="by-the-sdk", type_name=type_name)
    assert link(member, logged.artifact, registry).number == 0


def test_a_link_into_an_ordinary_project_makes_a_portfolio_there_by_its_rights(
    source, project, team, member, viewer, org_admin
):
    picked = link(member, source.artifact, project, "best", name="picked")
    assert (picked.number, picked.collection.kind) == (0, "portfolio")
    with refused(NotFound):
        link(viewer, source.artifact, project, name="picked")
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        link(viewer, source.artifact, project, name="picked")
    fresh = project_for_use(caller_of(member), team.entity, "fresh")
    assert link(member, source.artifact, fresh, name="picked").number == 0


def test_the_name_of_a_sequence_is_no_target_of_a_link(source, project, member):
    with refused(Conflict, "collection_kind"):
        link(member, source.artifact, project, name="zoo_dataset")


def test_nothing_is_linked_into_what_one_does_not_see(
    source, restricted_registry, member, organization
):
    with refused(NotFound):
        link(member, source.artifact, restricted_registry)


def test_a_bad_name_of_a_collection_links_nothing(source, registry, member, subtests):
    for name in ["", "x" * 129, "a/b", "a:b", "a\x00", " a", "a\u202eb"]:
        with subtests.test(name=name):
            with refused(Invalid) as refusal:
                link(member, source.artifact, registry, name=name)
            assert refusal.value.field == "name"


def test_a_collection_is_found_by_both_spellings_of_its_name(
    source, second_source, registry, member
):
    first = link(member, source.artifact, registry, name="caf\u00e9")
    second = link(member, second_source.artifact, registry, name="cafe\u0301")
    assert first.collection == second.collection


def test_a_collection_made_by_hand_is_linked_into(source, registry, member):
    made = create_collection(caller_of(member), registry.project, COLLECTION, "dataset")
    assert link(member, source.artifact, registry).collection == made
    assert Collection.objects.filter(project=registry.project).count() == 1
