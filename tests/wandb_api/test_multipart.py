"""A large file in parts, by the requests the SDK makes of one, only smaller."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from django.test import Client

from artifacts.models import Artifact
from registries.models import Version
from registries.operations.drafts import announce_version
from tests.personas import caller_of
from tests.wandb_api.asking import artifact_id
from tests.wandb_api.test_sdk_documents import documents

PARTS = [b"0123456789" * 100, b"abcdefghij" * 100, b"the end"]
WHOLE = b"".join(PARTS)
PLACE = {"entityName": "smle-reg-team-2", "projectName": "zoo_experiment", "runName": "none"}


def md5_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def base64_of(content: bytes) -> str:
    return base64.b64encode(bytes.fromhex(md5_of(content))).decode()


PART_INPUTS = [
    {"partNumber": number, "hexMD5": md5_of(part)} for number, part in enumerate(PARTS, 1)
]


@pytest.fixture
def pending(member, project) -> Artifact:
    return announce_version(caller_of(member), project, "large", "model", "d", tags=[])


def announced(ask, user, pending, parts=None):
    """What the SDK gets for its one large file."""
    wanted = {
        "artifactID": artifact_id(pending),
        "name": "weights",
        "md5": base64_of(WHOLE),
        "uploadPartsInput": PART_INPUTS if parts is None else parts,
    }
    answer = ask(
        user,
        documents()["go.CreateArtifactFiles"],
        input={"artifactFiles": [wanted], "storageLayout": "V2"},
    )
    assert answer.status == 200, answer.sentences
    (edge,) = answer.data["createArtifactFiles"]["files"]["edges"]
    return edge["node"]


def put(address: str, content: bytes):
    path = address.removeprefix("http://testserver")
    return Client().put(path, content, "application/octet-stream")


def completed(ask, user, pending, node, etags, action="Complete"):
    return ask(
        user,
        documents()["go.CompleteMultipartUploadArtifact"],
        completeMultipartAction=action,
        completedParts=[
            {"partNumber": number, "hexMD5": etag} for number, etag in enumerate(etags, 1)
        ],
        artifactID=artifact_id(pending),
        storagePath=node["storagePath"],
        uploadID=node["uploadMultipartUrls"]["uploadID"],
    )


def sent(node) -> list[str]:
    parts = node["uploadMultipartUrls"]["uploadUrlParts"]
    assert [part["partNumber"] for part in parts] == [1, 2, 3]
    answers = [put(part["uploadUrl"], PARTS[part["partNumber"] - 1]) for part in reversed(parts)]
    assert {answer.status_code for answer in answers} == {200}
    return [answer["ETag"] for answer in reversed(answers)]


def send_manifest(ask, user, pending) -> None:
    raw = json.dumps(
        {"version": 1, "contents": {"weights": {"digest": base64_of(WHOLE), "size": len(WHOLE)}}}
    ).encode()
    answer = ask(
        user,
        documents()["go.CreateArtifactManifest"],
        **PLACE,
        artifactID=artifact_id(pending),
        name="wandb_manifest.json",
        digest=base64_of(raw),
        manifestType="FULL",
        includeUpload=True,
    )
    file = answer.data["createArtifactManifest"]["artifactManifest"]["file"]
    assert put(file["uploadUrl"], raw).status_code == 200


def test_parts_become_the_file_of_a_version(ask, member, pending):
    node = announced(ask, member, pending)
    assert node["uploadUrl"]
    answer = completed(ask, member, pending, node, sent(node))
    assert answer.data == {"completeMultipartUploadArtifact": {"digest": base64_of(WHOLE)}}
    send_manifest(ask, member, pending)
    answer = ask(member, documents()["go.CommitArtifact"], artifactID=artifact_id(pending))
    assert answer.status == 200, answer.sentences
    entry = Version.objects.get().artifact.entries.select_related("stored_file").get()
    assert entry.stored_file.sha256 == hashlib.sha256(WHOLE).hexdigest()


def test_a_completion_that_got_no_answer_is_repeated(ask, member, pending):
    node = announced(ask, member, pending)
    etags = sent(node)
    answers = [completed(ask, member, pending, node, etags) for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_part_that_was_cut_off_does_not_count(ask, member, pending):
    node = announced(ask, member, pending)
    parts = node["uploadMultipartUrls"]["uploadUrlParts"]
    assert put(parts[0]["uploadUrl"], PARTS[0][:-1]).status_code == 422
    answer = completed(ask, member, pending, node, [md5_of(part) for part in PARTS])
    assert (answer.status, answer.sentence) == (422, "Not all parts of this file have arrived.")


def test_other_parts_than_announced_are_not_joined(ask, member, pending):
    node = announced(ask, member, pending)
    sent(node)
    answer = completed(ask, member, pending, node, ["0" * 32] * 3)
    assert (answer.status, answer.sentence) == (422, "These are not the parts that were announced.")


def test_given_up_the_parts_are_gone(ask, member, pending):
    node = announced(ask, member, pending)
    etags = sent(node)
    assert completed(ask, member, pending, node, etags, action="Abort").status == 200
    assert completed(ask, member, pending, node, etags).status == 404


def test_who_may_not_write_joins_nothing(ask, member, viewer, pending):
    node = announced(ask, member, pending)
    etags = sent(node)
    assert completed(ask, viewer, pending, node, etags).status == 404


def test_a_file_without_parts_has_one_address(ask, member, pending):
    assert announced(ask, member, pending, parts=[])["uploadMultipartUrls"] is None
