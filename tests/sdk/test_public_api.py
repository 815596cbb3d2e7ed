"""Reading through `wandb.Api()`: artifacts by every name, their types, collections and lists."""

from __future__ import annotations

import pytest

from registries.models import Version
from tests.things import link, log, put

PLACE = "smle-reg-team-2/zoo_experiment"


@pytest.fixture
def linked(second_version: Version, version: Version, member, registry) -> Version:
    """Two versions in the project and in the registry, v0 there with an alias."""
    put(member, version, "candidate")
    return version


def test_an_artifact_is_found_by_alias_number_and_latest_with_and_without_the_organization(
    sdk, member, linked
):
    answer = sdk(
        """
seen = api("member")
path = "wandb-registry-Model/Zoo_Classifier_Models"
for name in (f"smle-reg/{path}:candidate", f"{path}:candidate", f"{path}:v0", f"{path}:latest",
             path, "smle-reg-team-2/zoo_experiment/zoo_dataset:v1",
             "smle-reg-team-2/zoo_experiment/zoo_dataset"):
    found = seen.artifact(name)
    answer[name] = [found.collection.name, found.version, found.is_link, found.source_name]
answer["typed"] = seen.artifact(f"{path}:v0", type="dataset").name
answer["other type"] = refusal(seen.artifact, f"{path}:v0", type="model")
""",
        member=member,
    )
    path = "wandb-registry-Model/Zoo_Classifier_Models"
    first = ["Zoo_Classifier_Models", "v0", True, "zoo_dataset:v0"]
    second = ["Zoo_Classifier_Models", "v1", True, "zoo_dataset:v1"]
    source = ["zoo_dataset", "v1", False, "zoo_dataset:v1"]
    assert answer == {
        f"smle-reg/{path}:candidate": first,
        f"{path}:candidate": first,
        f"{path}:v0": first,
        f"{path}:latest": second,
        path: second,
        f"{PLACE}/zoo_dataset:v1": source,
        f"{PLACE}/zoo_dataset": source,
        "typed": "Zoo_Classifier_Models:v0",
        "other type": answer["other type"],
    }
    assert "model" in answer["other type"][1]


def test_what_is_not_there_is_told_at_once(sdk, member, linked, traffic):
    answer = sdk(
        """
seen = api("member")
for name in ("wandb-registry-Model/Zoo_Classifier_Models:nope", "wandb-registry-Model/Nope:v0",
             "wandb-registry-Model/Zoo_Classifier_Models:v9",
             "smle-reg-team-2/nowhere/zoo_dataset:v0", "nobody/zoo_experiment/zoo_dataset:v0"):
    answer[name] = [refusal(seen.artifact, name)[0], seen.artifact_exists(name)]
answer["exists"] = seen.artifact_exists("wandb-registry-Model/Zoo_Classifier_Models:v1")
place = "smle-reg-team-2/zoo_experiment/"
answer["collections"] = [
    seen.artifact_collection_exists(place + "zoo_dataset", "dataset"),
    seen.artifact_collection_exists(place + "zoo_dataset", "model"),
    seen.artifact_collection_exists(place + "nope", "dataset"),
    seen.artifact_collection_exists("nobody/nothing/nope", "dataset"),
]
""",
        member=member,
    )
    assert answer.pop("exists") is True
    assert answer.pop("collections") == [True, False, False, False]
    assert set(map(tuple, answer.values())) == {("CommError", False)}
    assert traffic.count("ArtifactMembershipByName") == 5 * 2 + 1


def test_what_an_artifact_tells_of_itself_and_of_its_links(sdk, member, linked):
    answer = sdk(
        """
seen = api("member")
found = seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["found"] = [found.state, found.type, found.size, found.file_count, found.metadata,
                   found.aliases, found.tags, found.description, found.ttl, found.history_step]
answer["times"] = [found.created_at[-1:], found.updated_at[-1:]]
answer["links"] = [[a.qualified_name, a.is_link, a.aliases] for a in found.linked_artifacts]
linked = seen.artifact("wandb-registry-Model/Zoo_Classifier_Models:candidate")
answer["source"] = [linked.source_qualified_name, linked.source_version,
                    linked.source_collection.name, linked.source_artifact.qualified_name]
answer["collection"] = [linked.collection.name, linked.collection.is_sequence()]
answer["same"] = linked.digest == found.digest
answer["linked at"] = linked.linked_at[-1:]
answer["logged_by"], answer["used_by"] = linked.logged_by(), linked.used_by()
""",
        member=member,
    )
    assert answer == {
        "found": ["COMMITTED", "dataset", 12, 1, {}, [], [], None, None, None],
        "times": ["Z", "Z"],
        "links": [
            ["smle-reg/wandb-registry-Model/Zoo_Classifier_Models:v0", True, ["candidate", "v0"]]
        ],
        "source": [f"{PLACE}/zoo_dataset:v0", "v0", "zoo_dataset", f"{PLACE}/zoo_dataset:v0"],
        "collection": ["Zoo_Classifier_Models", False],
        "same": True,
        "linked at": "Z",
        "logged_by": None,
        "used_by": [],
    }


