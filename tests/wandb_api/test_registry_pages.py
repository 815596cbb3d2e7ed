"""A page of registries, collections or versions asks as much for many homes as for one."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.operations.projects import create_project
from registries.models import Registry
from registries.operations.registries import accept_types, create_registry, edit_registry
from tests.personas import caller_of
from tests.things import link, log
from tests.wandb_api.test_sdk_documents import documents

REGISTRIES = """
query Q($organization: String!, $filters: JSONString, $order: String, $first: Int, $after: String) {
  organization(name: $organization) {
    orgEntity {
      projects(filters: $filters, order: $order, first: $first, after: $after) {
        edges { cursor node { name createdAt updatedAt } }
      }
    }
  }
}
"""
LISTS = ("FETCH_REGISTRIES_GQL", "REGISTRY_COLLECTIONS_GQL", "REGISTRY_VERSIONS_GQL")


@pytest.fixture
def add_homes(org_admin, member, organization, team):
    """`add_homes("A")`: a registry of that name, its version logged in a project of its own."""

    def add(*names: str) -> None:
        for name in names:
            project = create_project(caller_of(member), team.entity, name)
            source = log(member, project, name)
            listed = ["dataset"] if name < "C" else None
            home = create_registry(
                caller_of(org_admin), organization, f"Registry {name}", accepted_types=listed
            )
            link(org_admin, source.artifact, home, name=f"Collection {name}")

    return add


def page_of(ask, user, organization, name):
    """The nodes of the first page, and how many statements it took."""
    asked = {"organization": organization.name, "perPage": 100}
    with CaptureQueriesContext(connection) as captured:
        answer = ask(user, documents()[name], **asked)
    assert answer.status == 200, answer.sentences
    entity = answer.data["organization"]["orgEntity"]
    (page,) = (value for value in entity.values() if isinstance(value, dict))
    return [edge["node"] for edge in page["edges"]], len(captured)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_takes_as_many_statements_for_many_homes(ask, member, organization, add_homes, name):
    add_homes("A", "D")
    page_of(ask, member, organization, name)
    few, statements = page_of(ask, member, organization, name)
    add_homes("B", "E", "F")
    many, more_statements = page_of(ask, member, organization, name)
    assert len(many) == len(few) + 3
    assert more_statements == statements


def test_each_registry_of_a_page_tells_its_own_types(ask, member, organization, add_homes):
    add_homes("A", "D")
    nodes, _ = page_of(ask, member, organization, "FETCH_REGISTRIES_GQL")
    types = {
        node["name"].removeprefix("wandb-registry-"): [
            edge["node"]["name"] for edge in node["artifactTypes"]["edges"]
        ]
        for node in nodes
    }
    assert types["Registry A"] == types["Registry D"] == ["dataset"]
    assert [types[name] for name in types if name not in {"Registry A", "Registry D"}] == [[], []]


def test_a_registry_is_found_and_ordered_by_its_last_change(ask, org_admin, organization):
    made, changed = (
        create_registry(caller_of(org_admin), organization, name) for name in ("Made", "Changed")
    )
    for home in (changed, made):
        edit_registry(caller_of(org_admin), home, description="anew")
    since = Registry.objects.get(name="Changed").changed_at.isoformat()

    def asked(**variables):
        name = organization.name
        answer = ask(org_admin, REGISTRIES, organization=name, **variables)
        edges = answer.data["organization"]["orgEntity"]["projects"]["edges"]
        return [edge["node"]["name"].removeprefix("wandb-registry-") for edge in edges], edges

    names, edges = asked(filters=json.dumps({"updated_at": {"$gt": since}}))
    assert names == ["Made"]
    assert edges[0]["node"]["updatedAt"] > edges[0]["node"]["createdAt"]
    assert asked(order="-updated_at")[0][:2] == ["Made", "Changed"]
    _, edges = asked(order="-updated_at", first=1)
    cursor = edges[0]["cursor"]
    assert asked(order="-updated_at", first=1, after=cursor)[0] == ["Changed"]


def test_a_source_the_caller_does_not_see_is_kept_from_a_page(
    ask, viewer, member, organization, add_homes
):
    add_homes("D")
    (node,), _ = page_of(ask, viewer, organization, "REGISTRY_VERSIONS_GQL")
    assert node["artifactCollection"]["project"]["name"] == "wandb-registry-Registry D"
    assert node["artifact"]["artifactSequence"]["project"] is None


TYPE = """query Q($type: String!) {
  project(entityName: "smle-reg", name: "wandb-registry-Model") {
    artifactType(name: $type) { name artifactCollections { totalCount } }
  }
}"""


def test_a_type_is_there_as_long_as_a_registry_lists_or_holds_it(ask, org_admin, registry, version):
    def opened(name):
        return ask(org_admin, TYPE, type=name).data["project"]["artifactType"]

    in_use = {"name": "dataset", "artifactCollections": {"totalCount": 1}}
    assert (opened("dataset"), opened("model")) == (in_use, None)
    accept_types(caller_of(org_admin), registry, ["model"])
    assert opened("dataset") == in_use
    assert opened("model") == {"name": "model", "artifactCollections": {"totalCount": 0}}
    assert opened("table") is None
    accept_types(caller_of(org_admin), registry, None)
    assert (opened("dataset"), opened("model")) == (in_use, None)
