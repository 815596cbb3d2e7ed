"""What a run logged comes back by the public API, as it was logged."""

from __future__ import annotations

import json
import sys

import pytest

from artifacts.models import HistoryLine
from tests.sdk.process import PYTHON, RELEASE
from tests.sdk.state import unchanged

LOGGED = """
with started("member", id="logged") as run:
    for step in range(6):
        run.log({"loss": 1 - step / 10, "train/accuracy": step, "deep": {"rate": step}})
    run.log({"best": 0.25, "odd": float("nan")}, step=40)
place = "smle-reg-team-2/zoo_experiment/logged"
"""


def test_the_history_of_a_run_is_read_whole_in_samples_and_by_keys(sdk, member, registry):
    answer = sdk(
        """
found = api("member").run(place)
answer["last"] = found.lastHistoryStep
whole = found.history(pandas=False)
answer["steps"] = [row["_step"] for row in whole]
answer["first"] = {name: whole[0][name] for name in ("loss", "train/accuracy", "deep")}
answer["best"], answer["odd"] = whole[-1]["best"], str(whole[-1]["odd"])
answer["sampled"] = [row["_step"] for row in found.history(samples=3, pandas=False)]
answer["keys"] = found.history(keys=["loss", "deep.rate"], pandas=False)[1:3]
answer["together"] = found.history(keys=["loss", "best"], pandas=False)
answer["of all runs"] = len(api("member").runs("smle-reg-team-2/zoo_experiment").histories())
""",
        before=LOGGED,
        member=member,
    )
    assert answer["last"] == 40
    assert answer["steps"] == [0, 1, 2, 3, 4, 5, 40]
    assert answer["first"] == {"loss": 1, "train/accuracy": 0, "deep": {"rate": 0}}
    assert (answer["best"], answer["odd"]) == (0.25, "nan")
    assert answer["sampled"] == [0, 3, 40]
    assert answer["keys"] == [
        {"_step": 1, "loss": 0.9, "deep.rate": 1},
        {"_step": 2, "loss": 0.8, "deep.rate": 2},
    ]
    assert answer["together"] == []
    assert answer["of all runs"] == 7


def test_a_scan_reads_every_line_page_by_page(sdk, member, registry):
    answer = sdk(
        """
found = api("member").run(place)
def steps(**options):
    return [row["_step"] for row in found.scan_history(**options)]
answer["all"] = steps()
answer["pages"] = steps(page_size=2)
answer["part"] = steps(min_step=2, max_step=4)
answer["keys"] = list(found.scan_history(keys=["train/accuracy"], page_size=2))
answer["best"] = list(found.scan_history(keys=["best"]))
""",
        before=LOGGED,
        member=member,
    )
    assert answer["all"] == answer["pages"] == [0, 1, 2, 3, 4, 5, 40]
    assert answer["part"] == [2, 3]
    assert answer["keys"] == [{"_step": step, "train/accuracy": step} for step in range(6)]
    assert answer["best"] == [{"_step": 40, "best": 0.25}]


def test_a_resumed_run_counts_on_from_the_last_step(sdk, member, registry):
    answer = sdk(
        """
with started("member", id="logged", resume="must") as run:
    answer["begins"] = run.starting_step
    run.log({"loss": 0.1})
found = api("member").run(place)
answer["steps"] = [row["_step"] for row in found.scan_history(use_cache=False)]
""",
        before=LOGGED,
        member=member,
    )
    assert answer == {"begins": 41, "steps": [0, 1, 2, 3, 4, 5, 40, 41]}
    assert sorted(HistoryLine.objects.values_list("number", flat=True)) == list(range(8))


