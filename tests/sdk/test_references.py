"""Contents that are not uploaded: addresses outside, files of other artifacts, earlier versions."""

from __future__ import annotations

from artifacts.models import Artifact, ArtifactUse, ManifestEntry, StoredFile


def entries(artifact: str) -> dict[str, ManifestEntry]:
    found = Artifact.objects.get(announcement__collection_name=artifact)
    return {entry.path: entry for entry in found.entries.all()}


def test_addresses_outside_are_kept_as_text_and_never_opened(sdk, member, registry, trap):
    address = "http://{}:{}/never".format(*trap.getsockname())
    answer = sdk(
        """
made = wandb.Artifact("refs", type="dataset")
made.add_reference(given["address"], checksum=False, name="one")
made.add_reference("hdfs://store/key with spaces?x=1", checksum=False, name="folder/two")
made.add_reference("abfs://store/other", name="other")
with started("member") as run:
    logged = run.log_artifact(made).wait()
found = api("member").artifact("smle-reg-team-2/zoo_experiment/refs:v0")
answer["refs"] = {path: entry.ref for path, entry in found.manifest.entries.items()}
answer["size"] = found.size
answer["files"] = [file.name for file in found.files()]
answer["hashes"] = [found.commit_hash, found.digest]
""",
        member=member,
        address=address,
    )
    assert answer["refs"] == {
        "one": address,
        "folder/two": "hdfs://store/key with spaces?x=1",
        "other": "abfs://store/other",
    }
    assert sorted(answer["files"]) == ["folder/two", "one", "other"]
    assert answer["hashes"][0] == answer["hashes"][1]
    assert {path: entry.reference for path, entry in entries("refs").items()} == answer["refs"]
    assert not ManifestEntry.objects.exclude(stored_file=None).exists()


def test_a_signed_address_without_a_checksum_is_kept_whole_beside_other_files(
    sdk, member, registry
):
    address = "https://bucket.s3.amazonaws.com/key?X-Amz-Security-Token=" + "a" * 1800
    answer = sdk(
        """
made = artifact("a", "signed")
made.add_reference(given["address"], checksum=False, name="one")
with started("member") as run:
    run.log_artifact(made).wait()
    longer = artifact("b", "signed")
    longer.add_reference(given["address"] + 8192 * "b", checksum=False, name="one")
    answer["refused"] = refusal(lambda: run.log_artifact(longer).wait())
found = api("member").artifact("smle-reg-team-2/zoo_experiment/signed:latest")
entry = found.manifest.entries["one"]
answer["kept"] = [entry.ref, entry.digest, found.version]
""",
        member=member,
        address=address,
    )
    assert answer["kept"] == [address, address, "v0"]
    assert "at most 8,192 are kept" in answer["refused"][1]


def test_an_artifact_refers_to_a_file_of_another(sdk, member, registry):
    answer = sdk(
        """
with started("member") as run:
    first = run.log_artifact(artifact("a", "first")).wait()
    second = wandb.Artifact("second", type="dataset")
    second.add_reference(first.get_entry("zoo.csv").ref_url(), name="from first.csv")
    run.log_artifact(second).wait()
found = api("member").artifact("smle-reg-team-2/zoo_experiment/second:v0")
answer["ref"] = found.get_entry("from first.csv").ref
answer["texts"] = texts(found.download("down"))
""",
        member=member,
    )
    assert answer["ref"].startswith("wandb-artifact://")
    assert answer["ref"].endswith("/zoo.csv")
    assert answer["texts"] == {"from first.csv": "a"}
    assert StoredFile.objects.filter(size=1).count() == 1


def test_what_two_unlogged_artifacts_share_is_found_by_the_id_of_the_client(sdk, member, registry):
    """The second names the first by an id that the SDK made up before either was logged."""
    answer = sdk(
        """
table = wandb.Table(columns=["a"], data=[[1]])
first = wandb.Artifact("first", type="dataset")
first.add(table, "table")
first.finalize()
second = wandb.Artifact("second", type="dataset")
second.add(table, "table")
with started("member") as run:
    run.log_artifact(first)
    run.log_artifact(second).wait()
found = api("member").artifact("smle-reg-team-2/zoo_experiment/second:v0")
answer["refs"] = [entry.ref for entry in found.manifest.entries.values()]
answer["table"] = found.get("table").data
""",
        member=member,
    )
    assert answer["table"] == [[1]]
    assert [ref.partition("://")[0] for ref in answer["refs"]] == ["wandb-artifact"]


