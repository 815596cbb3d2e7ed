"""Scripts log artifacts: what becomes a version, what is refused before a byte travels."""

from __future__ import annotations

from artifacts.models import Artifact, ManifestEntry, Run, StoredFile
from registries.models import Collection, Event, Version
from tests.things import aliases_of


def sequence(name: str) -> Collection:
    return Collection.objects.get(project__name="zoo_experiment", name=name)


def test_a_log_is_a_version_with_what_the_script_said_of_it(sdk, member, registry):
    answer = sdk(
        """
made = artifact("a", description="as published", metadata={"rows": 101, "of": {"zoo": [1]}})
made.metadata["nested"] = {"deep": {"deeper": 1.5}}
with started("member") as run:
    logged = run.log_artifact(made, aliases=["best", "first"], tags=["uci", "7 classes"]).wait()
    answer["run"] = run.id
for name in ("name", "version", "type", "description", "state", "size", "file_count", "digest"):
    answer[name] = getattr(logged, name)
answer["aliases"], answer["tags"] = sorted(logged.aliases), sorted(logged.tags)
answer["metadata"] = logged.metadata
answer["ttl"] = logged.ttl
answer["logged_by"] = logged.logged_by().id
""",
        member=member,
    )
    assert answer == {
        "name": "zoo_dataset:v0",
        "version": "v0",
        "type": "dataset",
        "description": "as published",
        "state": "COMMITTED",
        "size": 1,
        "file_count": 1,
        "digest": Artifact.objects.get().digest,
        "aliases": ["best", "first", "latest"],
        "tags": ["7 classes", "uci"],
        "metadata": {"rows": 101, "of": {"zoo": [1]}, "nested": {"deep": {"deeper": 1.5}}},
        "ttl": None,
        "run": Run.objects.get().name,
        "logged_by": Run.objects.get().name,
    }
    assert aliases_of(sequence("zoo_dataset")) == {"best": "v0", "first": "v0", "latest": "v0"}
    assert set(Event.objects.filter(collection=sequence("zoo_dataset")).values_list("way")) == {
        ("sdk",)
    }


def test_numbers_count_up_and_latest_moves_on(sdk, member, registry):
    sdk(
        """
with started("member") as run:
    for text in "abc":
        run.log_artifact(artifact(text), aliases=[f"had-{text}", "newest"]).wait()
""",
        member=member,
    )
    assert aliases_of(sequence("zoo_dataset")) == {
        "had-a": "v0",
        "had-b": "v1",
        "had-c": "v2",
        "latest": "v2",
        "newest": "v2",
    }


def test_a_version_that_was_used_is_logged_again(sdk, member, registry):
    answer = sdk(
        """
with started("member") as run:
    for text in "abc":
        run.log_artifact(artifact(text)).wait()
for name, alias in (("v1", "older"), ("latest", "newest")):
    with started("member") as run:
        used = run.use_artifact("zoo_dataset:" + name)
        answer[alias] = run.log_artifact(used, aliases=[alias]).wait().version
    found = api("member").run(run.path)
    answer[name] = [made.name for made in found.logged_artifacts()]
""",
        member=member,
    )
    assert (answer["v1"], answer["latest"]) == (["zoo_dataset:v1"], ["zoo_dataset:v1"])
    aliases = aliases_of(sequence("zoo_dataset"))
    assert aliases == {"older": "v1", "newest": "v1", "latest": "v1"}
    assert Version.objects.count() == 3


def test_the_same_content_is_the_same_version_for_two_runs(sdk, member, registry, traffic):
    answer = sdk(
        """
answer["versions"] = []
for alias in ("one", "two"):
    with started("member") as run:
        logged = run.log_artifact(artifact("a"), aliases=[alias], tags=[alias, "both"])
        answer["versions"].append(logged.wait().version)
project = "smle-reg-team-2/zoo_experiment"
answer["tags"] = sorted(api("member").artifact(f"{project}/zoo_dataset:v0").tags)
run = api("member").run(f"{project}/{run.id}")
answer["outputs"] = [found.name for found in run.logged_artifacts()]
""",
        member=member,
    )
    assert answer["versions"] == ["v0", "v0"]
    assert answer["tags"] == ["both", "one", "two"]
    assert answer["outputs"] == ["zoo_dataset:v0"]
    assert aliases_of(sequence("zoo_dataset")) == {"latest": "v0", "one": "v0", "two": "v0"}
    assert Artifact.objects.count() == 1
    assert traffic.count("CommitArtifact") == 1


def test_content_of_an_older_version_is_a_new_one(sdk, member, registry):
    """Only the newest is compared: the script says that this is what counts now."""
    sdk(
        """
with started("member") as run:
    for text in "aba":
        run.log_artifact(artifact(text)).wait()
""",
        member=member,
    )
    assert Version.objects.filter(collection=sequence("zoo_dataset")).count() == 3
    assert StoredFile.objects.filter(size=1).count() == 2


