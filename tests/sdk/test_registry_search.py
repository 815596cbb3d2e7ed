"""`registries()`, `.collections()`, `.versions()`: every filter field and operator, every order."""

from __future__ import annotations

import pytest

from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.registries import create_registry
from tests.personas import caller_of
from tests.things import link, log


@pytest.fixture
def filled(org_admin, member, organization, project, registry):
    """Three collections of seven versions in two registries besides the empty Dataset."""
    sounds = create_registry(caller_of(org_admin), organization, "Sounds", description="heard")
    for number in range(7):
        version = log(
            member,
            project,
            str(number),
            metadata={"rows": number, "of": {"kind": "odd" if number % 2 else "even"}},
        )
        home, name = (registry, "Zoo") if number < 3 else (sounds, "Birds")
        if number == 6:
            name = "Whales"
        linked = link(org_admin, version.artifact, home, name=name)
        edit_version(caller_of(org_admin), linked, add_tags=[f"tag-{number % 3}"])
    link(org_admin, version.artifact, sounds, "loud", name="Whales")
    edit_collection(
        caller_of(org_admin), linked.collection, description="of the sea", add_tags=["deep", "sea"]
    )


def test_registries_are_found_by_every_field_and_operator(sdk, member, filled):
    answer = sdk(
        """
seen = api("member")
def names(filter=None, **options):
    found = seen.registries(organization="smle-reg", filter=filter, **options)
    return [registry.name for registry in found]
id = seen.registry("Sounds", organization="smle-reg").internal_id
import base64
number = int(base64.b64decode(id).decode().split(":")[1])
answer["all"] = names()
answer["pages"] = names(per_page=1)
answer["name"] = names({"name": "Sounds"})
answer["regex"] = names({"name": {"$regex": "^(Model|Sou)"}})
answer["contains"] = names({"name": {"$contains": "oun"}})
answer["in"] = names({"name": {"$in": ["Model", "Nope"]}})
answer["not in"] = names({"name": {"$nin": ["Model"]}})
answer["not equal"] = names({"name": {"$ne": "Model"}})
answer["id"] = names({"id": number})
answer["description"] = names({"description": "heard"})
answer["no description"] = names({"description": {"$exists": False}})
answer["or"] = names({"$or": [{"name": "Model"}, {"description": {"$regex": "hear"}}]})
answer["and"] = names({"$and": [{"name": "Model"}, {"description": "heard"}]})
answer["not"] = names({"$not": {"name": "Model"}})
answer["nor"] = names({"$nor": [{"name": "Model"}, {"name": "Dataset"}]})
answer["since"] = names({"created_at": {"$gte": "2020-01-01T00:00:00Z"}})
answer["before"] = names({"updated_at": {"$lt": "2020-01-01T00:00:00Z"}})
answer["ordered"] = names(order="-name")
answer["oldest"] = names(order="created_at")
""",
        member=member,
    )
    everyone = ["Dataset", "Model", "Sounds"]
    assert answer == {
        "all": everyone,
        "pages": everyone,
        "name": ["Sounds"],
        "regex": ["Model", "Sounds"],
        "contains": ["Sounds"],
        "in": ["Model"],
        "not in": ["Dataset", "Sounds"],
        "not equal": ["Dataset", "Sounds"],
        "id": ["Sounds"],
        "description": ["Sounds"],
        "no description": ["Dataset", "Model"],
        "or": ["Model", "Sounds"],
        "and": [],
        "not": ["Dataset", "Sounds"],
        "nor": ["Sounds"],
        "since": everyone,
        "before": [],
        "ordered": everyone[::-1],
        "oldest": ["Model", "Dataset", "Sounds"],
    }


def test_collections_are_found_by_every_field_and_operator(sdk, member, filled):
    answer = sdk(
        """
seen = api("member").registries(organization="smle-reg")
def names(filter=None, **options):
    return [found.name for found in seen.collections(filter=filter, **options)]
answer["all"] = names()
answer["pages"] = names(per_page=1)
answer["length"] = len(seen.collections())
answer["name"] = names({"name": "Birds"})
answer["regex"] = names({"name": {"$regex": "[ao]"}})
answer["tag"] = names({"tag": "deep"})
answer["both tags"] = names({"$and": [{"tag": "deep"}, {"tag": "sea"}]})
answer["no tag"] = names({"tag": {"$ne": "deep"}})
answer["description"] = names({"description": {"$contains": "sea"}})
answer["since"] = names({"created_at": {"$gt": "2020-01-01T00:00:00Z"}})
answer["one registry"] = [
    found.name for found in
    api("member").registry("Sounds", organization="smle-reg").collections(filter={"name": "Zoo"})
]
answer["ordered"] = names(order="-name")
""",
        member=member,
    )
    everything = ["Birds", "Whales", "Zoo"]
    assert answer == {
        "all": everything,
        "pages": everything,
        "length": 3,
        "name": ["Birds"],
        "regex": ["Whales", "Zoo"],
        "tag": ["Whales"],
        "both tags": ["Whales"],
        "no tag": ["Birds", "Zoo"],
        "description": ["Whales"],
        "since": everything,
        "one registry": [],
        "ordered": everything[::-1],
    }


