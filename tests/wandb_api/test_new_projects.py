"""Projects made by the first link, log or run a script sends; a refused one leaves none."""

from __future__ import annotations

import pytest

from artifacts.models import Project
from artifacts.operations.projects import create_project
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.things import log
from tests.wandb_api.asking import artifact_id

LINK = """mutation M($input: LinkArtifactInput!) {
  linkArtifact(input: $input) { versionIndex }
}"""
LOG = """mutation M($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id } }
}"""
TEAM_HAS_NO_REGISTRIES = (
    "smle-reg-team-2 is a team, and registries are those of organizations. "
    "Write smle-reg/wandb-registry-Model/kept."
)
RUN = """mutation M($input: UpsertBucketInput!) { upsertBucket(input: $input) { inserted } }"""


def link_of(version, alias):
    return LINK, {
        "artifactID": artifact_id(version.artifact),
        "entityName": "member",
        "projectName": "fresh",
        "artifactPortfolioName": "kept",
        "aliases": [{"alias": alias, "artifactCollectionName": "kept"}],
    }


def log_of(version, alias):
    return LOG, {
        "entityName": "member",
        "projectName": "fresh",
        "artifactTypeName": "dataset",
        "artifactCollectionNames": ["kept"],
        "digest": "d",
        "digestAlgorithm": "MANIFEST_MD5",
        "aliases": [{"alias": alias, "artifactCollectionName": "kept"}],
    }


def run_of(version, name):
    return RUN, {"entityName": "member", "modelName": "fresh", "name": name}


@pytest.fixture
def send(ask, member):
    ask(member, "{ viewer { id } }")
    return lambda request: ask(member, request[0], input=request[1])


@pytest.mark.parametrize(
    ("request_of", "refused", "taken"),
    [(link_of, "v7", "best"), (log_of, "v7", "best"), (run_of, "no/name", "first")],
)
def test_a_project_is_made_by_what_is_taken_and_not_by_what_is_refused(
    send, source, request_of, refused, taken
):
    with nothing_changes():
        assert send(request_of(source, refused)).status == 422
    assert send(request_of(source, taken)).sentences == []
    assert Project.objects.filter(entity__name="member", name="fresh").exists()


@pytest.mark.parametrize(
    ("entity", "name", "sentence"),
    [
        (
            "Smle-Reg",
            "Model",
            "smle-reg is an organization. For a registry write smle-reg/wandb-registry-Model/kept.",
        ),
        (
            "smle-reg-team-2",
            "WANDB-REGISTRY-Model",
            TEAM_HAS_NO_REGISTRIES,
        ),
        (
            "smle-reg-team-2",
            "wandb-registry-",
            "Name the registry too: wandb-registry-REGISTRY/kept.",
        ),
        (
            "smle-reg",
            "wandb-registry-Nope",
            "There is no registry “Nope” in smle-reg, or it is not shared with you.",
        ),
    ],
)
def test_a_slip_in_the_path_to_a_registry_is_told_with_the_path_to_write(
    send, source, registry, entity, name, sentence
):
    request, given = link_of(source, "best")
    with nothing_changes():
        answer = send((request, given | {"entityName": entity, "projectName": name}))
    assert answer.sentence == sentence


def test_whoever_is_not_in_an_organization_is_told_nothing_of_it(ask, other_admin, registry):
    made = log(other_admin, create_project(caller_of(other_admin), other_admin.entity, "own"), "x")
    request, given = link_of(made, "best")
    for entity, name in (("smle-reg", "Model"), ("smle-reg-team-2", "WANDB-REGISTRY-Model")):
        asked = given | {"entityName": entity, "projectName": name}
        assert "not shared with you" in ask(other_admin, request, input=asked).sentence
