"""Ids: base64 of `Type:number`, and nothing that merely looks like one."""

from __future__ import annotations

import base64

import pytest

from accounts.errors import NotFound
from wandb_api.identifiers import (
    LARGEST,
    decode,
    decode_shown_as,
    encode,
    encode_artifact,
)


def of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_an_id_reads_back():
    assert decode("Artifact", encode("Artifact", 7)) == 7
    assert base64.b64decode(encode("ProjectInternalId", 7)) == b"ProjectInternalId:7"


def test_an_id_of_an_artifact_may_tell_the_number_of_the_link_that_was_listed():
    assert decode("Artifact", encode_artifact(7, 3)) == 7
    assert decode_shown_as(encode_artifact(7, 3)) == 3
    assert decode_shown_as(encode_artifact(7, None)) is None
    assert encode_artifact(7, None) == encode("Artifact", 7)
    with pytest.raises(NotFound):
        decode("Run", of("Run:7:3"))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "7",
        "!",
        of("Artifact"),
        of("Artifact:"),
        of("Artifact:x"),
        of("Artifact:-1"),
        of("Artifact:+7"),
        of("Artifact: 7"),
        of("Artifact:07"),
        of("Artifact:7.0"),
        of("Artifact:٧"),
        of("Artifact:7:"),
        of("Artifact:7:x"),
        of("Artifact:7:07"),
        of("Artifact:7:7:7"),
        of(f"Artifact:{LARGEST + 1}"),
        of("Artifact:" + "9" * 5000),
        of("Project:7"),
        of("artifact:7"),
        of("Artifact:7") + "\n",
        base64.b64encode(b"Artifact:\xff").decode(),
        "é",
        "\ud800",
    ],
)
def test_what_is_no_id_of_this_type_does_not_exist(given):
    with pytest.raises(NotFound):
        decode("Artifact", given)


QUERIES = {
    "artifact": "query Q($id: ID!) { artifact(id: $id) { id } }",
    "artifactCollection": "query Q($id: ID!) { artifactCollection(id: $id) { id } }",
    "clientIDMapping": "query Q($id: ID!) { clientIDMapping(clientID: $id) { serverID } }",
}


@pytest.mark.parametrize("field", QUERIES)
@pytest.mark.parametrize(
    "given", ["", "x", of("User:1"), of("Artifact:999999999999"), "a" * 5000, 7]
)
def test_a_query_answers_null_for_an_id_of_nothing(ask, member, version, field, given):
    answer = ask(member, QUERIES[field], id=given)
    assert (answer.status, answer.data, answer.sentences) == (200, {field: None}, [])
