"""`save()`, `link()`, `unlink()`, `delete()`: what a script changes of versions that exist."""

from __future__ import annotations

from artifacts.models import Artifact, Project
from registries.models import Alias, Collection, Event, Version
from tests.sdk.state import unchanged
from tests.things import aliases_of, link, put


def test_aliases_tags_description_and_metadata_are_saved(sdk, member, second_version, version):
    answer = sdk(
        """
seen = api("member")
path = "wandb-registry-Model/Zoo_Classifier_Models:"
found = seen.artifact(path + "v0")
found.aliases.append("candidate")
found.aliases += ["latest"]
found.tags = ["uci", "cleaned"]
found.description = "**bold**"
found.metadata["rows"] = 101
found.save()
again = seen.artifact(path + "candidate")
answer["first"] = [sorted(again.aliases), sorted(again.tags), again.description, again.metadata]
again.aliases.remove("candidate")
again.tags.remove("uci")
again.save()
again = seen.artifact(path + "v0")
answer["then"] = [again.aliases, again.tags]
""",
        member=member,
    )
    assert answer == {
        "first": [["candidate", "latest"], ["cleaned", "uci"], "**bold**", {"rows": 101}],
        "then": [["latest"], ["cleaned"]],
    }
    assert aliases_of(version.collection) == {"latest": "v0"}


def test_a_number_becomes_true_and_true_a_number(sdk, member, version):
    answer = sdk(
        """
path = "wandb-registry-Model/Zoo_Classifier_Models:v0"
for value in (1, True, 0, False, 2, 2.0):
    found = api("member").artifact(path)
    found.metadata["ready"] = value
    found.save()
    answer[repr(value)] = repr(api("member").artifact(path).metadata["ready"])
""",
        member=member,
    )
    assert answer == {value: value for value in ("1", "True", "0", "False", "2", "2.0")}


def test_a_save_that_changes_nothing_records_nothing(sdk, member, viewer, version):
    """Whoever sees a version may save it unchanged: the SDK does so with every save."""
    with unchanged():
        sdk(
            """
api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:v0").save()
api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0").save()
api("viewer").artifact("smle-reg/wandb-registry-Model/Zoo_Classifier_Models:v0").save()
""",
            member=member,
            viewer=viewer,
        )


def test_an_alias_moves_from_one_version_to_another(sdk, member, version, second_version):
    put(member, version, "candidate")
    sdk(
        """
found = api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:v1")
found.aliases.append("candidate")
found.save()
""",
        member=member,
    )
    moved = Event.objects.get(kind="alias.moved", alias="candidate")
    assert (moved.from_number, moved.number, moved.way) == (0, 1, "sdk")
    assert Alias.objects.get(name="candidate").counter == 2


def test_several_aliases_of_one_save_come_all_or_none(sdk, member, version, traffic):
    answer = sdk(
        """
found = api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:v0")
found.aliases += ["good", "v7"]
answer["refused"] = refusal(found.save)
""",
        member=member,
    )
    name, text = answer["refused"]
    assert name == "CommError"
    assert "v7" in text
    assert aliases_of(version.collection) == {"latest": "v0"}
    assert traffic.count("AddAliases") == 1


def test_names_no_alias_can_have_are_refused_with_a_sentence(sdk, member, version):
    answer = sdk(
        """
for name in ("", " ", "v3", "V3", "Latest", "tab\\there", "."):
    found = api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:v0")
    found.aliases.append(name)
    answer[name] = refusal(found.save)
""",
        member=member,
    )
    assert {name for name, _ in answer.values()} == {"CommError"}
    assert not [text for _, text in answer.values() if not text.strip().endswith(".")]
    assert aliases_of(version.collection) == {"latest": "v0"}


def test_a_link_gives_a_number_and_its_repetition_none(sdk, org_admin, source, registry):
    answer = sdk(
        """
found = api("org_admin").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["links"] = []
for aliases in (["a"], ["a", "b"], None):
    linked = found.link("wandb-registry-Model/Zoo", aliases)
    answer["links"].append([linked.qualified_name, sorted(linked.aliases)])
again = linked.link("smle-reg/wandb-registry-Dataset/Zoo")
answer["links"].append([again.qualified_name, again.source_name])
""",
        org_admin=org_admin,
    )
    name = "smle-reg/wandb-registry-Model/Zoo:v0"
    assert answer["links"] == [
        [name, ["a", "latest"]],
        [name, ["a", "b", "latest"]],
        [name, ["a", "b", "latest"]],
        ["smle-reg/wandb-registry-Dataset/Zoo:v0", "zoo_dataset:v0"],
    ]
    assert Collection.objects.get(project=registry.project).type == "dataset"


