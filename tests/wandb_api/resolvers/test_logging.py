"""`createArtifact`: what a script announces, and what it is answered."""

from __future__ import annotations

import pytest

from artifacts.models import Announcement
from artifacts.operations.projects import create_project
from artifacts.operations.runs import start_run
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.things import aliases_of, log
from tests.wandb_api.asking import artifact_id

CREATE = """mutation M($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id state } }
}"""
MAPPING = "query Q($id: ID!) { clientIDMapping(clientID: $id) { serverID } }"

MANIFEST = """mutation M($input: CreateArtifactManifestInput!) {
  createArtifactManifest(input: $input) { artifactManifest { id } }
}"""
ANNOUNCED = {
    "entityName": "smle-reg-team-2",
    "projectName": "zoo_experiment",
    "artifactTypeName": "dataset",
    "artifactCollectionNames": ["kept"],
    "digest": "d",
    "digestAlgorithm": "MANIFEST_MD5",
}


@pytest.fixture
def announced(ask, member, project):
    """`announced(**input)`: the artifact a script of the member is answered."""

    def answered(**more):
        wanted = {
            "entityName": project.entity.name,
            "projectName": project.name,
            "artifactTypeName": "dataset",
            "artifactCollectionName": "zoo_dataset",
            "digest": "0" * 32,
            "digestAlgorithm": "MANIFEST_MD5",
            "enableDigestDeduplication": True,
            "clientID": "c",
        }
        answer = ask(member, CREATE, input=wanted | more)
        assert not answer.sentences
        return answer.data["createArtifact"]["artifact"]

    return answered


def test_every_client_id_of_a_distributed_artifact_leads_to_it(ask, member, announced):
    ids = {
        announced(clientID=name, sequenceClientID=f"s{name}", distributedID="g")["id"]
        for name in ("one", "two")
    }
    (made,) = ids
    for name in ("one", "two", "sone", "stwo"):
        assert ask(member, MAPPING, id=name).data["clientIDMapping"] == {"serverID": made}


def test_an_older_version_logged_again_takes_the_aliases_and_is_an_output(
    announced, project, member, source, second_source
):
    run = start_run(caller_of(member), project)
    again = announced(
        artifactCollectionName="zoo_dataset:v0",
        digest=source.artifact.digest,
        runName=run.name,
        aliases=[{"alias": "best", "artifactCollectionName": "zoo_dataset:v0"}],
    )
    assert again == {"id": artifact_id(source.artifact), "state": "COMMITTED"}
    assert aliases_of(source.collection) == {"best": "v0", "latest": "v1"}
    assert run.outputs.get().artifact == source.artifact


def test_the_client_id_of_content_that_is_there_leads_to_it(ask, member, announced, source):
    for _ in range(2):
        announced(digest=source.artifact.digest, clientID="same", sequenceClientID="sequence")
    for name in ("same", "sequence"):
        mapped = ask(member, MAPPING, id=name).data["clientIDMapping"]
        assert mapped == {"serverID": artifact_id(source.artifact)}


@pytest.mark.parametrize("name", ["clientID", "sequenceClientID"])
def test_an_id_that_is_too_long_is_refused_for_content_that_is_there(
    ask, member, project, source, name
):
    wanted = ANNOUNCED | {"artifactCollectionNames": ["zoo_dataset"], "clientID": "c"}
    wanted |= {"digest": source.artifact.digest, "enableDigestDeduplication": True}
    ask(member, "{ viewer { id } }")
    with nothing_changes():
        answer = ask(member, CREATE, input=wanted | {name: "x" * 129})
    assert answer.sentence.startswith("An id that a script gives has at most 128 characters")


def test_of_versions_with_the_same_content_the_one_that_is_named_is_meant(
    announced, project, member, source, second_source
):
    third = log(member, project, "as published")
    digest = source.artifact.digest
    for name, meant in (("v0", source), ("v1", third), ("latest", third), ("nothing", third)):
        again = announced(artifactCollectionName=f"zoo_dataset:{name}", digest=digest)
        assert again["id"] == artifact_id(meant.artifact)


def test_content_of_an_older_version_without_its_number_is_a_new_version(
    announced, source, second_source
):
    assert announced(digest=source.artifact.digest)["state"] == "PENDING"
    assert announced(digest=second_source.artifact.digest)["state"] == "COMMITTED"


def test_a_version_of_another_project_logged_here_begins_a_sequence_of_its_own(
    announced, member, source
):
    create_project(caller_of(member), source.collection.project.entity, "elsewhere")
    wanted = {"projectName": "elsewhere", "artifactCollectionName": "zoo_dataset:v0"}
    assert announced(digest=source.artifact.digest, **wanted)["state"] == "PENDING"
    assert Announcement.objects.get().collection_name == "zoo_dataset"


@pytest.fixture
def announce(ask, member, project):
    """`announce(clientID="…")`: the answer."""
    ask(member, "{ viewer { id } }")
    return lambda **given: ask(member, CREATE, input=ANNOUNCED | given)


def id_of(answer):
    return answer.data["createArtifact"]["artifact"]["id"]


@pytest.mark.parametrize("name", ["clientID", "distributedID", "sequenceClientID"])
def test_an_id_of_a_script_has_at_most_128_characters(announce, name):
    with nothing_changes():
        answer = announce(**{name: "x" * 129})
    assert answer.status == 422
    assert answer.sentence.startswith("An id that a script gives has at most 128 characters")
    assert announce(**{name: "x" * 128}).sentences == []


@pytest.mark.parametrize("name", ["name", "runName"])
def test_a_manifest_is_named_in_at_most_128_characters(ask, member, announce, name):
    manifest = {
        "artifactID": id_of(announce()),
        "name": "wandb_manifest.json",
        "digest": "",
        "entityName": "smle-reg-team-2",
        "projectName": "zoo_experiment",
        "runName": "",
        "type": "FULL",
    }
    with nothing_changes():
        answer = ask(member, MANIFEST, input=manifest | {name: "x" * 129})
    assert answer.status == 422
    assert "has at most 128 characters" in answer.sentence


def test_an_empty_id_of_a_script_is_none(announce):
    assert id_of(announce(clientID="")) != id_of(announce(clientID=""))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a": 1e999}', "[]"])
def test_metadata_that_is_no_sound_json_object_is_refused(announce, text):
    with nothing_changes():
        answer = announce(metadata=text)
    assert answer.status == 422
    assert answer.sentence.endswith(".")
