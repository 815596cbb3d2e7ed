"""Logging in steps: content that is there already, and steps that come twice."""

from __future__ import annotations

import hashlib
import io
import json

import pytest

from accounts.errors import Invalid, NotAllowed
from artifacts.digests import artifact_digest
from artifacts.models import Artifact
from artifacts.operations.drafts import expect_manifest, receive_manifest
from artifacts.operations.runs import start_run
from registries.models import Version
from registries.operations.aliases import remove_aliases
from registries.operations.collections import edit_collection
from registries.operations.drafts import announce_version, commit_version, log_again
from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, history, link, log, put


def test_an_older_version_becomes_an_output_with_its_aliases_and_tags(
    project, source, second_source, member
):
    run = start_run(caller_of(member), project)
    for _ in range(2):
        again = log_again(
            caller_of(member),
            project,
            "zoo_dataset",
            "dataset",
            source.artifact.digest,
            aliases=["again"],
            tags=["uci"],
            run=run,
        )
        assert again == source.artifact
    assert list(run.outputs.values_list("artifact", flat=True)) == [source.artifact_id]
    assert aliases_of(source.collection) == {"latest": "v1", "again": "v0"}
    assert history()[-2:] == ["tag.added", "alias.added"]


def test_of_two_versions_with_the_same_content_the_newer_one_is_meant(
    project, source, second_source, member
):
    third = log(member, project, "as published")
    again = log_again(
        caller_of(member), project, "zoo_dataset", "dataset", source.artifact.digest, aliases=["a"]
    )
    assert again == third.artifact
    assert aliases_of(source.collection)["a"] == "v2"


def test_content_that_no_version_has_is_refused_and_nothing_waits_for_it(project, source, member):
    for name, digest in (("zoo_dataset", "0" * 32), ("other", source.artifact.digest)):
        with refused(Invalid, "no_such_content"):
            log_again(caller_of(member), project, name, "dataset", digest)
    assert not Artifact.objects.filter(state="PENDING").exists()


def test_a_tag_on_a_protected_version_refuses_the_aliases_with_it(
    project, source, protected_version, member
):
    with refused(NotAllowed, "protected_version"):
        log_again(
            caller_of(member),
            project,
            "zoo_dataset",
            "dataset",
            source.artifact.digest,
            aliases=["again"],
            tags=["uci"],
        )


def commit(by, artifact, digest):
    """The version of an announced artifact whose one file, a reference, has this digest."""
    upload = expect_manifest(by, artifact, kind="FULL", name="wandb_manifest.json")
    text = json.dumps({"version": 1, "contents": {"a": {"digest": digest, "ref": "https://a"}}})
    md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    receive_manifest(upload, io.BytesIO(text.encode()), size=len(text), md5=md5)
    return commit_version(by, artifact).version


@pytest.fixture
def told(project, member):
    """`told("a", "client")`: what a script logs of `scores`, which is told anew when it is
    synchronized again. `again` and `aliases` are those of `announce_version`."""
    by = caller_of(member)
    run = start_run(by, project)

    def log_once(text, client_id, *aliases, run=run, tags=(), again=None):
        artifact = announce_version(
            by,
            project,
            "scores",
            "dataset",
            artifact_digest([("a", text)]),
            aliases=aliases,
            tags=tags,
            deduplicate=True,
            again=again,
            client_id=client_id,
            sequence_client_id="scores",
            run=run,
        )
        if artifact.state == Artifact.State.PENDING:
            return commit(by, artifact, text)
        return Version.objects.get(artifact=artifact, collection__name="scores")

    return log_once


def test_what_is_told_again_takes_no_alias_and_no_tag_from_where_people_moved_them(told, member):
    first = told("a", "one", "candidate", tags=["night"])
    second = told("b", "two", "candidate", tags=["night"])
    put(member, first, "candidate", "latest")
    edit_version(caller_of(member), second, remove_tags=["night"])
    with nothing_changes():
        assert told("a", "one", "candidate", tags=["night"]) == first
        assert told("b", "two", "candidate", tags=["night"]) == second
    assert aliases_of(first.collection) == {"candidate": "v0", "latest": "v0"}


