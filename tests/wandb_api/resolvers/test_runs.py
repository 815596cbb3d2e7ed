"""Runs as scripts make them, and the places for their files."""

from __future__ import annotations

import pytest
from django.test import Client

from artifacts.models import Run, RunFile
from artifacts.operations.runs import extend_run, upsert_run
from tests.personas import caller_of
from wandb_api.identifiers import encode

FILES = """mutation M($files: [String!]!) {
  createRunFiles(input: {
    entityName: "smle-reg-team-2", projectName: "zoo_experiment", runName: "r", files: $files
  }) { files { name uploadUrl } }
}"""


def test_one_name_that_cannot_be_kept_costs_a_run_no_other_file(ask, member, project):
    upsert_run(caller_of(member), project, "r")
    names = ["config.yaml", "a\nb", "s3%2Fkey.txt", "../x", "output.log"]
    files = ask(member, FILES, files=names).data["createRunFiles"]["files"]
    assert [file["name"] for file in files] == names
    kept = {file["name"] for file in files if file["uploadUrl"]}
    assert kept == {"config.yaml", "s3%2Fkey.txt", "output.log"}
    assert set(RunFile.objects.values_list("name", flat=True)) == kept


def test_a_single_name_that_cannot_be_kept_is_refused(ask, member, project):
    upsert_run(caller_of(member), project, "r")
    assert "cannot be the name of a file" in ask(member, FILES, files=["../x"]).sentence


UPSERT = """mutation M($input: UpsertBucketInput!) {
  upsertBucket(input: $input) { bucket { id displayName notes tags config } inserted }
}"""
RUN = {"entityName": "smle-reg-team-2", "modelName": "zoo_experiment", "name": "r"}
UNSOUND = {"tags": ["main\n", "x" * 65], "groupName": "x" * 129, "jobType": "x" * 129}


@pytest.mark.parametrize("is_new", [True, False])
def test_of_what_a_script_says_of_its_run_all_that_can_be_kept_is_kept(
    ask, member, project, is_new
):
    said = RUN | UNSOUND | {"config": '{"rate": {"value": 1}}', "notes": "n" * 100_001}
    if not is_new:
        # Releases from 0.31 on name the run by its id as well.
        run, _ = upsert_run(caller_of(member), project, "r", tags=["replaced"])
        said["id"] = encode("Run", run.pk)
    assert ask(member, UPSERT, input=said).data["upsertBucket"]["inserted"] is is_new
    run = Run.objects.get()
    assert (run.config, run.notes) == ({"rate": {"value": 1}}, "n" * 100_000)
    assert (run.group, run.job_type) == ("x" * 128, "x" * 128)
    assert {tag.name for tag in run.tags.all()} == {"main", "x" * 64}


def test_a_configuration_that_cannot_be_kept_costs_a_running_script_nothing_else(
    ask, member, project
):
    run, _ = upsert_run(caller_of(member), project, "r", config={"rate": {"value": 1}})
    deep = '{"a":' * 101 + "1" + "}" * 101
    said = RUN | {"id": encode("Run", run.pk), "config": deep, "notes": "as it goes"}
    assert ask(member, UPSERT, input=said).status == 200
    run.refresh_from_db()
    assert (run.config, run.notes) == ({"rate": {"value": 1}}, "as it goes")


@pytest.mark.parametrize("what", [*UNSOUND, "notes"])
def test_who_edits_a_run_is_told_of_a_refusal_and_has_nothing_changed(ask, member, project, what):
    run, _ = upsert_run(caller_of(member), project, "other", tags=["kept"])
    odd = {what: (UNSOUND | {"notes": "n" * 100_001})[what]}
    edited = {"id": encode("Run", run.pk), "displayName": "edited", **odd}
    assert ask(member, UPSERT, input=edited).sentence
    run.refresh_from_db()
    assert (run.display_name, run.notes, run.group, run.job_type) == ("other", None, None, None)
    assert [tag.name for tag in run.tags.all()] == ["kept"]


def test_a_long_name_for_people_is_cut(ask, member, project):
    answer = ask(member, UPSERT, input=RUN | {"displayName": "x" * 200})
    assert answer.data["upsertBucket"]["bucket"]["displayName"] == "x" * 128


FIRST = RUN | {"host": "machine", "jobProgram": "train.py"}
SHARED = {"X-Wandb-Use-Async-Filestream": "true"}


@pytest.fixture
def told(member, project):
    """`told(state)`: a run in this state that has told something."""

    def in_state(state):
        run, _ = upsert_run(caller_of(member), project, "r", notes="kept")
        summary, history = {"loss": 1}, ['{"loss": 1}']
        counts = {"history_line_count": 1, "log_line_count": 2, "event_line_count": 3}
        extend_run(
            caller_of(member), run, counts=counts, summary=summary, state=state, history=history
        )
        return run

    return in_state


