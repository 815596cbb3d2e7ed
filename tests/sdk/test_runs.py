"""Runs: what they tell of themselves, offline and synchronized later, resumed."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.teams import add_to_team
from artifacts.models import Artifact, Run, RunFile
from artifacts.operations.runs import start_run
from registries.models import Collection, Version
from tests.personas import caller_of
from tests.sdk.process import PYTHON, RELEASE
from tests.sdk.state import unchanged
from tests.things import aliases_of, put

# Of a version the public API logs once more, 0.29 sends aliases and tags as mere text.
needs_aliases_of_outputs = pytest.mark.skipif(
    RELEASE.startswith("0.29."), reason="no schema takes what it sends"
)
OFFLINE = """
import wandb
run = wandb.init(entity="smle-reg-team-2", project="zoo_experiment", mode="offline", id="offline1")
run.config["clip"] = float("inf")
made = wandb.Artifact("zoo_dataset", type="dataset")
with made.new_file("zoo.csv") as file:
    file.write("a")
run.log_artifact(made, aliases=["from-offline"])
run.log({"loss": 0.5})
run.finish()
"""


def test_a_run_shows_its_config_summary_files_and_end(sdk, member, registry):
    answer = sdk(
        """
with started("member", config={"rate": 0.1, "layers": [1, 2]}, name="first try") as run:
    for step in range(3):
        run.log({"loss": 1 - step / 10})
    run.summary["best"] = 0.8
    print("to the console")
    Path("notes.txt").write_text("kept")
    run.save("notes.txt")
found = api("member").run("/".join((run.entity, run.project, run.id)))
for name in ("id", "name", "state", "config"):
    answer[name] = getattr(found, name)
answer["summary"] = {name: found.summary[name] for name in ("loss", "best")}
answer["url"] = found.url
answer["user"] = found.user.username
""",
        member=member,
    )
    run = Run.objects.get()
    assert answer["id"] == run.name
    assert (answer["name"], answer["state"], answer["user"]) == ("first try", "finished", "member")
    assert answer["config"] == {"rate": 0.1, "layers": [1, 2]}
    assert answer["summary"] == {"loss": 0.8, "best": 0.8}
    assert run.history_line_count == 3
    kept = set(RunFile.objects.exclude(stored_file=None).values_list("name", flat=True))
    assert kept >= {"wandb-metadata.json", "requirements.txt", "config.yaml", "notes.txt"}


def test_what_a_script_says_of_its_run_is_kept_and_runs_are_found_by_it(
    sdk, client, member, registry
):
    answer = sdk(
        """
told = {"tags": ["uci", "base line"], "notes": "as **published**"}
with started("member", group="forests", job_type="train", id="first", **told) as run:
    run.tags += ("while running",)
with started("member", id="other", tags=["uci"]):
    pass
place, seen = "smle-reg-team-2/zoo_experiment", api("member")
def facts(run):
    return [run.tags, run.notes, run.group, run.job_type]
answer["one"] = facts(seen.run(f"{place}/first"))
answer["listed"] = [facts(run) for run in seen.runs(place)]
filters = {
    "tag": {"tags": "while running"},
    "tags": {"tags": {"$in": ["base line", "uci"]}},
    "not": {"tags": {"$ne": "base line"}},
    "group": {"group": "forests"},
    "no group": {"group": None},
    "job type": {"jobType": "train"},
    "snake": {"job_type": {"$exists": True}},
    "notes": {"notes": {"$regex": "publ"}},
    "person": {"username": "member"},
    "nobody": {"username": "viewer"},
}
for name, asked in filters.items():
    answer[name] = [run.id for run in seen.runs(place, filters=asked)]
""",
        member=member,
    )
    first = [["base line", "uci", "while running"], "as **published**", "forests", "train"]
    assert answer.pop("one") == first
    assert answer.pop("listed") == [first, [["uci"], None, None, None]]
    assert answer == {
        "tag": ["first"],
        "tags": ["first", "other"],
        "not": ["other"],
        "group": ["first"],
        "no group": ["other"],
        "job type": ["first"],
        "snake": ["first"],
        "notes": ["first"],
        "person": ["first", "other"],
        "nobody": [],
    }
    client.force_login(member)
    page = client.get("/smle-reg-team-2/zoo_experiment/runs/first", follow=True).content.decode()
    for shown in ("base line", "as <strong>published</strong>", "forests", "train"):
        assert shown in page


def test_a_tag_and_a_note_with_odd_characters_cost_a_running_script_nothing_else(
    sdk, member, registry
):
    sdk(
        """
