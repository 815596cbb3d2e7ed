"""A version that is asked for with its registry is looked for along with it, and found as ever."""

from __future__ import annotations

import pytest

from registries.models import Version
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.members import remove_member
from registries.operations.registries import create_registry, delete_registry, edit_registry
from registries.operations.versions import link_version
from tests.personas import caller_of
from tests.trips import counted_trips

LOOK = """
query Look($entity: String!, $project: String!, $name: String!) {
  project(entityName: $entity, name: $project) {
    name
    artifactCollectionMembership(name: $name) { versionIndex }
  }
}
"""
TWO = """
query Two($entity: String!, $first: String!, $second: String!, $name: String!) {
  first: project(entityName: $entity, name: $first) {
    artifactCollectionMembership(name: $name) { artifactCollection { id } }
    other: artifactCollectionMembership(name: "Dogs:v0") { versionIndex }
  }
  second: project(entityName: $entity, name: $second) {
    artifactCollectionMembership(name: $name) { artifactCollection { id } }
  }
}
"""
GONE = {"project": None}


@pytest.fixture
def linked(member, organization, source) -> Version:
    return in_registry(member, organization, source, "Vision")


def in_registry(member, organization, source, name: str) -> Version:
    registry = create_registry(caller_of(member), organization, name)
    version = link_version(caller_of(member), source.artifact, registry.project, "Dogs").version
    add_aliases(caller_of(member), version, ["best"])
    return version


@pytest.fixture
def look(ask, member, organization, linked):
    """What the member is told, who has looked there before."""

    def looked(name: str = "Dogs:best", registry: str = "Vision"):
        where = {"entity": organization.name, "project": f"wandb-registry-{registry}"}
        return ask(member, LOOK, **where, name=name).data

    assert looked() == told(0)
    return looked


def told(number: int | None) -> dict:
    membership = None if number is None else {"versionIndex": number}
    return {
        "project": {"name": "wandb-registry-Vision", "artifactCollectionMembership": membership}
    }


@pytest.mark.parametrize("name", ["Dogs:best", "Dogs:v0", "Dogs:V0", "Dogs", "Dogs:latest"])
def test_a_version_is_found_again_by_each_of_its_names(look, name):
    assert look(name) == told(0)


@pytest.mark.parametrize("name", ["Dogs:worst", "Dogs:v1", "Cats:best", f"Dogs:v{10**12}", ":", ""])
def test_what_is_not_there_is_none_in_a_registry_that_is(look, name):
    assert look(name) == told(None)


def test_an_alias_that_was_taken_off_is_gone_at_once(look, member, linked):
    remove_aliases(caller_of(member), linked, ["best"])
    assert look() == told(None)


def test_a_registry_that_has_another_name_is_found_by_that_alone(look, member, linked):
    edit_registry(caller_of(member), linked.collection.project.registry, name="Sight")
    assert look() == GONE
    assert look(registry="Sight")["project"]["artifactCollectionMembership"] == {"versionIndex": 0}


def test_another_registry_that_took_the_name_tells_its_own(
    look, member, linked, organization, source
):
    delete_registry(caller_of(member), linked.collection.project.registry)
    create_registry(caller_of(member), organization, "Vision")
    assert look() == told(None)
    assert look() == told(None)


def test_who_was_removed_sees_neither_the_registry_nor_the_version(
    ask, org_admin, guest, organization, version
):
    where = {"entity": organization.name, "project": "wandb-registry-Model"}
    asked = where | {"name": f"{version.collection.name}:v0"}
    assert ask(guest, LOOK, **asked).data["project"]["artifactCollectionMembership"]
    remove_member(caller_of(org_admin), version.collection.project.registry, guest)
    assert ask(guest, LOOK, **asked).data == GONE


def test_several_in_one_request_are_each_of_their_own_registry(
    ask, look, member, organization, source, linked
):
    other = in_registry(member, organization, source, "Hearing")
    given = {"entity": organization.name, "name": "Dogs:best"}
    names = {"first": "wandb-registry-Vision", "second": "wandb-registry-Hearing"}
    for _ in range(2):
        data = ask(member, TWO, **given, **names).data
        ids = [
            data[one]["artifactCollectionMembership"]["artifactCollection"]["id"] for one in names
        ]
        assert len(set(ids)) == 2
        assert data["first"]["other"] == {"versionIndex": 0}
    assert other.collection_id != linked.collection_id


@pytest.mark.postgresql
def test_registry_and_version_take_one_trip_together(look, monkeypatch):
    trips = counted_trips(monkeypatch)
    look()
    assert trips == [1, 2]