def lines_told(run):
    run.refresh_from_db()
    counts = (run.history_line_count, run.log_line_count, run.event_line_count)
    return run.history.count(), counts, run.summary, run.state


KEPT = (1, (1, 2, 3), {"loss": 1})


@pytest.mark.parametrize("state", ["finished", "failed", "crashed"])
def test_a_run_that_has_ended_begins_anew_without_what_it_told(ask, member, told, state):
    run = told(state)
    answer = ask(member, UPSERT, input=FIRST)
    assert answer.data["upsertBucket"]["inserted"] is False
    assert lines_told(run) == (0, (0, 0, 0), {}, "running")
    assert (run.last_step, run.history_bytes, run.notes) == (None, 0, "kept")


@pytest.mark.parametrize("state", ["finished", "failed", "crashed"])
def test_a_run_that_is_resumed_is_running_again_with_what_it_told(ask, member, told, state):
    run = told(state)
    assert ask(member, UPSERT, input=FIRST | {"id": encode("Run", run.pk)}).status == 200
    assert lines_told(run) == (*KEPT, "running")


def test_a_run_edited_or_synchronized_keeps_what_it_told_and_its_end(ask, member, told):
    run = told("finished")
    for said in (
        RUN | {"config": "{}"},
        {"id": encode("Run", run.pk), "notes": "edited"},
        FIRST | {"id": encode("Run", run.pk), "jobProgram": "/usr/bin/wandb"},
        FIRST | {"jobProgram": "/usr/bin/wandb"},
        FIRST | {"jobProgram": "C:\\python\\wandb.exe"},
        FIRST | {"jobProgram": "-m wandb.__main__"},
    ):
        assert ask(member, UPSERT, input=said).status == 200
        assert lines_told(run) == (*KEPT, "finished")
    run.state = "running"
    run.save()
    ask(member, UPSERT, input=FIRST)
    assert lines_told(run) == (*KEPT, "running")


def test_a_process_that_joins_a_run_that_has_ended_leaves_what_the_others_told(ask, member, told):
    run = told("finished")
    body = {"query": UPSERT, "variables": {"input": FIRST}}
    headers = ask.headers(member) | SHARED
    answer = Client().post("/graphql", body, "application/json", headers=headers)
    assert answer.status_code == 200
    assert lines_told(run) == (*KEPT, "finished")


def test_who_may_not_write_begins_no_run_anew(ask, viewer, told):
    run = told("finished")
    assert ask(viewer, UPSERT, input=FIRST).sentence
    assert lines_told(run) == (*KEPT, "finished")


def test_nul_in_a_configuration_or_summary_costs_nothing_else(ask, member, project):
    odd = {"config": '{"text": {"value": "a\\u0000b"}, "rate": {"value": 1}}'}
    answer = ask(member, UPSERT, input=RUN | odd | {"summaryMetrics": '{"best": "\\u0000"}'})
    assert answer.status == 200
    run = Run.objects.get()
    assert run.config == {"text": {"value": "a\ufffdb"}, "rate": {"value": 1}}
    assert run.summary == {"best": "\ufffd"}


SAID = """mutation M($id: String, $name: String, $project: String, $entity: String,
  $notes: String, $tags: [String!], $displayName: String, $config: JSONString) {
  upsertBucket(input: {id: $id, name: $name, modelName: $project, entityName: $entity,
    notes: $notes, tags: $tags, displayName: $displayName, config: $config}) { bucket { id } }
}"""
THIS_RUN = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "name": "r"}


def test_nul_in_what_a_script_says_of_its_run_costs_nothing_else(ask, member, project):
    said = THIS_RUN | {"config": '{"rate": {"value": 1}}', "displayName": "a\x00"}
    assert ask(member, SAID, **said, notes="a\x00b", tags=["\x00", "sound"]).status == 200
    run = Run.objects.get()
    assert (run.notes, run.display_name) == ("a\ufffdb", "a\ufffd")
    assert run.config == {"rate": {"value": 1}}
    assert {tag.name for tag in run.tags.all()} == {"\ufffd", "sound"}


@pytest.mark.parametrize(
    "odd", [{"name": "r\x00"}, {"project": "p\x00"}, {"entity": "\x00"}, {"name": None}]
)
def test_nul_in_what_finds_a_run_or_from_the_public_api_is_refused(ask, member, project, odd):
    run, _ = upsert_run(caller_of(member), project, "r")
    said = THIS_RUN | {"id": encode("Run", run.pk), "notes": "a\x00b"} | odd
    assert ask(member, SAID, **said).sentence == "A request contains no NUL character."
    assert list(Run.objects.values_list("name", "notes")) == [("r", None)]
