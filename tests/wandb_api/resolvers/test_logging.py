"""What a script says when it begins to log, and what no server can keep of it."""

from __future__ import annotations

import pytest

from tests.refusals import nothing_changes

LOG = """mutation M($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id } }
}"""
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
def announce(ask, member, project):
    """`announce(clientID="…")`: the answer."""
    ask(member, "{ viewer { id } }")
    return lambda **given: ask(member, LOG, input=ANNOUNCED | given)


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