def test_a_draft_of_a_version_brings_only_what_is_new(sdk, member, registry):
    answer = sdk(
        """
import os
os.mkdir("folder")
for name in "abc":
    Path("folder", name).write_text(name)
made = wandb.Artifact("grown", type="dataset")
made.add_dir("folder")
with started("member") as run:
    run.log_artifact(made).wait()
with started("member") as run:
    draft = api("member").artifact("smle-reg-team-2/zoo_experiment/grown:latest").new_draft()
    draft.remove("a")
    with draft.new_file("d") as file:
        file.write("d")
    answer["version"] = run.log_artifact(draft).wait().version
found = api("member").artifact("smle-reg-team-2/zoo_experiment/grown:v1")
answer["texts"] = texts(found.download("down"))
""",
        member=member,
    )
    assert answer == {"version": "v1", "texts": {"b": "b", "c": "c", "d": "d"}}


def test_an_incremental_artifact_is_laid_over_the_newest(sdk, member, registry):
    answer = sdk(
        """
with started("member") as run:
    for name, options in (("a", {}), ("b", {"incremental": True})):
        made = wandb.Artifact("grown", type="dataset", **options)
        with made.new_file(name) as file:
            file.write(name)
        answer["version"] = run.log_artifact(made).wait().version
found = api("member").artifact("smle-reg-team-2/zoo_experiment/grown:v1")
answer["texts"] = texts(found.download("down"))
answer["digest"] = found.digest
answer["verified"] = found.verify("down") is None
""",
        member=member,
    )
    assert answer["version"] == "v1"
    assert answer["texts"] == {"a": "a", "b": "b"}
    assert answer["verified"]
    assert answer["digest"] == Artifact.objects.order_by("-pk")[0].digest


def test_two_runs_make_one_distributed_artifact(sdk, member, registry):
    answer = sdk(
        """
for name in "ab":
    made = wandb.Artifact("together", type="dataset")
    with made.new_file(name) as file:
        file.write(name)
    with started("member") as run:
        if name == "a":
            run.upsert_artifact(made, distributed_id="both")
        else:
            run.finish_artifact(made, distributed_id="both").wait()
found = api("member").artifact("smle-reg-team-2/zoo_experiment/together:v0")
answer["texts"] = texts(found.download("down"))
""",
        member=member,
    )
    assert answer == {"texts": {"a": "a", "b": "b"}}
    assert Artifact.objects.count() == 1


def test_a_group_fills_two_artifacts_epoch_by_epoch(sdk, member, registry):
    answer = sdk(
        """
def part(name, path):
    made = wandb.Artifact(name, type="dataset", metadata={"last": path})
    with made.new_file(path) as file:
        file.write(path)
    return made

for epoch in "01":
    for name in ("train", "eval"):
        with started("member", group="shards") as run:
            run.upsert_artifact(part(name, f"a{epoch}"))
            run.upsert_artifact(part(name, f"b{epoch}"))
        with started("member", group="shards") as run:
            run.finish_artifact(part(name, f"c{epoch}"), aliases=[f"epoch{epoch}"]).wait()
for name in ("train", "eval"):
    found = api("member").artifacts("dataset", f"smle-reg-team-2/zoo_experiment/{name}")
    answer[name] = [
        [v.version, sorted(v.aliases), v.metadata, sorted(v.manifest.entries)] for v in found
    ]
""",
        member=member,
    )
    versions = [
        ["v1", ["epoch1", "latest"], {"last": "c1"}, ["a1", "b1", "c1"]],
        ["v0", ["epoch0"], {"last": "c0"}, ["a0", "b0", "c0"]],
    ]
    assert answer == {"train": versions, "eval": versions}


def test_what_a_run_used_is_its_input(sdk, member, registry):
    answer = sdk(
        """
with started("member") as run:
    run.log_artifact(artifact("a")).wait()
with started("member") as run:
    run.use_artifact("zoo_dataset:latest")
    run.use_artifact(api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0"))
    answer["unlogged"] = run.use_artifact(artifact("b", "made-here")).wait().name
seen = api("member")
answer["used"] = [a.name for a in seen.run("/".join(run.path.split("/"))).used_artifacts()]
used = seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["users"] = [found.id == run.id for found in used.used_by()]
""",
        member=member,
    )
    assert answer["unlogged"] == "made-here:v0"
    assert sorted(answer["used"]) == ["made-here:v0", "zoo_dataset:v0"]
    assert answer["users"] == [True]
    assert ArtifactUse.objects.count() == 2
