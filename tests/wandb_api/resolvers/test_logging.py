"""`createArtifact`: what a script announces, and what it is answered."""

from __future__ import annotations

import pytest

CREATE = """mutation M($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id state } }
}"""
MAPPING = "query Q($id: ID!) { clientIDMapping(clientID: $id) { serverID } }"


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