def test_versions_are_found_by_every_field_and_operator(sdk, member, filled):
    answer = sdk(
        """
seen = api("member").registries(organization="smle-reg")
def names(filter=None, **options):
    return sorted(found.name for found in seen.versions(filter=filter, **options))
answer["all"] = names()
answer["pages"] = names(per_page=2)
answer["tag"] = names({"tag": "tag-1"})
answer["alias"] = names({"alias": "loud"})
answer["latest"] = names({"alias": "latest"})
answer["alias in"] = names({"alias": {"$in": ["loud", "nope"]}})
answer["metadata"] = names({"metadata.rows": {"$gte": 5}})
answer["nested"] = names({"metadata.of.kind": "odd"})
answer["missing"] = names({"metadata.nope": {"$exists": True}})
answer["version"] = names({"version": 1})
answer["label"] = names({"version": "v1"})
answer["since"] = names({"created_at": {"$lt": "2020-01-01T00:00:00Z"}})
answer["or"] = names({"$or": [{"alias": "loud"}, {"tag": {"$regex": "-1$"}}]})
answer["of one"] = sorted(v.name for v in seen.collections(filter={"name": "Zoo"}).versions(
    filter={"alias": "latest"}))
registry = api("member").registry("Sounds", organization="smle-reg")
answer["of registry"] = sorted(v.name for v in registry.versions(filter={"tag": "tag-0"}))
found = next(iter(registry.versions(filter={"alias": "loud"})))
answer["found"] = [found.qualified_name, sorted(found.aliases), found.tags, found.is_link,
                   found.metadata["rows"]]
""",
        member=member,
    )
    birds, zoo = ["Birds:v0", "Birds:v1", "Birds:v2"], ["Zoo:v0", "Zoo:v1", "Zoo:v2"]
    assert answer == {
        "all": [*birds, "Whales:v0", *zoo],
        "pages": [*birds, "Whales:v0", *zoo],
        "tag": ["Birds:v1", "Zoo:v1"],
        "alias": ["Whales:v0"],
        "latest": ["Birds:v2", "Whales:v0", "Zoo:v2"],
        "alias in": ["Whales:v0"],
        "metadata": ["Birds:v2", "Whales:v0"],
        "nested": ["Birds:v0", "Birds:v2", "Zoo:v1"],
        "missing": [],
        "version": ["Birds:v1", "Zoo:v1"],
        "label": ["Birds:v1", "Zoo:v1"],
        "since": [],
        "or": ["Birds:v1", "Whales:v0", "Zoo:v1"],
        "of one": ["Zoo:v2"],
        "of registry": ["Birds:v0", "Whales:v0"],
        "found": [
            "smle-reg/wandb-registry-Sounds/Whales:v0",
            ["latest", "loud"],
            ["tag-0"],
            True,
            6,
        ],
    }


def test_a_search_shows_each_person_what_they_may_see(sdk, personas, filled, restricted_registry):
    answer = sdk(
        """
for name in given["names"]:
    try:
        seen = api(name).registries(organization="smle-reg")
        answer[name] = [[r.name for r in seen], sorted(v.name for v in seen.versions())]
    except Exception as error:
        answer[name] = type(error).__name__
""",
        names=list(personas),
        **personas,
    )
    versions = [f"{name}:v{number}" for name in ("Birds", "Zoo") for number in range(3)]
    versions = sorted([*versions, "Whales:v0"])
    zoo = [name for name in versions if name.startswith("Zoo")]
    organization = [["Dataset", "Model", "Sounds"], versions]
    assert answer == {
        "org_admin": [["Dataset", "Model", "Secret", "Sounds"], versions],
        **dict.fromkeys(("admin", "member", "service_account", "viewer"), organization),
        "org_viewer": organization,
        "restricted_viewer": [["Model"], zoo],
        "guest": [["Model"], zoo],
        **dict.fromkeys(("removed_member", "other_admin", "outsider"), "ValueError"),
    }


def test_a_filter_nobody_understands_is_refused_with_what_there_is(sdk, member, registry, traffic):
    answer = sdk(
        """
seen = api("member").registries(organization="smle-reg")
def first(found):
    return next(iter(found), None)
answer["operator"] = refusal(lambda: first(seen.versions(filter={"alias": {"$like": "x"}})))
answer["pattern"] = refusal(lambda: first(seen.versions(filter={"alias": {"$regex": "(?=x)"}})))
""",
        member=member,
    )
    assert "$like" in answer["operator"][1]
    assert "Patterns are RE2." in answer["pattern"][1]
    assert traffic.count("RegistryVersions") == 2
