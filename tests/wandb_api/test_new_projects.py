"""Projects made by the first link, log or run a script sends; a refused one leaves none."""

from __future__ import annotations

import pytest

from artifacts.models import Project
from tests.refusals import nothing_changes
from tests.wandb_api.asking import artifact_id

LINK = """mutation M($input: LinkArtifactInput!) {
  linkArtifact(input: $input) { versionIndex }
}"""
LOG = """mutation M($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id } }
}"""
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
