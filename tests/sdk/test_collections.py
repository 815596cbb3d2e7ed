"""Collections through the SDK: described, tagged, renamed, given another type, deleted."""

from __future__ import annotations

from registries.models import Collection, Event, Version
from tests.sdk.state import unchanged
from tests.things import aliases_of, link, log

FOUND = """
def sequence(who, name="zoo_dataset"):
    return api(who).artifact_collection("dataset", f"smle-reg-team-2/zoo_experiment/{name}")
def portfolio(who, name="Zoo_Classifier_Models"):
    return api(who).artifact_collection("dataset", f"smle-reg/wandb-registry-Model/{name}")
"""


def test_a_collection_tells_of_itself(sdk, member, second_version):
    answer = sdk(
        """
for found in (sequence("member"), portfolio("member")):
    answer[found.name] = [found.type, found.entity, found.project, found.is_sequence(),
                          found.aliases, found.tags, found.description]
""",
        before=FOUND,
        member=member,
    )
    assert answer == {
        "zoo_dataset": [
            "dataset",
            "smle-reg-team-2",
            "zoo_experiment",
            True,
            ["latest"],
            [],
            None,
        ],
        "Zoo_Classifier_Models": [
            "dataset",
            "smle-reg",
            "wandb-registry-Model",
            False,
            ["latest"],
            [],
            None,
        ],
    }


def test_a_member_describes_tags_and_renames_both_kinds(sdk, member, version):
    answer = sdk(
        """
for found in (sequence("member"), portfolio("member")):
    found.description = "**of animals**"
    found.tags = ["uci", "zoo"]
    found.save()
    found.tags = ["zoo", "101 rows"]
    found.name = found.name + "_renamed"
    found.save()
for found in (sequence("member", "zoo_dataset_renamed"),
              portfolio("member", "Zoo_Classifier_Models_renamed")):
    answer[found.name] = [found.description, sorted(found.tags)]
answer["old"] = refusal(portfolio, "member")[0]
answer["by alias"] = api("member").artifact(
    "wandb-registry-Model/Zoo_Classifier_Models_renamed:latest"
).version
""",
        before=FOUND,
        member=member,
    )
    assert answer == {
        "zoo_dataset_renamed": ["**of animals**", ["101 rows", "zoo"]],
        "Zoo_Classifier_Models_renamed": ["**of animals**", ["101 rows", "zoo"]],
        "old": "CommError",
        "by alias": "v0",
    }
    kinds = Event.objects.filter(collection=version.collection).values_list("kind", flat=True)
    assert set(kinds) >= {"collection.edited", "tag.added", "tag.removed"}


def test_a_name_that_is_taken_is_refused(sdk, member, project, version, source, registry):
    link(member, source.artifact, registry, name="Other")
    with unchanged():
        answer = sdk(
            """
found = portfolio("member")
found.name = "Other"
answer["refused"] = refusal(found.save)
""",
            before=FOUND,
            member=member,
        )
    assert "Model has a collection “Other” already." in answer["refused"][1]


def test_a_sequence_changes_its_type_while_nothing_links_it(sdk, member, project, source):
    answer = sdk(
        """
found = sequence("member")
found.change_type("features")
answer["type"] = api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0").type
answer["reserved"] = refusal(sequence, "member")[0]
seen = api("member").artifact_collection("features", "smle-reg-team-2/zoo_experiment/zoo_dataset")
answer["reserved"] = refusal(seen.change_type, "job")
""",
        before=FOUND,
        member=member,
    )
    assert answer["type"] == "features"
    source.collection.refresh_from_db()
    assert source.collection.type == "features"


def test_a_linked_sequence_and_a_portfolio_keep_their_type(sdk, member, version, source):
    with unchanged():
        answer = sdk(
            """
answer["sequence"] = refusal(sequence("member").change_type, "features")
answer["portfolio"] = refusal(portfolio("member").change_type, "features")
""",
            before=FOUND,
            member=member,
        )
    assert "Versions of “zoo_dataset” are linked as dataset." in answer["sequence"][1]


def test_collections_are_deleted_with_what_is_in_them(sdk, member, project, version, source):
    log(member, project, "other", name="other")
    sdk(
        """
portfolio("member").delete()
sequence("member").delete()
""",
        before=FOUND,
        member=member,
    )
    assert list(Collection.objects.values_list("name", flat=True)) == ["other"]
    assert Version.objects.count() == 1


def test_a_viewer_changes_nothing_of_a_collection(sdk, viewer, version, traffic):
    with unchanged():
        answer = sdk(
            """
for what, value in (("name", "X"), ("description", "x"), ("tags", ["x"])):
    found = portfolio("viewer")
    setattr(found, what, value)
    answer[what] = refusal(found.save)
answer["delete"] = refusal(portfolio("viewer").delete)
answer["source"] = refusal(sequence, "viewer")
""",
            before=FOUND,
            viewer=viewer,
        )
    for what in ("name", "description", "tags", "delete"):
        assert answer[what][0] == "CommError"
        assert "Only members and admins of Model can" in answer[what][1]
    assert traffic.count("DeleteArtifactPortfolio") == 1


def test_a_member_does_not_delete_a_collection_that_holds_a_protected_alias(
    sdk, member, admin, protected_version
):
    with unchanged():
        answer = sdk(
            'answer["refused"] = refusal(portfolio("member").delete)', before=FOUND, member=member
        )
    assert "Only admins of Model can delete a collection" in answer["refused"][1]
    assert aliases_of(protected_version.collection)["production"] == "v0"
    sdk('portfolio("admin").delete()', before=FOUND, admin=admin)
    assert not Version.objects.filter(pk=protected_version.pk).exists()