def test_what_is_told_again_with_more_gets_what_is_new(told, member):
    first = told("a", "one", "candidate")
    second = told("b", "two", "candidate")
    put(member, first, "candidate")
    for _ in range(2):
        assert told("b", "two", "candidate", "checked", tags=["night"]) == second
        assert told("a", "one", "candidate", "kept") == first
        remove_aliases(caller_of(member), second, ["checked"])
        remove_aliases(caller_of(member), first, ["kept"])
    assert aliases_of(first.collection) == {"candidate": "v0", "latest": "v1"}
    assert history()[-5:] == [
        "tag.added",
        "alias.added",
        "alias.added",
        "alias.removed",
        "alias.removed",
    ]


def test_content_that_was_there_is_told_again_without_taking_its_alias_back(
    told, project, member, subtests
):
    """Logged by another run, or in the browser: the first request has no version of its own."""
    other = start_run(caller_of(member), project)
    first = told("a", "one", "candidate")
    second = told("b", "two")
    assert told("b", "three", "candidate", run=other) == second
    put(member, first, "candidate")
    with nothing_changes():
        assert told("b", "three", "candidate", run=other) == second
    by_hand = log(member, project, "as published", name="scores")
    digest = by_hand.artifact.digest

    def again():
        return announce_version(
            caller_of(member),
            project,
            "scores",
            "dataset",
            digest,
            aliases=["candidate"],
            deduplicate=True,
            client_id="four",
            run=other,
        )

    assert again() == by_hand.artifact
    put(member, first, "candidate")
    with nothing_changes():
        assert again() == by_hand.artifact
    assert aliases_of(first.collection)["candidate"] == "v0"


def test_a_version_that_a_script_names_or_another_run_logs_takes_its_aliases_once_more(
    told, project, member
):
    first = told("a", "one", "candidate")
    second = told("b", "two", "candidate")
    assert told("a", "one", "candidate", again="v0") == first
    assert aliases_of(first.collection)["candidate"] == "v0"
    other = start_run(caller_of(member), project)
    assert told("b", "two", "candidate", run=other) == second
    assert aliases_of(first.collection)["candidate"] == "v1"


def test_the_same_content_again_gets_the_tags_and_keeps_its_description(told, member):
    first = told("a", "one", tags=["first"])
    edit_version(caller_of(member), first, description="said before")
    assert told("a", "two", tags=["second", "first"]) == first
    assert sorted(first.artifact.tags.values_list("name", flat=True)) == ["first", "second"]
    first.artifact.refresh_from_db()
    assert first.artifact.description == "said before"
    with refused(Invalid, "tag_form"):
        told("a", "three", "refused", tags=["a/b"])
    assert "refused" not in aliases_of(first.collection)


def test_the_same_content_again_leaves_a_protected_version_its_tags_and_is_logged(
    told, registry, member, admin
):
    first = told("a", "one", tags=["first"])
    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, link(member, first.artifact, registry), "production")
    assert told("a", "two", "nightly", tags=["second"]) == first
    assert list(first.artifact.tags.values_list("name", flat=True)) == ["first"]
    assert aliases_of(first.collection) == {"latest": "v0", "nightly": "v0"}


def test_a_commit_that_comes_again_answers_the_version_wherever_its_collection_has_gone(
    project, member
):
    by = caller_of(member)
    artifact = announce_version(by, project, "first", "dataset", "d", tags=[])
    made = commit(by, artifact, "a")
    edit_collection(by, made.collection, name="second")
    with nothing_changes():
        again = commit_version(by, artifact)
    assert (again.version, again.is_new) == (made, False)
    assert again.version.collection.name == "second"