with started("member", id="first", config={"seed": 1}) as run:
    run.tags += ("main\\n",)
    run.config["rate"] = 0.1
    run.notes = "read\\0"
""",
        member=member,
    )
    run = Run.objects.get()
    assert run.config["seed"] == {"value": 1}
    assert run.config["rate"] == {"value": 0.1}
    assert run.notes == "read\ufffd"
    assert [tag.name for tag in run.tags.all()] == ["main"]


def test_a_run_is_edited_later(sdk, member, registry):
    answer = sdk(
        """
with started("member", id="first", tags=["uci"], notes="n", config={"rate": 1}) as run:
    run.log({"loss": 0.5})
place = "smle-reg-team-2/zoo_experiment/first"
found = api("member").run(place)
found.tags, found.notes, found.group, found.job_type = ["b", "a"], "better", "forests", "train"
found.name = "renamed"
found.config["more"] = 2
found.save()
found.summary["best"] = 0.4
found.summary.update()
seen = api("member").run(place)
answer["then"] = [seen.name, seen.tags, seen.notes, seen.group, seen.job_type, seen.config]
answer["summary"] = {name: seen.summary[name] for name in ("loss", "best")}
seen.tags, seen.notes, seen.group = [], "", None
seen.update()
seen = api("member").run(place)
answer["cleared"] = [seen.tags, seen.notes, seen.group]
""",
        member=member,
    )
    assert answer["then"] == [
        "renamed",
        ["a", "b"],
        "better",
        "forests",
        "train",
        {"rate": 1, "more": 2},
    ]
    assert answer["summary"] == {"loss": 0.5, "best": 0.4}
    assert answer["cleared"] == [[], None, "forests"]


def test_a_run_keeps_what_it_said_when_it_is_resumed(sdk, member, registry):
    answer = sdk(
        """
with started("member", id="first", tags=["uci"], notes="n", group="g", job_type="t"):
    pass
with started("member", id="first", resume="must") as run:
    answer["resumed"] = [run.tags, run.notes]
found = api("member").run("smle-reg-team-2/zoo_experiment/first")
answer["then"] = [found.tags, found.notes, found.group, found.job_type]
""",
        member=member,
    )
    assert answer == {"resumed": [["uci"], "n"], "then": [["uci"], "n", "g", "t"]}


def test_who_may_not_write_edits_no_run(sdk, member, viewer, team, project):
    add_to_team(OPERATOR, team, viewer, "viewer")
    run = start_run(caller_of(member), project)
    with unchanged():
        answer = sdk(
            """
found = api("viewer").run(f"smle-reg-team-2/zoo_experiment/{given['run']}")
found.tags = ["mine"]
answer["refused"] = refusal(found.save)
found = api("member").run(f"smle-reg-team-2/zoo_experiment/{given['run']}")
found.tags = ["x" * 65]
answer["long"] = refusal(found.save)
""",
            member=member,
            viewer=viewer,
            run=run.name,
        )
    assert "Only admins and members of smle-reg-team-2 can do this." in answer["refused"][1]
    assert "Tags have 1 to 64 characters" in answer["long"][1]


def test_a_run_that_fails_is_shown_as_failed(script, member, registry):
    code = 'import wandb; wandb.init(entity="smle-reg-team-2", project="p"); raise OSError'
    assert script([PYTHON, "-c", code], by=member).returncode == 1
    assert Run.objects.get().state == "failed"


def test_runs_are_listed_in_the_order_and_by_the_filter_asked_for(sdk, member, registry):
    answer = sdk(
        """
answer["made"] = []
for rate in range(3):
    with started("member", config={"rate": rate}) as run:
        answer["made"].append(run.id)
        if rate != 1:
            run.log({"loss": 10.5 - rate})
place = "smle-reg-team-2/zoo_experiment"
runs = api("member").runs(place, per_page=2)
answer["runs"] = [run.id for run in runs]
answer["length"] = len(runs)
answer["newest"] = [run.id for run in api("member").runs(place, order="-created_at")]
answer["finished"] = len(api("member").runs(place, filters={"state": "finished"}))
answer["running"] = len(api("member").runs(place, filters={"state": "running"}))
for asked in ("config.rate", "config.rate.value"):
    answer[asked] = [run.id for run in api("member").runs(place, filters={asked: 1})]
