"""What runs and people log: versions of sequences, made, deduplicated, retyped, deleted."""

from __future__ import annotations

import io

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.models import Artifact, ManifestEntry
from artifacts.operations.artifacts import Reference
from registries.models import Event
from registries.operations.sources import (
    change_type,
    log_version,
)
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, files, history, link, log

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
