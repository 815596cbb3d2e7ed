"""Linking and unlinking: numbers, `latest`, sources, types."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.organizations import set_organization_role
from accounts.operations.teams import add_to_team, create_team
from artifacts.models import StoredFile
from artifacts.operations.projects import create_project, project_for_use
from registries.models import Collection, Event, Registry, Version
from registries.operations.aliases import remove_aliases
from registries.operations.collections import create_collection
from registries.operations.members import add_member
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import accept_types, create_registry
from registries.operations.versions import (
    aliases_on,
    give_number,
    link_version,
    source_label,
    unlink_version,
)
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused
from tests.things import COLLECTION, aliases_of, history, link, log, put


@pytest.fixture
def third_source(second_source, project, member):
    return log(member, project, "split")


def test_a_link_gives_the_number_0_and_latest_and_the_aliases_passed(source, registry, member):
    outcome = link_version(
        caller_of(member), source.artifact, registry.project, COLLECTION, ["best", "v1.0"]
    )
    assert outcome.is_new
    assert outcome.version.label == "v0"
    assert [change.name for change in outcome.changes] == ["latest", "best", "v1.0"]
    assert aliases_of(outcome.version.collection) == {"latest": "v0", "best": "v0", "v1.0": "v0"}
    assert history()[-5:] == [
        "collection.created",
        "version.linked",
        "alias.added",
        "alias.added",
        "alias.added",
    ]


def test_a_link_to_a_collection_that_does_not_exist_creates_a_portfolio_of_its_type(
    source, registry, member
):
    collection = link(member, source.artifact, registry).collection
    assert (collection.kind, collection.type, collection.created_by) == (
        "portfolio",
        "dataset",
        member,
    )
    assert collection.description is None


def test_a_link_copies_no_bytes(source, registry, member):
    before = list(StoredFile.objects.values_list())
    version = link(member, source.artifact, registry)
    assert version.artifact == source.artifact
    assert list(StoredFile.objects.values_list()) == before


def test_numbers_count_from_0_in_each_collection_whatever_they_are_elsewhere(
    second_version, second_source, registry, member
):
    assert (second_source.number, second_version.number) == (1, 1)
    assert link(member, second_source.artifact, registry, name="Other").number == 0


def test_latest_moves_to_each_new_version(version, second_version):
    assert aliases_of(version.collection) == {"latest": "v1"}
    event = Event.objects.filter(alias="latest", collection=version.collection).latest("pk")
    assert (event.kind, event.from_number, event.number) == ("alias.moved", 0, 1)


def test_a_repeated_link_makes_no_new_number_and_changes_nothing(
    version, second_version, registry, member
):
    with nothing_changes():
        outcome = link_version(
            caller_of(member), version.artifact, registry.project, COLLECTION, []
        )
    assert not outcome.is_new
    assert outcome.version == version
    assert aliases_of(version.collection) == {"latest": "v1"}


def test_a_repeated_link_applies_the_aliases_passed_latest_included(
    version, second_version, registry, member
):
    assert link(member, version.artifact, registry, "best", "latest") == version
    assert aliases_of(version.collection) == {"latest": "v0", "best": "v0"}
    with nothing_changes():
        link(member, version.artifact, registry, "best", "latest")


def test_the_number_a_link_will_get_may_be_among_its_aliases(source, registry, member):
    version = link(member, source.artifact, registry, "v0", "latest")
    assert aliases_of(version.collection) == {"latest": "v0"}
    with refused(Invalid, "alias_is_number"):
        link(member, source.artifact, registry, "v1")


@pytest.mark.parametrize("bad", ["production", "Production", "v5", "a/b", "Latest"])
def test_one_refused_alias_refuses_the_whole_link_with_its_collection(
    source, registry, member, org_admin, bad
):
    protect_aliases(caller_of(org_admin), registry, ["production"])
    with refused(NotAllowed if bad == "production" else Invalid):
        link(member, source.artifact, registry, "good", bad)
    assert not Collection.objects.filter(name=COLLECTION).exists()


def test_an_admin_links_with_a_protected_alias(source, registry, admin):
    protect_aliases(caller_of(admin), registry, ["production"])
    version = link(admin, source.artifact, registry, "production")
    assert aliases_of(version.collection) == {"latest": "v0", "production": "v0"}


def test_a_member_relinking_a_protected_version_with_its_alias_is_refused(
    protected_version, registry, member
):
    with refused(NotAllowed, "protected_alias"):
        link(member, protected_version.artifact, registry, "production")
    with nothing_changes():
        link(member, protected_version.artifact, registry)


# Unlinking


def test_an_unlinked_number_is_never_given_again(version, second_version, third_source, member):
    collection = version.collection
    unlink_version(caller_of(member), second_version)
    third = link(member, third_source.artifact, collection.project)
    again = link(member, second_version.artifact, collection.project)
    assert (third.number, again.number) == (2, 3)
    unlink_version(caller_of(member), third)
    unlink_version(caller_of(member), again)
    unlink_version(caller_of(member), version)
    assert link(member, third_source.artifact, collection.project).number == 4


def test_unlinking_takes_the_aliases_with_it_each_with_its_event(version, member):
    put(member, version, "best", "also")
    collection, pk = version.collection, version.pk
    unlink_version(caller_of(member), Version.objects.get(pk=pk))
    assert aliases_of(collection) == {}
    assert not Version.objects.filter(pk=pk).exists()
    told = Event.objects.filter(collection=collection).order_by("-pk")[:4]
    assert [(event.kind, event.alias, event.subject) for event in reversed(told)] == [
        ("alias.removed", "also", ""),
        ("alias.removed", "best", ""),
        ("alias.removed", "latest", ""),
        ("version.unlinked", "", "zoo_dataset:v0"),
    ]


def test_latest_goes_down_to_the_highest_number_left(version, second_version, third_source, member):
    third = link(member, third_source.artifact, version.collection.project)
    unlink_version(caller_of(member), second_version)
    assert aliases_of(version.collection) == {"latest": "v2"}
    unlink_version(caller_of(member), third)
    assert aliases_of(version.collection) == {"latest": "v0"}
    moved = Event.objects.filter(kind="alias.moved", alias="latest").latest("pk")
    assert (moved.from_number, moved.number) == (2, 0)


def test_unlinking_another_version_leaves_latest_where_it_was_put(version, second_version, member):
    put(member, version, "latest")
    unlink_version(caller_of(member), second_version)
    assert aliases_of(version.collection) == {"latest": "v0"}


def test_a_latest_taken_off_by_hand_does_not_come_back_by_unlinking(
    version, second_version, member
):
    remove_aliases(caller_of(member), second_version, ["latest"])
    unlink_version(caller_of(member), second_version)
    assert aliases_of(version.collection) == {}


def test_unlinking_leaves_the_source_and_other_links(version, source, registry, member):
    other = link(member, source.artifact, registry, name="Other")
    unlink_version(caller_of(member), version)
    assert set(Version.objects.all()) == {source, other}


def test_only_admins_unlink_a_protected_version(
    protected_version, admin, member, guest, service_account, viewer, outsider
):
    for user in (member, guest, service_account, viewer):
        with refused(NotAllowed):
            unlink_version(caller_of(user), protected_version)
    with refused(NotFound):
        unlink_version(caller_of(outsider), protected_version)
    unlink_version(caller_of(admin), protected_version)


def test_a_version_whose_protected_alias_moved_away_is_free_again(
    protected_version, second_version, admin, member
):
    put(admin, second_version, "production")
    with refused(NotAllowed):
        unlink_version(caller_of(member), second_version)
    unlink_version(caller_of(member), protected_version)


def test_a_logged_version_is_not_unlinked(source, member):
    with refused(Invalid, "not_a_link"):
        unlink_version(caller_of(member), source)


def test_a_version_unlinked_twice_is_gone(version, member):
    stale = Version.objects.get(pk=version.pk)
    unlink_version(caller_of(member), version)
    with refused(Conflict, "version_gone"):
        unlink_version(caller_of(member), stale)


# Sources


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


# Types


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


# Projects


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


# Building blocks


def test_a_version_is_known_by_the_number_its_source_has(source, version):
    assert source_label(version.artifact) == "zoo_dataset:v0"
    assert aliases_on(version) == {"latest"}


def test_a_number_is_counted_up_in_the_row_of_the_collection(version, member, project):
    collection = Collection.objects.get(pk=version.collection_id)
    other = log(member, project, "other")
    assert give_number(caller_of(member), collection, other.artifact).number == 1
    collection.refresh_from_db()
    assert collection.next_number == 2


def test_every_registry_answers_for_its_own(source, org_admin):
    for registry in Registry.objects.all():
        assert link(org_admin, source.artifact, registry).number == 0