for asked in ("+config.rate", "-config.rate.value", "+summary_metrics.loss", "-heartbeat_at"):
    answer[asked] = [run.id for run in api("member").runs(place, order=asked, per_page=2)]
answer["order"] = refusal(list, api("member").runs(place, order="-duration"))[1]
answer["owner"] = api("member").project("zoo_experiment", "smle-reg-team-2").owner.username
answer["missing"] = refusal(api("member").run, "smle-reg-team-2/zoo_experiment/missing")
""",
        member=member,
    )
    assert answer["runs"] == answer["made"]
    assert answer["length"] == answer["finished"] == 3
    assert answer["newest"] == answer["made"][::-1]
    assert answer["running"] == 0
    assert answer["config.rate"] == answer["config.rate.value"] == answer["made"][1:2]
    assert answer["+config.rate"] == answer["made"]
    assert answer["-config.rate.value"] == answer["-heartbeat_at"] == answer["made"][::-1]
    first, second, third = answer["made"]
    assert answer["+summary_metrics.loss"] == [third, first, second]
    assert "“-duration” is no order here." in answer["order"]
    assert answer["owner"] == "member"
    assert "missing" in answer["missing"][1]


def test_the_files_of_a_run_are_listed_and_come_down(sdk, member, outsider, registry):
    answer = sdk(
        """
import os
with started("member", id="first") as run:
    os.makedirs("deep")
    for name in ("notes.txt", "deep/Größe 1.json", "deep/two.JSON"):
        Path(name).write_text("in " + name)
        run.save(name)
place = "smle-reg-team-2/zoo_experiment/first"
down = str(Path("down").resolve())
found = api("member").run(place)
listed = found.files(per_page=2)
answer["listed"], answer["length"] = [file.name for file in listed], len(listed)
answer["like"] = [file.name for file in found.files(pattern="deep/%.json")]
answer["one"] = [file.name for file in found.files(pattern="deep/t_o.%")]
answer["named"] = [file.name for file in found.files(names=["notes.txt"])]
file = found.file("deep/Größe 1.json")
answer["size"], answer["type"] = file.size, file.mimetype
answer["text"] = file.download(root=down).read()
answer["metadata"] = "python" in found.metadata
Path("later.txt").write_text("later")
answer["uploaded"] = found.upload_file("later.txt").download(root=down).read()
nothing = found.file("nothing.txt")
answer["nothing"] = [nothing.size, refusal(nothing.download, root=down)[0]]
answer["outsider"] = refusal(api("outsider").run, place)[1]
""",
        member=member,
        outsider=outsider,
    )
    assert {"notes.txt", "deep/Größe 1.json", "deep/two.JSON"} <= set(answer["listed"])
    assert answer["length"] == len(answer["listed"])
    assert answer["like"] == ["deep/Größe 1.json", "deep/two.JSON"]
    assert answer["one"] == ["deep/two.JSON"]
    assert answer["named"] == ["notes.txt"]
    assert (answer["size"], answer["type"]) == (
        len("in deep/Größe 1.json".encode()),
        "application/json",
    )
    assert answer["text"] == "in deep/Größe 1.json"
    assert answer["metadata"] is True
    assert answer["uploaded"] == "later"
    assert answer["nothing"] == [0, "CommError"]
    assert "Could not find run" in answer["outsider"]


def test_files_of_a_run_are_restored_and_pulled_by_the_short_calls(
    sdk, script, member, registry, tmp_path
):
    sdk(
        """
with started("member", id="first") as run:
    Path("notes.txt").write_text("kept")
    run.save("notes.txt")
""",
        member=member,
    )
    code = """
import wandb
place = "smle-reg-team-2/zoo_experiment/first"
print(wandb.restore("notes.txt", run_path=place, root="restored").read())
try:
    wandb.restore("nothing.txt", run_path=place, root="restored")
except ValueError as error:
    print(error)
