"""What runs and people log: versions of sequences, made, deduplicated, retyped, deleted."""

from __future__ import annotations

import io
from itertools import product

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.models import Artifact, ManifestEntry
from artifacts.operations.artifacts import Reference
from registries.models import Collection, Event, Registry, Version
from registries.operations.aliases import remove_aliases
from registries.operations.sources import (
    change_type,
    delete_sequence,
    delete_source,
    log_version,
)
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, files, history, link, log, put

# Logging


def test_logging_makes_a_sequence_a_number_latest_and_the_aliases_passed(project, member):
    first = log(member, project, "one", aliases=["best"])
    assert (first.label, first.collection.kind, first.collection.type) == (
        "v0",
        "sequence",
        "dataset",
    )
    second = log(member, project, "two")
    assert aliases_of(second.collection) == {"best": "v0", "latest": "v1"}
    assert history()[-6:] == [
        "collection.created",
        "version.linked",
        "alias.added",
        "alias.added",
        "version.linked",
        "alias.moved",
    ]


def test_the_facts_of_a_logged_version_come_back_and_its_tags_are_recorded(project, member):
    version = log(
        member, project, "one", description="", metadata={"rows": 3}, tags=["uci", "7 classes"]
    )
    artifact = Artifact.objects.get(versions=version)
    assert (artifact.description, artifact.metadata) == ("", {"rows": 3})
    told = Event.objects.filter(kind="tag.added").order_by("pk")
    assert list(told.values_list("tag", "number", "collection_name")) == [
        ("uci", 0, "zoo_dataset"),
        ("7 classes", 0, "zoo_dataset"),
    ]


def test_the_same_content_again_is_the_same_version_with_its_aliases_applied(project, member):
    first = log(member, project, "one")
    with nothing_changes():
        assert log(member, project, "one") == first
    again = log_version(
        caller_of(member), project, "zoo_dataset", "dataset", files("one"), aliases=["best"]
    )
    assert (again.version, again.is_new) == (first, False)
    assert aliases_of(first.collection) == {"latest": "v0", "best": "v0"}


def test_content_that_was_newest_once_gets_a_new_number(project, member):
    log(member, project, "one")
    log(member, project, "two")
    assert log(member, project, "one").number == 2


def test_aliases_are_checked_before_any_byte_is_read_or_kept(project, member, subtests):
    for alias in ["v3", "ｖ３", "Latest", "a/b", "a:b", "", " a", "x" * 129, "a\u202eb"]:
        with subtests.test(alias=alias):
            stream = io.BytesIO(b"never read")
            with refused(Invalid):
                log_version(
                    caller_of(member),
                    project,
                    "zoo_dataset",
                    "dataset",
                    {"a": stream},
                    aliases=["good", alias],
                )
            assert stream.tell() == 0


def test_rights_are_checked_before_any_byte_is_read_or_kept(project, team, viewer, outsider):
    add_to_team(OPERATOR, team, viewer, "viewer")
    for user, kind in ((outsider, NotFound), (viewer, NotAllowed)):
        stream = io.BytesIO(b"never read")
        with refused(kind):
            log_version(caller_of(user), project, "zoo_dataset", "dataset", {"a": stream})
        assert stream.tell() == 0


def test_bad_facts_log_no_version(project, member, subtests):
    for options in [
        {"name": "a/b"},
        {"name": "x" * 129},
        {"name": ""},
        {"type_name": "a:b"},
        {"metadata": {"a": float("inf")}},
        {"tags": ["a/b"]},
        {"description": "\x00"},
    ]:
        with subtests.test(options=options):
            log(member, project, "kept already", name="other")
            with refused(Invalid):
                log(member, project, "kept already", **options)


def test_a_sequence_keeps_to_its_type(source, project, member):
    log(member, project, "bytes kept before", name="other")
    with refused(Invalid, "collection_type"):
        log(member, project, "bytes kept before", type_name="model")


def test_a_portfolio_is_not_logged_into(source, project, member):
    link(member, source.artifact, project, name="picked")
    with refused(Conflict, "collection_kind"):
        log(member, project, "as published", name="picked")


def test_nothing_is_logged_into_a_registry(registry, org_admin, admin):
    for user in (org_admin, admin):
        with refused(NotFound):
            log(user, registry.project, "one")


def test_a_version_may_be_references_alone(project, member):
    outcome = log_version(
        caller_of(member), project, "outside", "dataset", {"a": Reference("s3://b/a", "etag")}
    )
    assert ManifestEntry.objects.get(artifact__versions=outcome.version).reference == "s3://b/a"


# Types


def test_the_type_of_a_sequence_may_be_changed_and_its_versions_follow(
    source, second_source, project, member
):
    changed = change_type(caller_of(member), source.collection, "table")
    assert changed.type == "table"
    assert set(Artifact.objects.values_list("type", flat=True)) == {"table"}
    event = Event.objects.latest("pk")
    assert (event.kind, event.details) == (
        "collection.edited",
        {"changes": {"type": ["dataset", "table"]}},
    )
    assert log(member, project, "third", type_name="table").number == 2


def test_the_same_type_again_changes_nothing(source, member):
    with nothing_changes():
        change_type(caller_of(member), source.collection, "dataset")


def test_a_type_does_not_change_under_a_link(source, version, member):
    with refused(Conflict, "type_in_use"):
        change_type(caller_of(member), source.collection, "table")
    unlink_version(caller_of(member), version)
    change_type(caller_of(member), source.collection, "table")


def test_a_portfolio_keeps_its_type_for_ever(version, project, source, member, admin):
    picked = link(member, source.artifact, project, name="picked")
    for user, collection in ((admin, version.collection), (member, picked.collection)):
        with refused(Invalid, "not_a_sequence"):
            change_type(caller_of(user), collection, "table")


