"""Bytes: who gets them, by which way, and who sees no more than names and sizes."""

from __future__ import annotations

from artifacts.models import ArtifactUse
from registries.models import Version
from registries.operations.registries import create_registry
from tests.personas import caller_of
from tests.sdk.state import unchanged
from tests.things import link

LINKED = "smle-reg/wandb-registry-Model/Zoo_Classifier_Models:v0"
TEXT = {"zoo.csv": "as published"}
USED = """
link = "smle-reg/wandb-registry-Model/Zoo_Classifier_Models:v0"
source = "smle-reg-team-2/zoo_experiment/zoo_dataset:v0"
"""


def test_files_come_whole_one_by_one_and_by_their_beginning(sdk, member, registry):
    answer = sdk(
        """
made = wandb.Artifact("many", type="dataset")
for name in ("a/one", "a/two", "b/three"):
    with made.new_file(name) as file:
        file.write(name)
with started("member") as run:
    run.log_artifact(made).wait()
found = api("member").artifact("smle-reg-team-2/zoo_experiment/many:v0")
answer["all"] = texts(found.download("all"))
answer["some"] = texts(found.download("some", path_prefix="a/"))
answer["one"] = Path(found.get_entry("b/three").download("one")).read_text()
answer["files"] = [[file.name, file.size] for file in found.files()]
answer["named"] = [file.name for file in found.files(names=["a/two", "nope"])]
answer["length"] = len(found.files())
here = str(Path("direct").absolute())
answer["direct"] = found.files(names=["a/one"])[0].download(here).read()
answer["entries"] = {path: entry.size for path, entry in found.manifest.entries.items()}
answer["verified"] = found.verify("all")
Path("all/a/one").write_text("changed")
answer["changed"] = refusal(found.verify, "all")[0]
answer["missing"] = refusal(found.get_entry, "nope")[0]
""",
        member=member,
    )
    sizes = {"a/one": 5, "a/two": 5, "b/three": 7}
    assert answer == {
        "all": {name: name for name in sizes},
        "some": {"a/one": "a/one", "a/two": "a/two"},
        "one": "b/three",
        "files": [[name, size] for name, size in sizes.items()],
        "named": ["a/two"],
        "length": 3,
        "direct": "a/one",
        "entries": sizes,
        "verified": None,
        "changed": "ValueError",
        "missing": "KeyError",
    }


def test_who_may_open_the_link_gets_its_bytes_whether_or_not_they_see_the_source(
    sdk, personas, version
):
    answer = sdk(
        USED
        + """
for name in ("org_admin", "admin", "member", "service_account", "viewer", "org_viewer", "guest"):
    found = api(name).artifact(link)
    answer[name] = [texts(found.download(name)), api(name).artifact_exists(source)]
    Path(name, "zoo.csv").unlink()
    answer[name].append(Path(found.get_entry("zoo.csv").download(name)).read_text())
""",
        **personas,
    )
    sees_the_source = {"org_admin", "admin", "member", "service_account"}
    assert answer == {
        name: [TEXT, name in sees_the_source, "as published"]
        for name in (*sees_the_source, "viewer", "org_viewer", "guest")
    }


def test_a_restricted_viewer_sees_metadata_and_manifest_but_no_bytes(
    sdk, restricted_viewer, version, traffic
):
    with unchanged():
        answer = sdk(
            USED
            + """
found = api("restricted_viewer").artifact(link)
answer["metadata"] = [found.metadata, found.size, found.type, found.state, found.digest != ""]
answer["manifest"] = {path: entry.size for path, entry in found.manifest.entries.items()}
answer["source"] = [found.source_project, found.logged_by(), found.used_by()]
answer["download"] = refusal(found.download, "down")
answer["files"] = refusal(lambda: list(found.files()))
answer["entry"] = refusal(found.get_entry("zoo.csv").download, "down")
answer["kept"] = [str(path) for path in Path(".").rglob("zoo.csv")]
""",
            restricted_viewer=restricted_viewer,
        )
    assert answer["metadata"] == [{}, 12, "dataset", "COMMITTED", True]
    assert answer["manifest"] == {"zoo.csv": 12}
    assert answer["source"] == ["", None, []]
    assert answer["kept"] == []
    for what in ("download", "files"):
        assert "Only viewers, members and admins of Model can use and download" in answer[what][1]
    assert "403" in answer["entry"][1]
    assert traffic.count("GetArtifactMembershipFileUrls") <= 1


def test_a_restricted_viewer_uses_nothing_in_a_run(sdk, restricted_viewer, version):
    answer = sdk(
        USED
        + """
with started("restricted_viewer", entity="restricted-viewer", project="mine") as run:
    answer["refused"] = refusal(run.use_artifact, link)
""",
        restricted_viewer=restricted_viewer,
    )
    assert "Only viewers, members and admins of Model can use and download" in answer["refused"][1]
    assert not ArtifactUse.objects.exists()


def test_who_comes_through_a_registry_is_judged_there(
    sdk, restricted_viewer, org_admin, organization, version
):
    """The same artifact, linked into a second registry where the person is a Viewer."""
    open_one = create_registry(caller_of(org_admin), organization, "Open")
    link(org_admin, version.artifact, open_one, name="Zoo")
    answer = sdk(
        USED
        + """
found = api("org_admin").registry("Open", organization="smle-reg")
person = api("org_admin").user("restricted-viewer")
found.add_members(person)
found.update_member(person, "viewer")
seen = api("restricted_viewer")
answer["refused"] = refusal(seen.artifact(link).download, "first")[1][:24]
answer["open"] = texts(seen.artifact("smle-reg/wandb-registry-Open/Zoo:v0").download("second"))
""",
        restricted_viewer=restricted_viewer,
        org_admin=org_admin,
    )
    assert answer == {"refused": "Only viewers, members an", "open": TEXT}


def test_a_run_of_somebody_who_does_not_see_the_source_uses_the_link(sdk, viewer, version):
    answer = sdk(
        USED
        + """
with started("viewer", entity="viewer", project="mine") as run:
    used = run.use_artifact(link)
    answer["texts"] = texts(used.download("down"))
    answer["source"] = refusal(run.use_artifact, source)[0]
found = api("viewer").run("/".join((run.entity, run.project, run.id)))
answer["inputs"] = len(found.used_artifacts())
""",
        viewer=viewer,
    )
    assert answer["texts"] == TEXT
    assert answer["source"] == "CommError"
    assert ArtifactUse.objects.get().artifact == version.artifact


def test_a_version_that_is_unlinked_is_downloaded_no_more(sdk, viewer, member, version):
    answer = sdk(
        USED
        + """
held = api("viewer").artifact(link)
api("member").artifact(link).unlink()
answer["held"] = refusal(held.download, "down")[0]
answer["exists"] = api("viewer").artifact_exists(link)
""",
        viewer=viewer,
        member=member,
    )
    assert answer == {"held": answer["held"], "exists": False}
    assert not Version.objects.filter(pk=version.pk).exists()