def test_a_history_is_seen_by_those_who_see_the_run_alone(sdk, client, member, outsider, registry):
    sdk("", before=LOGGED, member=member)
    with unchanged():
        answer = sdk(
            """
found = api("member").run("smle-reg-team-2/zoo_experiment/logged")
found._service_api = api("outsider")._service_api
answer["read"] = refusal(found.history, pandas=False)[0]
answer["scanned"] = refusal(lambda: list(found.scan_history()))[0]
answer["events"] = refusal(found.history, stream="system", pandas=False)[1]
""",
            member=member,
            outsider=outsider,
        )
    assert "events" in answer["events"]
    client.force_login(member)
    page = client.get("/smle-reg-team-2/zoo_experiment/runs/logged", follow=True).content.decode()
    for shown in ("train/accuracy", "0.25", ">40<"):
        assert shown in page
    client.force_login(outsider)
    assert client.get("/smle-reg-team-2/zoo_experiment/runs/logged").status_code == 404


def test_what_a_script_wrote_to_the_console_is_read_line_by_line(sdk, member, outsider, registry):
    answer = sdk(
        """
with started("member", id="said") as run:
    for number in range(30):
        print("line", number, "Größe")
seen = api("member").run("smle-reg-team-2/zoo_experiment/said")
def said(**options):
    return [[line.number, line.content] for line in seen.console_logs(**options)]
answer["all"], answer["pages"] = said(), said(per_page=7)
answer["last"] = said(last=2)
seen._service_api = api("outsider")._service_api
answer["outsider"] = refusal(said)[0]
""",
        member=member,
        outsider=outsider,
    )
    lines = [[number, f"line {number} Größe"] for number in range(30)]
    assert answer["all"] == answer["pages"] == lines
    assert answer["last"] == lines[-2:]


def test_a_version_tells_at_which_step_of_its_run_it_was_logged(sdk, member, registry):
    answer = sdk(
        """
with started("member", id="stepped") as run:
    for step in range(3):
        run.log({"loss": step})
        logged = run.log_artifact(artifact(str(step))).wait()
place = "smle-reg-team-2/zoo_experiment"
seen = api("member")
for step in range(3):
    found = seen.artifact(f"{place}/zoo_dataset:v{step}")
    begin = found.history_step
    rows = found.logged_by().scan_history(min_step=begin, max_step=begin + 1)
    answer[found.version] = [row["loss"] for row in rows]
""",
        member=member,
    )
    assert answer == {"v0": [0], "v1": [1], "v2": [2]}


SHARING = """
import json, os, subprocess, sys, wandb

place = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "id": "shared"}
who, *others = sys.argv[1:]
settings = wandb.Settings(
    mode="shared", x_label=who, x_primary=bool(others), x_update_finish_state=bool(others)
)
with wandb.init(**place, settings=settings) as run:
    for number in range(3):
        run.log({who: number, "last": who})
    for other in others:
        alone = {name: value for name, value in os.environ.items() if name != "WANDB_SERVICE"}
        subprocess.run([sys.executable, __file__, other], check=True, env=alone)
        print(wandb.Api().run("/".join(place.values())).state)
        run.log({who: 3, "last": who})
if others:
    found = wandb.Api().run("/".join(place.values()))
    lines = [
        {name: value for name, value in row.items() if name in {"_step", "first", "second"}}
        for row in found.scan_history(page_size=2)
    ]
    print(json.dumps([found.state, found.summary._json_dict, lines]))
"""


def test_processes_that_share_a_run_lose_no_line_of_each_other(script, member, registry, tmp_path):
    """Only the first of two tells of the end of the run."""
    program = tmp_path / "sharing.py"
    program.write_text(SHARING)
    done = script([sys.executable, str(program), "first", "second"], by=member)
    assert done.returncode == 0, done.stderr
    while_it_goes_on, told = done.stdout.splitlines()
    state, summary, lines = json.loads(told)
    assert (while_it_goes_on, state) == ("running", "finished")
    assert (summary["first"], summary["second"], summary["last"]) == (3, 2, "first")
    assert [line["_step"] for line in lines] == list(range(7))
    for who, values in (("first", [0, 1, 2, 3]), ("second", [0, 1, 2])):
        assert [line[who] for line in lines if who in line] == values