def test_a_link_of_another_type_is_refused_with_both_types(sdk, member, version, traffic):
    answer = sdk(
        """
with started("member") as run:
    logged = run.log_artifact(artifact("w", "weights", "model")).wait()
    answer["by run"] = refusal(
        run.link_artifact, logged, "wandb-registry-Model/Zoo_Classifier_Models", ["x"]
    )
answer["by artifact"] = refusal(logged.link, "wandb-registry-Model/Zoo_Classifier_Models")
""",
        member=member,
    )
    for _, text in answer.values():
        assert (
            "“Zoo_Classifier_Models” holds artifacts of type dataset; this is of type model."
            in (text)
        )
    assert traffic.count("LinkArtifact") == 2
    assert Version.objects.filter(collection=version.collection).count() == 1


def test_a_registry_that_is_not_there_is_not_made_by_a_link(sdk, member, source, registry, traffic):
    answer = sdk(
        """
found = api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["refused"] = refusal(found.link, "smle-reg/wandb-registry-Nope/Zoo")
""",
        member=member,
    )
    assert "There is no registry “Nope” in smle-reg" in answer["refused"][1]
    assert traffic.count("LinkArtifact") == 1


def test_a_link_that_names_no_collection_of_a_registry_makes_none_of_its_name(
    sdk, member, registry
):
    answer = sdk(
        """
with started("member") as run:
    made = run.log_artifact(artifact("x")).wait()
    answer["registry"] = refusal(run.link_artifact, made, "wandb-registry-Model")[1]
    answer["organization"] = refusal(run.link_artifact, made, "smle-reg/wandb-registry-Model")[1]
""",
        member=member,
    )
    for sentence in answer.values():
        assert "name the collection too: wandb-registry-Model/NAME." in sentence
    assert list(Collection.objects.values_list("name", flat=True)) == ["zoo_dataset"]
    assert set(Project.objects.filter(registry=None).values_list("name", flat=True)) == {
        "zoo_experiment"
    }


def test_an_unlinked_version_is_gone_and_its_number_burned(sdk, member, second_version, source):
    answer = sdk(
        """
seen = api("member")
path = "wandb-registry-Model/Zoo_Classifier_Models"
seen.artifact(path + ":v1").unlink()
answer["latest"] = seen.artifact(path).version
answer["gone"] = seen.artifact_exists(path + ":v1")
again = seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v1").link(path)
answer["again"] = again.version
again.delete()
answer["deleted"] = seen.artifact_exists(path + ":v2")
answer["source"] = seen.artifact_exists("smle-reg-team-2/zoo_experiment/zoo_dataset:v1")
found = seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["not a link"] = refusal(found.unlink)[0]
""",
        member=member,
    )
    assert answer == {
        "latest": "v0",
        "gone": False,
        "again": "v2",
        "deleted": False,
        "source": True,
        "not a link": "ValueError",
    }


def test_a_source_with_aliases_is_deleted_only_when_the_script_says_so(
    sdk, member, second_source, source, registry, traffic
):
    link(member, source.artifact, registry, "candidate")
    answer = sdk(
        """
seen = api("member")
name = "smle-reg-team-2/zoo_experiment/zoo_dataset:v0"
answer["refused"] = refusal(seen.artifact(name).delete)
answer["still"] = seen.artifact_exists(name)
seen.artifact(name).delete(delete_aliases=True)
answer["then"] = seen.artifact_exists(name)
answer["link"] = seen.artifact_exists("wandb-registry-Model/Zoo_Classifier_Models:v0")
""",
        member=member,
    )
    assert "Aliases point at this version: candidate." in answer.pop("refused")[1]
    assert answer == {"still": True, "then": False, "link": False}
    assert traffic.count("DeleteArtifact") == 2
    assert list(Artifact.objects.values_list("pk", flat=True)) == [second_source.artifact.pk]
