"""What a link shows of the collection its artifact was logged to, and of the others beside it."""

from __future__ import annotations

import pytest

from registries.models import Alias
from tests.things import log, put
from wandb_api.identifiers import decode

READERS_WITHOUT_THE_SOURCE = ("viewer", "org_viewer", "guest", "restricted_viewer")
BESIDE = """query Q {
  project(entityName: "smle-reg", name: "wandb-registry-Model") {
    artifactCollectionMembership(name: "Zoo_Classifier_Models:v0") {
      artifact {
        versionIndex
        artifactSequence {
          id name description createdAt updatedAt state project { name }
          defaultArtifactType { name artifactCollection(name: "elsewhere") { name } }
          tags { edges { node { name } } }
          aliases { edges { node { alias } } pageInfo { hasNextPage } }
          artifacts { totalCount edges { node { digest metadata } } }
          artifactMembership(aliasName: "candidate") { versionIndex }
          latestArtifact { digest }
        }
        artifactType {
          name
          artifactCollections { totalCount edges { node { name } } }
          artifactCollection(name: "elsewhere") { name description }
        }
      }
    }
  }
}"""
PENDING = """query Q($id: ID!) {
  artifact(id: $id) {
    artifactSequence {
      name createdAt project { name } latestArtifact { id } aliases { edges { cursor } }
    }
  }
}"""
ALIASES = """query Q {
  project(entityName: "smle-reg", name: "wandb-registry-Model") {
    artifactCollectionMembership(name: "Zoo_Classifier_Models:v四") {
      versionIndex
      aliases { alias }
      artifact {
        aliases { alias artifactCollection { name } }
        artifactMemberships { edges { node { aliases { alias } } } }
      }
    }
  }
}"""
ANNOUNCE = """mutation M($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id } }
}"""


@pytest.fixture
def beside(ask, version, project, member):
    """`beside(user)`: what the linked version shows. Nothing else of its project was linked."""
    log(member, project, "never linked", aliases=["candidate"], metadata={"password": "hidden"})
    log(member, project, "another", name="elsewhere", description="Not linked at all.")

    def asked(user):
        answer = ask(user, BESIDE)
        assert (answer.status, answer.sentences) == (200, [])
        return answer.data["project"]["artifactCollectionMembership"]["artifact"]

    return asked


@pytest.mark.parametrize("persona", READERS_WITHOUT_THE_SOURCE)
def test_a_link_shows_of_a_hidden_source_its_name_alone(beside, personas, version, persona):
    shown = beside(personas[persona])
    sequence = shown["artifactSequence"]
    assert sequence.pop("createdAt") == version.artifact.created_at.isoformat().replace(
        "+00:00", "Z"
    )
    assert decode("ArtifactSequence", sequence.pop("id")) == 0
    assert sequence == {
        "name": "zoo_dataset",
        "description": None,
        "updatedAt": None,
        "state": "READY",
        "project": None,
        "defaultArtifactType": {"name": "dataset", "artifactCollection": None},
        "tags": {"edges": []},
        "aliases": {"edges": [], "pageInfo": {"hasNextPage": False}},
        "artifacts": {"totalCount": 0, "edges": []},
        "artifactMembership": None,
        "latestArtifact": None,
    }
    assert shown["artifactType"] == {
        "name": "dataset",
        "artifactCollections": {"totalCount": 0, "edges": []},
        "artifactCollection": None,
    }


def test_who_reads_the_project_sees_the_source_and_what_is_beside_it(beside, member):
    shown = beside(member)
    sequence = shown["artifactSequence"]
    aliases = [edge["node"]["alias"] for edge in sequence["aliases"]["edges"]]
    assert aliases == ["candidate", "latest"]
    assert sequence["project"] == {"name": "zoo_experiment"}
    assert sequence["artifacts"]["totalCount"] == 2
    assert sequence["artifactMembership"] == {"versionIndex": 1}
    assert shown["artifactType"]["artifactCollections"]["totalCount"] == 2
    assert shown["artifactType"]["artifactCollection"]["name"] == "elsewhere"


def test_a_sequence_that_the_first_commit_will_make_shows_its_name(ask, member, project):
    announced = ask(
        member,
        ANNOUNCE,
        input={
            "entityName": "smle-reg-team-2",
            "projectName": "zoo_experiment",
            "artifactTypeName": "dataset",
            "artifactCollectionNames": ["not_yet"],
            "digest": "d",
            "digestAlgorithm": "MANIFEST_MD5",
        },
    )
    identifier = announced.data["createArtifact"]["artifact"]["id"]
    shown = ask(member, PENDING, id=identifier).data["artifact"]["artifactSequence"]
    assert shown.pop("createdAt")
    assert shown == {
        "name": "not_yet",
        "project": None,
        "latestArtifact": None,
        "aliases": {"edges": []},
    }


def test_a_stored_alias_that_the_sdk_takes_for_a_number_leads_to_its_version_and_is_not_told(
    ask, version, member
):
    """Two of them, or one beside the number of a link, and the SDK does not load the version."""
    put(member, version, "best")
    for name in ("v四", "v½"):
        Alias.objects.create(
            collection=version.collection, version=version, name=name, changed_by=member
        )
    project = ask(member, ALIASES).data["project"]
    membership = project["artifactCollectionMembership"]
    told = [{"alias": "best"}, {"alias": "latest"}]
    assert membership["versionIndex"] == 0
    assert membership["aliases"] == told
    in_registry = [
        {"alias": alias["alias"]}
        for alias in membership["artifact"]["aliases"]
        if alias["artifactCollection"]["name"] == "Zoo_Classifier_Models"
    ]
    assert in_registry == told
    memberships = membership["artifact"]["artifactMemberships"]["edges"]
    assert {"aliases": told} in [edge["node"] for edge in memberships]