def test_a_run_that_has_ended_and_begins_anew_holds_what_it_says_then_alone(sdk, member, registry):
    answer = sdk(
        """
for said, count in (("first", 7), ("second", 4)):
    with started("member", id="twice", config={said: 1}) as run:
        run.summary[said] = count
        for number in range(count):
            run.log({"x": f"{said} {number}"})
        run.config["late"] = said
found = api("member").run("smle-reg-team-2/zoo_experiment/twice")
answer["rows"] = [row["x"] for row in found.scan_history()]
answer["keys"] = [row["x"] for row in found.scan_history(keys=["x"], page_size=3)]
answer["last"], answer["config"] = found.lastHistoryStep, found.config
answer["summary"] = {name: found.summary.get(name) for name in ("first", "second", "x")}
answer["state"] = found.state
""",
        member=member,
    )
    rows = [f"second {number}" for number in range(4)]
    assert answer == {
        "rows": rows,
        "keys": rows,
        "last": 3,
        "config": {"second": 1, "late": "second"},
        "summary": {"first": None, "second": 4, "x": "second 3"},
        "state": "finished",
    }


def test_a_run_that_is_killed_and_begins_anew_has_one_row_for_each_step(
    sdk, script, member, registry
):
    """It never said that it ended, so what lies behind the newest row stays."""
    killed = """
import os, time, wandb
place = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "id": "killed"}
run = wandb.init(**place)
for number in range(6):
    run.log({"x": f"first {number}"})
while wandb.Api().run("/".join(place.values())).lastHistoryStep < 4:
    run.log({})
os._exit(9)
"""
    assert script([PYTHON, "-c", killed], by=member).returncode == 9
    answer = sdk(
        """
with started("member", id="killed") as run:
    for number in range(3):
        run.log({"x": f"second {number}"})
found = api("member").run("smle-reg-team-2/zoo_experiment/killed")
answer["rows"] = [row.get("x") for row in found.scan_history()][:5]
""",
        member=member,
    )
    assert answer["rows"] == ["second 0", "second 1", "second 2", "first 3", "first 4"]


OFFLINE = """
import sys, wandb
place = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "id": "offline"}
options = {"resume": sys.argv[1]} if sys.argv[1:] else {}
with wandb.init(mode="offline", **place, **options) as run:
    for number in range(60):
        run.log({"x": number, "long": "y" * 400})
"""


def test_a_run_that_is_synchronized_again_has_each_row_once(
    sdk, script, member, registry, tmp_path
):
    """At first of a file that was not written to its end; then of the whole one, twice."""
    assert script([PYTHON, "-c", OFFLINE], by=member).returncode == 0
    (file,) = (tmp_path / "runs" / "wandb").glob("offline-run-*/*.wandb")
    whole = file.read_bytes()
    sync = [PYTHON, "-m", "wandb", "sync", "--no-skip-synced", str(file.parent)]
    for held in (whole[: len(whole) // 2], whole, whole):
        file.write_bytes(held)
        finished = script(sync, by=member)
        assert finished.returncode == 0, finished.stderr
        answer = sdk(SCANNED, member=member)
        rows = answer["rows"]
        assert rows == list(range(len(rows)))
        assert len(rows) == 60 if held is whole else 0 < len(rows) < 60


SCANNED = """
found = api("member").run("smle-reg-team-2/zoo_experiment/offline")
answer["rows"] = [row["x"] for row in found.scan_history(page_size=25)]
"""


@pytest.mark.skipif(
    RELEASE.startswith(("0.29.", "0.30.")), reason="it does not tell that the run is resumed"
)
def test_a_run_resumed_offline_goes_on_behind_its_last_row_however_often_it_is_synchronized(
    sdk, script, member, registry, tmp_path
):
    sdk(
        """
with started("member", id="offline") as run:
    for number in range(5):
        run.log({"x": number - 5})
""",
        member=member,
    )
    assert script([PYTHON, "-c", OFFLINE, "must"], by=member).returncode == 0
    (folder,) = (tmp_path / "runs" / "wandb").glob("offline-run-*")
    sync = [PYTHON, "-m", "wandb", "sync", "--no-skip-synced", str(folder)]
    for _ in range(2):
        finished = script(sync, by=member)
        assert finished.returncode == 0, finished.stderr
        assert sdk(SCANNED, member=member)["rows"] == list(range(-5, 60))
