"""Lists of an artifact's versions and of what a run took and made: as many statements for many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.operations.runs import note_use, upsert_run
from registries.operations.edits import edit_version
from registries.operations.registries import create_registry
from tests.personas import caller_of
from tests.things import link, log, put
from tests.wandb_api.test_sdk_documents import documents
from wandb_api.identifiers import encode

LISTS = {
    "PROJECT_ARTIFACTS_GQL": {"type": "dataset", "collection": "zoo_dataset"},
    "RUN_INPUT_ARTIFACTS_GQL": {"run": "taker"},
    "RUN_OUTPUT_ARTIFACTS_GQL": {"run": "maker"},
}


@pytest.fixture
def add(project, organization, org_admin, member):
    """`add("a")`: a version with that content, in a registry of its own, a run takes and makes."""
    maker, _ = upsert_run(caller_of(member), project, "maker")
    upsert_run(caller_of(member), project, "taker")

    def added(*texts: str) -> None:
        for text in texts:
            version = log(member, project, text, run=maker, aliases=[f"is-{text}"])
            edit_version(caller_of(member), version, add_tags=["uci", text])
            note_use(caller_of(member), project, "taker", version.artifact)
            registry = create_registry(caller_of(org_admin), organization, f"Registry {text}")
            put(org_admin, link(org_admin, version.artifact, registry), "linked")

    return added


def page_of(ask, user, name, **more):
    """Number of the version, aliases and tags of each row, and how many statements it took."""
    asked = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "perPage": 50}
    with CaptureQueriesContext(connection) as captured:
        answer = ask(user, documents()[name], **asked, **LISTS[name], **more)
    assert answer.status == 200, answer.sentences
    project = answer.data["project"]
    if name == "PROJECT_ARTIFACTS_GQL":
        page = project["artifactType"]["artifactCollection"]["artifacts"]
    else:
        page = project["run"]["artifacts"]
    return [shown(edge["node"]) for edge in page["edges"]], len(captured)


def shown(node):
    aliases = [alias["alias"] for alias in node["aliases"]]
    return node["versionIndex"], aliases, sorted(tag["name"] for tag in node["tags"])


@pytest.mark.parametrize("name", LISTS)
def test_a_page_takes_as_many_statements_for_many_rows(ask, org_admin, add, name):
    add("a", "b")
    page_of(ask, org_admin, name)
    few, statements = page_of(ask, org_admin, name)
    add("c", "d", "e", "f")
    many, more_statements = page_of(ask, org_admin, name)
    assert (len(few), len(many)) == (2, 6)
    assert more_statements == statements
    assert sorted(many)[:2] == [
        (0, ["is-a", "latest", "linked"], ["a", "uci"]),
        (1, ["is-b", "latest", "linked", "v0"], ["b", "uci"]),
    ]


def test_aliases_of_collections_the_caller_does_not_see_are_left_out(
    ask, member, source, restricted_registry, org_admin
):
    put(org_admin, link(org_admin, source.artifact, restricted_registry), "secret")
    rows, _ = page_of(ask, member, "PROJECT_ARTIFACTS_GQL")
    assert rows == [(0, ["latest"], [])]


def test_versions_come_in_the_order_asked_for_and_an_unknown_order_is_refused(ask, member, add):
    add("a", "b", "c")

    def numbers(order):
        return [row[0] for row in page_of(ask, member, "PROJECT_ARTIFACTS_GQL", order=order)[0]]

    assert numbers(None) == numbers("-version_index") == numbers("-created_at") == [2, 1, 0]
    assert numbers("+version_index") == numbers("createdAt") == [0, 1, 2]
    asked = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "order": "-size"}
    document = documents()["PROJECT_ARTIFACTS_GQL"]
    answer = ask(member, document, **asked, **LISTS["PROJECT_ARTIFACTS_GQL"])
    assert answer.status == 422
    assert answer.sentence.startswith("“-size” is no order here. There is version_index")


def test_versions_are_filtered_and_an_unknown_filter_is_refused(ask, member, add):
    add("a", "b")

    def asked(filters):
        given = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "filters": filters}
        document = documents()["PROJECT_ARTIFACTS_GQL"]
        return ask(member, document, **given, **LISTS["PROJECT_ARTIFACTS_GQL"])

    def page(filters):
        return asked(filters).data["project"]["artifactType"]["artifactCollection"]["artifacts"]

    assert page('{"state": "COMMITTED"}')["totalCount"] == 2
    assert [edge["version"] for edge in page('{"alias": "is-a"}')["edges"]] == ["v0"]
    assert page('{"state": "PENDING"}')["edges"] == []
    assert asked('{"size": 1}').sentence.startswith("“size” cannot be searched.")


def test_where_an_artifact_is_linked_takes_as_many_statements_for_many_places(
    ask, member, project, organization, org_admin
):
    version = log(member, project, "everywhere")

    def link_into(*names):
        for name in names:
            registry = create_registry(caller_of(org_admin), organization, name)
            put(org_admin, link(org_admin, version.artifact, registry), f"in-{name.lower()}")

    def places():
        identifier = encode("Artifact", version.artifact_id)
        with CaptureQueriesContext(connection) as captured:
            answer = ask(
                org_admin, documents()["FETCH_LINKED_ARTIFACTS_GQL"], artifactID=identifier
            )
        edges = answer.data["artifact"]["artifactMemberships"]["edges"]
        return [place_of(edge["node"]) for edge in edges], len(captured)

    link_into("One", "Two")
    places()
    few, statements = places()
    link_into("Three", "Four", "Five", "Six")
    many, more_statements = places()
    assert many[:3] == few
    assert few[1:] == [
        ("wandb-registry-One", ["in-one", "latest"]),
        ("wandb-registry-Two", ["in-two", "latest"]),
    ]
    assert len(many) == 7
    assert more_statements == statements


def place_of(node):
    project = node["artifactCollection"]["project"]["name"]
    return project, [alias["alias"] for alias in node["aliases"]]