"""
    finished = script([PYTHON, "-c", code], by=member)
    assert finished.stdout.split("\n")[:2] == [
        "kept",
        "File nothing.txt not found in smle-reg-team-2/zoo_experiment/first.",
    ]
    pull = ["pull", "-e", "smle-reg-team-2", "-p", "zoo_experiment", "first"]
    finished = script([PYTHON, "-m", "wandb", *pull], by=member)
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "work" / "notes.txt").read_text() == "kept"


def test_a_run_is_neither_forked_nor_rewound(sdk, member, registry, traffic):
    """A run that began anew would look like one that has the history of the other."""
    sdk(
        """
with started("member", id="first", config={"rate": 1}) as run:
    run.log({"loss": 1})
""",
        member=member,
    )
    with unchanged():
        answer = sdk(
            """
answer["fork"] = refusal(started, "member", fork_from="first?_step=0")
answer["rewind"] = refusal(started, "member", resume_from="first?_step=0")
""",
            member=member,
        )
    for name, told in answer.values():
        assert name == "CommError"
        assert "fork_from and resume_from are not supported." in told


def test_an_offline_run_arrives_by_sync_and_a_second_sync_changes_nothing(
    script, member, registry, tmp_path
):
    assert script([PYTHON, "-c", OFFLINE], by=member).returncode == 0
    assert not Run.objects.exists()
    (folder,) = (tmp_path / "runs" / "wandb").glob("offline-run-*")
    sync = [PYTHON, "-m", "wandb", "sync", "--include-synced", str(folder)]
    for _ in range(2):
        finished = script(sync, by=member)
        assert finished.returncode == 0, finished.stderr
        run = Run.objects.get()
        assert (run.name, run.config["clip"]) == ("offline1", {"value": "Infinity"})
        version = Version.objects.get()
        assert aliases_of(version.collection) == {"latest": "v0", "from-offline": "v0"}
        assert Artifact.objects.count() == 1


CANDIDATES = """
import wandb
run = wandb.init(entity="smle-reg-team-2", project="zoo_experiment", mode="offline")
for text in ("a", "b"):
    made = wandb.Artifact("zoo_dataset", type="dataset")
    with made.new_file("zoo.csv") as file:
        file.write(text)
    run.log_artifact(made, aliases=["candidate"])
run.finish()
"""


def test_an_offline_run_with_a_tag_and_a_group_that_cannot_be_kept_so_arrives(
    script, member, registry, tmp_path
):
    code = """
import wandb
place = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
told = {"tags": ["main\\n"], "group": "g" * 200, "notes": "n" * 100_001}
with wandb.init(**place, **told, mode="offline") as run:
    run.config["rate"] = 0.1
"""
    assert script([PYTHON, "-c", code], by=member).returncode == 0
    (folder,) = (tmp_path / "runs" / "wandb").glob("offline-run-*")
    finished = script([PYTHON, "-m", "wandb", "sync", str(folder)], by=member)
    run = Run.objects.get()
    assert finished.returncode == 0
    assert run.config["rate"] == {"value": 0.1}
    assert [tag.name for tag in run.tags.all()] == ["main"]
    assert (run.group, run.notes) == ("g" * 128, "n" * 100_000)


def test_a_second_sync_takes_no_alias_back_from_where_people_moved_it(
    script, member, registry, tmp_path
):
    assert script([PYTHON, "-c", CANDIDATES], by=member).returncode == 0
    (folder,) = (tmp_path / "runs" / "wandb").glob("offline-run-*")
    sync = [PYTHON, "-m", "wandb", "sync", "--no-skip-synced", str(folder)]
    assert script(sync, by=member).returncode == 0
    first = Version.objects.get(number=0)
    assert aliases_of(first.collection) == {"candidate": "v1", "latest": "v1"}
    put(member, first, "candidate", "latest")
    assert script(sync, by=member).returncode == 0
    assert aliases_of(first.collection) == {"candidate": "v0", "latest": "v0"}
    assert Version.objects.count() == 2


def test_a_run_is_resumed_where_it_stopped(sdk, member, registry):
    answer = sdk(
        """
with started("member", config={"rate": 1}) as run:
    run.log({"loss": 1})
    run.log({"loss": 2})
with started("member", id=run.id, resume="must", config={"more": 2}) as run:
    answer["resumed"], answer["step"] = run.resumed, run.starting_step
    answer["while it goes on"] = api("member").run(run.path).state
    run.log({"loss": 3})
