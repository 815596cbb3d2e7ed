"""Numbers and texts of the protocol: what is none is told, and found before anything runs."""

from __future__ import annotations

import pytest

from tests.refusals import nothing_changes
from tests.wandb_api.asking import artifact_id

UPDATE = """mutation M($input: UpdateArtifactInput!) {
  updateArtifact(input: $input) { artifact { ttlDurationSeconds metadata } }
}"""
PARTS = """mutation M($input: CreateArtifactFilesInput!) {
  createArtifactFiles(input: $input) { files { totalCount } }
}"""
NO_NUMBERS = ["", "5", 1.5, True, [5], {}, {"a": 5}, 2**63, -(2**63) - 1, 10**30]
NO_TEXTS = [5, 1.5, True, {}, {"a": 1}, ["{}"]]


@pytest.fixture
def refused(ask, member, source):
    """`refused(query, input)`: the sentence."""
    ask(member, "{ viewer { id } }")

    def sentence(query, given):
        with nothing_changes():
            answer = ask(member, query, input=given)
        assert answer.status == 400
        return answer.sentences[0]

    return sentence


@pytest.mark.parametrize("given", NO_NUMBERS, ids=str)
def test_what_is_no_number_of_64_bits_is_refused(refused, source, given):
    artifact = artifact_id(source.artifact)
    told = refused(UPDATE, {"artifactID": artifact, "ttlDurationSeconds": given})
    assert "An Int64 is a whole number of at most 64 bits." in told
    part = {"partNumber": given, "hexMD5": "0" * 32}
    file = {"artifactID": artifact, "name": "n", "md5": "m", "uploadPartsInput": [part]}
    assert "An Int64 is a whole number" in refused(PARTS, {"artifactFiles": [file]})


@pytest.mark.parametrize("given", NO_TEXTS, ids=str)
def test_what_is_no_text_holds_no_json(refused, source, given):
    told = refused(UPDATE, {"artifactID": artifact_id(source.artifact), "metadata": given})
    assert "A JSONString is a text that holds JSON." in told


def test_values_may_stand_in_the_query_itself(ask, member, source):
    given = f'artifactID: "{artifact_id(source.artifact)}"'
    query = "mutation {{ updateArtifact(input: {{{}}}) {{ artifact {{ {} }} }} }}"
    taken = ask(
        member, query.format(given + ', ttlDurationSeconds: 60, metadata: "{}"', "metadata")
    )
    assert taken.data["updateArtifact"]["artifact"] == {"metadata": "{}"}
    for wrong in ("ttlDurationSeconds: 1.5", "metadata: {a: 1}"):
        assert ask(member, query.format(f"{given}, {wrong}", "id")).status == 400
