"""The page of a registry."""

from __future__ import annotations

import pytest

from registries.operations.collections import create_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.registries import edit_registry
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import link, log, put


def listed(user, **query):
    """The names of collections in the order of the page."""
    page = Browser(user).get("registry", query, **CORE)
    assert page.status == 200
    rows = page.root.all("th", class_="cell-lead")
    return [row.all("a")[0].text for row in rows]


def test_whoever_may_link_finds_the_way_beside_the_collections(version, member, viewer):
    hrefs = {
        user: {
            node.attributes.get("href")
            for node in Browser(user).get("registry", **CORE).main.all("a")
        }
        for user in (member, viewer)
    }
    address = "/orgs/smle-reg/registry/Model/link"
    assert address in hrefs[member]
    assert address not in hrefs[viewer]
    assert Browser(member).client.get(address).status_code == 200


def test_all_of_a_description_can_be_read_below_the_collections(registry, admin, viewer):
    edit_registry(caller_of(admin), registry, description="One line.")
    assert Browser(viewer).get("registry", **CORE).main.text.count("One line.") == 1
    edit_registry(caller_of(admin), registry, description="One line.\n\nAnother *of* them.")
    page = Browser(viewer).get("registry", **CORE)
    about = page.root.one("section", id="about")
    assert about.text == "About One line. Another of them."
    assert [node.text for node in about.all("em")] == ["of"]


@pytest.fixture
def animals(version, project, registry, member):
    """Zoo_Classifier_Models, bears, Cats and dogs; all but the first are of other types."""
    for name, type_name in (("dogs", "model"), ("bears", "weights"), ("Cats", "model")):
        made = log(member, project, name, name=f"{name}_source", type_name=type_name)
        link(member, made.artifact, registry, name=name)
    return registry


def test_collections_are_narrowed_by_name_and_by_type(animals, viewer):
    assert listed(viewer, filter="CAT") == ["Cats"]
    assert listed(viewer, type="model") == ["Cats", "dogs"]
    assert listed(viewer, type="model", filter="dog") == ["dogs"]
    assert listed(viewer, filter="okapi") == []


def test_collections_are_sorted_four_ways(animals, version, project, member, viewer):
    assert listed(viewer) == listed(viewer, sort="nonsense")
    assert listed(viewer, sort="name") == ["bears", "Cats", "dogs", "Zoo_Classifier_Models"]
    by_type = listed(viewer, sort="type")
    assert by_type == ["Zoo_Classifier_Models", "Cats", "dogs", "bears"]
    newest = log(member, project, "again", name="bears_source", type_name="weights")
    link(member, newest.artifact, animals, name="bears")
    edit_collection(caller_of(member), version.collection, add_tags=["changed"])
    assert listed(viewer, sort="newest")[:2] == ["bears", "Cats"]
    assert listed(viewer, sort="changed")[:2] == ["Zoo_Classifier_Models", "bears"]


def test_collections_without_a_version_come_after_those_with_the_newest(animals, member, viewer):
    for name in ("empty", "Nothing"):
        create_collection(caller_of(member), animals.project, name, "model")
    newest = listed(viewer, sort="newest")
    assert newest == ["Cats", "bears", "dogs", "Zoo_Classifier_Models", "Nothing", "empty"]
    assert listed(viewer, sort="newest", type="model") == ["Cats", "dogs", "Nothing", "empty"]


def test_versions_are_narrowed_by_alias_tag_and_number(second_version, version, member, viewer):
    put(member, version, "candidate")
    edit_version(caller_of(member), second_version, add_tags=["cleaned"])

    def shown(**query):
        page = Browser(viewer).get("collection", query, **COLLECTION)
        return [row.all("a")[0].text for row in page.root.all("th", class_="cell-lead")]

    everything = shown()
    assert [label[:2] for label in everything] == ["v1", "v0"]
    for term, label in {"candid": "v0", "CLEAN": "v1", "v1": "v1", "V0": "v0"}.items():
        assert [found[:2] for found in shown(filter=term)] == [label]
    assert shown(filter="v7") == []
