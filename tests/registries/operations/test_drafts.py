"""Logging in steps: content that is there already, and steps that come twice."""

from __future__ import annotations

import hashlib
import io
import json

from accounts.errors import Invalid, NotAllowed
from artifacts.models import Artifact
from artifacts.operations.drafts import expect_manifest, receive_manifest
from artifacts.operations.runs import start_run
from registries.operations.collections import edit_collection
from registries.operations.drafts import announce_version, commit_version, log_again
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, history, log


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


def test_a_commit_that_comes_again_answers_the_version_wherever_its_collection_has_gone(
    project, member
):
    by = caller_of(member)
    artifact = announce_version(by, project, "first", "dataset", "d", tags=[])
    upload = expect_manifest(by, artifact, kind="FULL", name="wandb_manifest.json")
    text = json.dumps({"version": 1, "contents": {"a": {"digest": "a", "ref": "https://a"}}})
    md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    receive_manifest(upload, io.BytesIO(text.encode()), size=len(text), md5=md5)
    made = commit_version(by, artifact).version
    edit_collection(by, made.collection, name="second")
    with nothing_changes():
        again = commit_version(by, artifact)
    assert (again.version, again.is_new) == (made, False)
    assert again.version.collection.name == "second"