def test_files_and_folders_arrive_with_their_bytes(sdk, member, registry):
    answer = sdk(
        """
import os
os.makedirs("folder/within")
Path("folder/a.txt").write_text("a")
Path("folder/within/b.txt").write_text("b" * 100_000)
Path("empty").write_text("")
made = wandb.Artifact("mixed", type="dataset")
made.add_dir("folder")
made.add_dir("folder/within", name="elsewhere")
made.add_file("empty")
made.add_file("folder/a.txt", name="named/otherwise")
with made.new_file("Größe and spaces.txt") as file:
    file.write("c")
made.remove("elsewhere/b.txt")
with started("member") as run:
    logged = run.log_artifact(made).wait()
answer["texts"] = texts(logged.download("down"))
answer["verified"] = logged.verify("down") is None
""",
        member=member,
    )
    assert answer["verified"]
    assert answer["texts"] == {
        "a.txt": "a",
        "within/b.txt": "b" * 100_000,
        "empty": "",
        "named/otherwise": "a",
        "Größe and spaces.txt": "c",
    }
    stored = ManifestEntry.objects.filter(artifact=Artifact.objects.get(type="dataset"))
    assert {entry.path for entry in stored} == set(answer["texts"])


def test_a_log_that_is_refused_uploads_nothing(sdk, member, registry, traffic):
    answer = sdk(
        """
with started("member") as run:
    run.log_artifact(artifact("a")).wait()
    answer["number"] = refusal(lambda: run.log_artifact(artifact("b"), aliases=["v7"]).wait())
    answer["form"] = refusal(lambda: run.log_artifact(artifact("b"), aliases=[" x"]).wait())
    answer["tag"] = refusal(lambda: run.log_artifact(artifact("b"), tags=["a  !"]).wait())
    answer["type"] = refusal(lambda: run.log_artifact(artifact("b", type="model")).wait())
    made = artifact("b", "other")
    made.metadata = {str(number): number for number in range(100)}
    answer["metadata"] = run.log_artifact(made).wait().version
""",
        member=member,
    )
    assert "v7" in answer["number"][1]
    assert "begins or ends with a space" in answer["form"][1]
    assert answer["tag"][0] == "ValueError"
    assert "dataset" in answer["type"][1]
    assert answer["metadata"] == "v0"
    assert (traffic.count("CreateArtifact"), traffic.count("CommitArtifact")) == (4, 2)
    assert set(Artifact.objects.values_list("state", flat=True)) == {"COMMITTED"}
    assert Version.objects.filter(collection=sequence("zoo_dataset")).count() == 1


def test_what_the_sdk_logs_by_itself_is_accepted(sdk, member, registry):
    sdk(
        """
Path("program.py").write_text("print()")
with started("member") as run:
    run.log({"table": wandb.Table(columns=["a"], data=[[1]])})
    run.log_code(".", include_fn=lambda path: path.endswith("program.py"))
""",
        member=member,
    )
    assert set(Collection.objects.values_list("type", flat=True)) >= {"code", "run_table"}


def test_models_are_logged_linked_and_used_by_their_short_calls(sdk, member, registry):
    answer = sdk(
        """
Path("weights").write_text("w")
with started("member") as run:
    run.log_model("weights", "weights-of-run", aliases=["fresh"])
with started("member") as run:
    answer["used"] = Path(run.use_model("weights-of-run:fresh")).read_text()
    linked = run.link_model("weights", "Portfolio", "weights-of-run", aliases=["chosen"])
    answer["linked"] = linked.qualified_name
""",
        member=member,
    )
    assert answer == {"used": "w", "linked": "smle-reg-team-2/model-registry/Portfolio:v0"}
    portfolio = Collection.objects.get(name="Portfolio")
    assert portfolio.kind == "portfolio"
    assert aliases_of(portfolio)["chosen"] == "v0"


def test_a_person_logs_into_a_project_of_their_own_which_nobody_else_sees(
    sdk, member, viewer, registry
):
    answer = sdk(
        """
with started("member", entity="member", project="mine") as run:
    answer["name"] = run.log_artifact(artifact("a")).wait().qualified_name
    answer["link"] = refusal(
        run.link_artifact, artifact("a"), "smle-reg/wandb-registry-Model/Taken"
    )
answer["seen"] = api("viewer").artifact_exists("member/mine/zoo_dataset:v0")
""",
        member=member,
        viewer=viewer,
    )
    assert answer["name"] == "member/mine/zoo_dataset:v0"
    assert "Model takes artifacts of team projects of smle-reg only." in answer["link"][1]
    assert answer["seen"] is False
    assert not Collection.objects.filter(project=registry.project).exists()


def test_a_time_to_live_is_kept_changed_and_taken_away(sdk, member, registry):
    answer = sdk(
        """
from datetime import timedelta
made = artifact("a")
made.ttl = timedelta(days=30)
with started("member") as run:
    logged = run.log_artifact(made).wait()
answer["logged"] = logged.ttl.days
logged.ttl = timedelta(hours=1)
logged.save()
seen = lambda: api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["changed"] = seen().ttl.seconds
found = seen()
found.ttl = None
found.save()
answer["none"] = seen().ttl
found.ttl = timedelta(days=400_000)
answer["too long"] = refusal(found.save)[1]
""",
        member=member,
    )
    assert answer["too long"].endswith("A time to live has at most 1,000 years.")
    assert (answer["logged"], answer["changed"], answer["none"]) == (30, 3600, None)
    assert Artifact.objects.get().time_to_live is None