def test_versions_are_listed_page_by_page_the_newest_first(sdk, member, project, registry):
    for number in range(7):
        log(member, project, str(number), tags=["even"] if number % 2 == 0 else [])
    answer = sdk(
        """
seen = api("member")
name = "smle-reg-team-2/zoo_experiment/zoo_dataset"
versions = seen.artifacts("dataset", name, per_page=3)
answer["versions"] = [found.version for found in versions]
answer["length"] = len(versions)
answer["oldest"] = [a.version for a in seen.artifacts("dataset", name, order="+version_index")]
answer["unknown"] = refusal(list, seen.artifacts("dataset", name, order="-size"))[1]
answer["tagged"] = [a.version for a in seen.artifacts("dataset", name, tags=["even"])]
answer["none"] = [a.version for a in seen.artifacts("dataset", name, tags=["odd"])]
found = seen.artifact_collection("dataset", name)
answer["of collection"] = [a.version for a in found.artifacts(per_page=2)]
""",
        member=member,
    )
    newest = [f"v{number}" for number in range(6, -1, -1)]
    assert "“-size” is no order here. There is version_index" in answer.pop("unknown")
    assert answer == {
        "versions": newest,
        "length": 7,
        "oldest": newest[::-1],
        "tagged": ["v6", "v4", "v2", "v0"],
        "none": [],
        "of collection": newest,
    }


def test_types_and_collections_of_a_project_are_listed(sdk, member, project, source, registry):
    for name in ("beta", "alpha", "gamma"):
        log(member, project, name, name=name, type_name="model")
    answer = sdk(
        """
seen = api("member")
place = "smle-reg-team-2/zoo_experiment"
answer["types"] = [found.name for found in seen.artifact_types(place)]
answer["type"] = seen.artifact_type("model", place).name
answer["no type"] = refusal(lambda: seen.artifact_type("nope", place).load())[0]
models = seen.artifact_collections(place, "model", per_page=2)
answer["collections"] = sorted(found.name for found in models)
answer["length"] = len(models)
answer["of type"] = sorted(c.name for c in seen.artifact_type("dataset", place).collections())
answer["ordered"] = [c.name for c in seen.artifact_collections(place, "model", order="-name")]
project = seen.project("zoo_experiment", "smle-reg-team-2")
filters = {"name": {"$in": ["beta", "zoo_dataset"]}}
answer["filtered"] = [c.name for c in project.collections(filters=filters, order="+name")]
of_type = seen.artifact_type("model", place).collections(filters=filters)
answer["filtered of type"] = [c.name for c in of_type]
answer["of project"] = [c.name for c in project.collections(order="+name")]
answer["projects"] = [found.name for found in seen.projects("smle-reg-team-2")]
""",
        member=member,
    )
    assert answer == {
        "types": ["dataset", "model"],
        "type": "model",
        "no type": "CommError",
        "collections": ["alpha", "beta", "gamma"],
        "length": 3,
        "of type": ["zoo_dataset"],
        "ordered": ["gamma", "beta", "alpha"],
        "filtered": ["beta", "zoo_dataset"],
        "filtered of type": ["beta"],
        "of project": ["alpha", "beta", "gamma", "zoo_dataset"],
        "projects": ["zoo_experiment"],
    }


def test_a_portfolio_outside_registries_works_like_any_collection(
    sdk, member, viewer, project, source
):
    link(member, source.artifact, project, "kept", name="Portfolio")
    answer = sdk(
        """
seen = api("member")
place = "smle-reg-team-2/zoo_experiment/"
found = seen.artifact(place + "Portfolio:kept")
answer["found"] = [found.version, found.is_link, found.source_name]
elsewhere = found.link("smle-reg-team-2/made_by_link/Other", aliases=["there"])
answer["linked"] = elsewhere.qualified_name
answer["hidden"] = api("viewer").artifact_exists(place + "Portfolio:kept")
""",
        member=member,
        viewer=viewer,
    )
    assert answer == {
        "found": ["v0", True, "zoo_dataset:v0"],
        "linked": "smle-reg-team-2/made_by_link/Other:v0",
        "hidden": False,
    }
    assert Version.objects.get(collection__name="Other").collection.project.name == "made_by_link"