def test_no_sequence_gets_a_type_the_sdk_keeps_for_itself(source, member, subtests):
    for type_name in ["", "a/b", "job", "code", "run_table", "wandb-x", "x" * 129]:
        with subtests.test(type_name=type_name):
            with refused(Invalid) as refusal:
                change_type(caller_of(member), source.collection, type_name)
            assert refusal.value.field == "type"


def test_who_may_not_write_in_the_project_changes_no_type(source, team, viewer, outsider):
    with refused(NotFound):
        change_type(caller_of(outsider), source.collection, "table")
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        change_type(caller_of(viewer), source.collection, "table")


# Deleting


def test_the_links_end_with_their_source_numbers_burned_and_latest_moved_down(
    source, version, second_version, second_source, registry, project, member
):
    collection = version.collection
    delete_source(caller_of(member), second_source)
    assert list(Version.objects.order_by("pk")) == [source, version]
    assert aliases_of(collection) == aliases_of(source.collection) == {"latest": "v0"}
    assert Artifact.objects.count() == 1
    assert log(member, project, "third").number == 2
    assert link(member, log(member, project, "third").artifact, registry).number == 2


def test_each_end_is_told_in_its_own_home_naming_the_source(source, version, member):
    before = Event.objects.count()
    delete_source(caller_of(member), source)
    told = Event.objects.order_by("pk").values_list("kind", "home_name", "number", "subject")
    assert list(told)[before:] == [
        ("alias.removed", "Model", None, ""),
        ("version.unlinked", "Model", 0, "zoo_dataset:v0"),
        ("alias.removed", "zoo_experiment", None, ""),
        ("version.unlinked", "zoo_experiment", 0, "zoo_dataset:v0"),
    ]


def test_the_source_of_a_protected_version_is_deleted_by_nobody(
    protected_version, source, member, admin, org_admin
):
    for delete_aliases, user in product((False, True), (member, admin, org_admin)):
        with refused(NotAllowed, "protected_version") as refusal:
            delete_source(caller_of(user), source, delete_aliases=delete_aliases)
        assert "before a registry admin takes the alias off" in refusal.value.sentence
        with refused(NotAllowed, "protected_version"):
            delete_sequence(caller_of(user), source.collection, delete_aliases=delete_aliases)
    remove_aliases(caller_of(admin), protected_version, ["production"])
    delete_source(caller_of(member), source)


@pytest.mark.parametrize("where", ["source", "version"])
def test_an_alias_on_the_source_or_a_link_keeps_it_unless_the_caller_says_so(
    source, version, member, where
):
    put(member, source if where == "source" else version, "best")
    with refused(Conflict, "has_aliases") as refusal:
        delete_source(caller_of(member), source)
    assert "best" in refusal.value.sentence
    delete_source(caller_of(member), source, delete_aliases=True)
    assert not Version.objects.exists()


def test_a_team_deletes_nothing_that_a_registry_they_are_no_members_of_points_at(
    source, member, org_admin
):
    link(org_admin, source.artifact, Registry.objects.get(name="Dataset"), name="Zoo")
    with refused(NotAllowed) as refusal:
        delete_source(caller_of(member), source, delete_aliases=True)
    assert "Dataset links this version" in refusal.value.sentence
    delete_source(caller_of(org_admin), source)


def test_the_name_of_a_hidden_registry_that_links_it_is_not_told(
    source, restricted_registry, member, org_admin
):
    link(org_admin, source.artifact, restricted_registry, "secret-alias")
    with refused(NotAllowed) as refusal:
        delete_source(caller_of(member), source)
    assert "Secret" not in refusal.value.sentence
    assert "secret-alias" not in refusal.value.sentence
    with refused(NotAllowed):
        delete_sequence(caller_of(member), source.collection, delete_aliases=True)


def test_who_may_not_write_at_the_source_deletes_it_by_no_way(source, version, guest, viewer, team):
    for user in (guest, viewer):
        with refused(NotFound):
            delete_source(caller_of(user), source)
        with refused(NotFound):
            delete_sequence(caller_of(user), source.collection)
    with refused(NotAllowed) as refusal:
        delete_source(caller_of(guest), version)
    assert "A registry you cannot see" not in refusal.value.sentence
    assert "zoo_experiment" not in refusal.value.sentence
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        delete_source(caller_of(viewer), source)
    with refused(NotAllowed):
        delete_sequence(caller_of(viewer), source.collection)


def test_a_version_deleted_twice_is_gone(source, member):
    stale = Version.objects.get(pk=source.pk)
    delete_source(caller_of(member), source)
    with refused(Conflict, "version_gone"):
        delete_source(caller_of(member), stale)


def test_a_sequence_ends_with_all_its_versions_and_their_links(
    source, second_version, registry, member
):
    delete_sequence(caller_of(member), source.collection)
    assert not Version.objects.exists()
    assert not Artifact.objects.exists()
    assert list(Collection.objects.values_list("kind", flat=True)) == ["portfolio"]
    assert history()[-1] == "collection.deleted"


def test_a_sequence_ends_whole_or_not_at_all(source, second_version, admin, member, registry):
    """v1 alone is protected; v0 must not have gone before that was seen."""
    put(member, second_version, "best")
    with refused(Conflict, "has_aliases"):
        delete_sequence(caller_of(member), source.collection)


def test_a_portfolio_is_not_deleted_as_a_sequence_with_its_sources(
    version, source, project, member, admin, outsider
):
    picked = link(member, source.artifact, project, name="picked")
    for user, collection in ((admin, version.collection), (member, picked.collection)):
        with refused(Invalid, "not_a_sequence"):
            delete_sequence(caller_of(user), collection)
    with refused(NotFound):
        delete_sequence(caller_of(outsider), version.collection)