found = api("member").run("/".join((run.entity, run.project, run.id)))
answer["loss"] = found.summary["loss"]
answer["config"] = found.config
answer["unknown"] = refusal(started, "member", id="unknown1", resume="must")
answer["taken"] = refusal(started, "member", id=run.id, resume="never")
""",
        member=member,
    )
    run = Run.objects.get()
    assert answer["resumed"] is True
    assert answer["step"] == 2
    assert (answer["while it goes on"], run.state) == ("running", "finished")
    assert answer["loss"] == 3
    assert answer["config"] == {"rate": 1, "more": 2}
    assert run.history_line_count == 3
    assert "unknown1" in answer["unknown"][1]
    assert run.name in answer["taken"][1]


def test_who_may_not_write_to_the_project_starts_no_run_there(
    sdk, member, viewer, outsider, registry, traffic
):
    answer = sdk(
        """
started("member").finish()
answer["viewer"] = refusal(started, "viewer")
answer["outsider"] = refusal(started, "outsider")
answer["registry"] = refusal(
    started, "member", entity="smle-reg", project="wandb-registry-Model"
)
""",
        member=member,
        viewer=viewer,
        outsider=outsider,
    )
    assert {name for name, _ in answer.values()} == {"CommError"}
    assert Run.objects.count() == 1
    assert traffic.count("UpsertBucket") == 2 + 3


@needs_aliases_of_outputs
def test_a_run_takes_an_older_version_as_its_output(sdk, member, registry):
    """By the public API, which names the version and sends nothing of it."""
    answer = sdk(
        """
with started("member") as run:
    for text in "ab":
        run.log_artifact(artifact(text)).wait()
with started("member") as run:
    pass
seen = api("member")
older = seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
found = seen.run("/".join((run.entity, run.project, run.id)))
for _ in range(2):
    found.log_artifact(older, aliases=["again"], tags=["uci"])
