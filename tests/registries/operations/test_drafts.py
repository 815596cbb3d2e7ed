"""Content that is there already, logged by a script that names it and sends nothing."""

from __future__ import annotations

from accounts.errors import Invalid, NotAllowed
from artifacts.models import Artifact
from artifacts.operations.runs import start_run
from registries.operations.drafts import log_again
from tests.personas import caller_of
from tests.refusals import refused
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
