"""Null fields of other SDK versions are dropped; anything that asks for more is refused."""

from __future__ import annotations

import pytest
from graphql import parse

from wandb_api.variables import without_unknown_nulls

ADD = "mutation M($input: AddAliasesInput!) { addAliases(input: $input) { success } }"
FILES = """
mutation M($input: CreateArtifactFilesInput!) {
  createArtifactFiles(input: $input) { files { edges { node { id } } } }
}
"""


def stripped(query: str, **variables):
    return without_unknown_nulls(parse(query), variables)


def test_unknown_nulls_are_dropped_at_every_depth():
    given = {
        "artifactID": "x",
        "clientMutationId": None,
        "aliases": [{"alias": "a", "artifactCollectionName": "c", "newer": None}],
    }
    assert stripped(ADD, input=given) == {
        "input": {
            "artifactID": "x",
            "aliases": [{"alias": "a", "artifactCollectionName": "c"}],
        }
    }


def test_known_nulls_and_unknown_values_stay():
    given = {"storageLayout": None, "artifactFiles": None, "cloudRegionID": "eu"}
    assert stripped(FILES, input=given) == {"input": given}


@pytest.mark.parametrize(
    "given", [None, 1, "x", [], [None], {"aliases": 1}, {"aliases": [1, None]}]
)
def test_whatever_shape_comes_is_left_to_the_validator(given):
    assert stripped(ADD, input=given) == {"input": given}


def test_variables_without_a_declaration_stay(ask, member, version):
    assert stripped("{ viewer { id } }", anything={"a": None}) == {"anything": {"a": None}}


def test_an_unknown_field_with_a_value_is_refused_by_name(ask, member, version):
    answer = ask(member, FILES, input={"artifactFiles": [], "cloudRegionID": "eu"})
    assert answer.status == 400
    assert "cloudRegionID" in answer.sentence


def test_an_unknown_null_field_is_no_obstacle(ask, member):
    given = {"artifactFiles": [], "cloudRegionID": None, "clientMutationId": None}
    answer = ask(member, FILES, input=given)
    assert (answer.status, answer.data["createArtifactFiles"]["files"]["edges"]) == (200, [])