found.log_artifact(seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v1"))
answer["outputs"] = [each.name for each in found.logged_artifacts()]
again = seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:again")
answer["again"] = [again.version, again.tags]
""",
        member=member,
    )
    assert answer["outputs"] == ["zoo_dataset:v0", "zoo_dataset:v1"]
    assert answer["again"] == ["v0", ["uci"]]
    sequence = Collection.objects.get(name="zoo_dataset")
    assert aliases_of(sequence) == {"latest": "v1", "again": "v0"}
    assert list(Artifact.objects.values_list("state", flat=True)) == ["COMMITTED"] * 2


@needs_aliases_of_outputs
def test_an_output_that_is_refused_leaves_nothing_behind(
    sdk, member, viewer, team, project, source, second_source
):
    add_to_team(OPERATOR, team, viewer, "viewer")
    run = start_run(caller_of(member), project)
    with unchanged():
        answer = sdk(
            """
def log(who, **options):
    seen = api(who)
    found = seen.run(f"smle-reg-team-2/zoo_experiment/{given['run']}")
    found.log_artifact(seen.artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0"), **options)
answer["viewer"] = refusal(log, "viewer", aliases=["mine"])
answer["alias"] = refusal(log, "member", aliases=["v7"], tags=["uci"])
""",
            member=member,
            viewer=viewer,
            run=run.name,
        )
    assert "Only members and admins of " in answer["viewer"][1]
    assert "v7" in answer["alias"][1]


def test_what_is_no_number_loses_nothing_beside_it(sdk, member, registry):
    answer = sdk(
        """
endless = float("inf")
with started("member", config={"clip": endless, "rate": 0.1}) as run:
    run.config.update({"least": -endless, "epochs": 3})
    run.log({"norm": endless, "loss": 0.5})
    run.log({"norm": float("nan"), "loss": 0.4})
found = api("member").run(run.path)
answer["config"] = dict(found.config)
answer["summary"] = {name: found.summary[name] for name in ("norm", "loss")}
""",
        member=member,
    )
    assert answer["config"] == {"clip": "Infinity", "rate": 0.1, "least": "-Infinity", "epochs": 3}
    assert answer["summary"] == {"norm": "NaN", "loss": 0.4}


def test_unusual_names_cost_a_run_none_of_its_files(sdk, member, registry):
    answer = sdk(
        """
names = ["s3%2Fkey.txt", "back\\\\slash.txt", "\\u200fשלום.txt", "two\\nlines.txt"]
with started("member", id="unusual") as run:
    for name in names:
        Path(name).write_text("in " + name)
        run.save(name)
    run.log({"val%2Floss": wandb.Html("x")})
found = api("member").run("smle-reg-team-2/zoo_experiment/unusual")
answer["listed"] = [file.name for file in found.files()]
down = str(Path("down").resolve())
answer["texts"] = [found.file(name).download(root=down).read() for name in names[:3]]
""",
        member=member,
    )
    names = ["s3%2Fkey.txt", "back\\slash.txt", "\u200fשלום.txt"]
    assert answer["texts"] == [f"in {name}" for name in names]
    assert {*names, "config.yaml", "wandb-summary.json"} <= set(answer["listed"])
    assert [name for name in answer["listed"] if name.startswith("media/html/val%2Floss")]


def test_joined_letters_and_signs_name_what_a_run_makes(sdk, member, registry):
    answer = sdk(
        """
name, sign = "می\\u200cخواهم", "\\N{WOMAN}\\u200d\\N{MICROSCOPE}"
made = wandb.Artifact("zoo_dataset", type="dataset")
with made.new_file(name + ".csv") as file:
    file.write("a")
with started("member", name=name, tags=[name, sign]) as run:
    logged = run.log_artifact(made, aliases=[sign]).wait()
    run.link_artifact(logged, "wandb-registry-Model/" + name, aliases=[name])
found = api("member").run(run.path)
linked = api("member").artifact("smle-reg/wandb-registry-Model/" + name + ":" + name)
answer = [found.name, found.tags, linked.version, sorted(texts(linked.download("down")))]
answer.append(api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:" + sign).version)
""",
        member=member,
    )
    name, sign = "می\u200cخواهم", "\N{WOMAN}\u200d\N{MICROSCOPE}"
    assert answer == [name, [name, sign], "v0", [name + ".csv"], "v0"]


def test_what_a_script_names_decomposed_it_finds_by_the_same_name(sdk, member, registry):
    answer = sdk(
        """
import unicodedata
name = unicodedata.normalize("NFD", "café")
with started("member", project=name, id="composed") as run:
    run.log({"loss": 0.5})
    run.log_artifact(artifact("a", "plain"), aliases=[name]).wait()
with started("member", project=name, id="composed", resume="must") as run:
    run.log({"loss": 0.4})
    answer["used"] = run.use_artifact("plain:" + name).version
    run.link_artifact(artifact("a", "plain"), "wandb-registry-Model/" + name, aliases=[name])
seen = api("member")
for form in ("NFC", "NFD"):
    each = unicodedata.normalize(form, name)
    linked = seen.artifact(f"smle-reg/wandb-registry-Model/{each}:{each}")
    history = seen.run(f"smle-reg-team-2/{each}/composed").scan_history()
    exists = seen.artifact_collection_exists(f"smle-reg/wandb-registry-Model/{each}", "dataset")
    answer[form] = [linked.version, sorted(texts(linked.download(form))), exists]
    answer[form].append([line["loss"] for line in history])
""",
        member=member,
    )
    found = ["v0", ["zoo.csv"], True, [0.5, 0.4]]
    assert answer == {"used": "v0", "NFC": found, "NFD": found}


def test_a_nul_in_one_text_costs_a_run_nothing_else(sdk, member, registry):
    answer = sdk(
        """
with started("member", id="odd", config={"at once": "a\\0b"}) as run:
    run.config.update({"late": "\\0", "rate": 1})
    run.log({"loss": 1})
    run.log({"loss": 2, "text": "bad\\0"})
    run.summary.update({"pred": "x\\0y", "best": 2})
found = api("member").run("smle-reg-team-2/zoo_experiment/odd")
answer["config"] = dict(found.config)
answer["rows"] = [[row["loss"], row.get("text")] for row in found.scan_history()]
answer["summary"] = [found.summary[name] for name in ("pred", "best", "loss")]
found.summary.update({"after": "\\0"})
found.config["after"] = "\\0"
found.update()
found = api("member").run("smle-reg-team-2/zoo_experiment/odd")
answer["after"] = [found.summary["after"], found.config["after"]]
""",
        member=member,
    )
    assert answer == {
        "config": {"at once": "a\ufffdb", "late": "\ufffd", "rate": 1},
        "rows": [[1, None], [2, "bad\ufffd"]],
        "summary": ["x\ufffdy", 2, 2],
        "after": ["\ufffd", "\ufffd"],
    }
