"""Runs as scripts make them, and the places for their files."""

from __future__ import annotations

from artifacts.models import Run, RunFile
from artifacts.operations.runs import upsert_run
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
UNSOUND = {"tags": ["x" * 65], "groupName": "x" * 129}


def test_one_thing_a_running_script_may_not_say_loses_none_of_the_others(ask, member, project):
    upsert_run(caller_of(member), project, "r", tags=["kept"])
    said = RUN | UNSOUND | {"config": '{"rate": {"value": 1}}', "notes": "as it goes"}
    answer = ask(member, UPSERT, input=said)
    bucket = answer.data["upsertBucket"]["bucket"]
    assert (bucket["tags"], bucket["notes"]) == (["kept"], "as it goes")
    assert bucket["config"] == '{"rate": {"value": 1}}'


def test_who_is_told_of_a_refusal_has_nothing_changed(ask, member, project):
    assert ask(member, UPSERT, input=RUN | UNSOUND).sentence
    run, _ = upsert_run(caller_of(member), project, "other")
    edited = {"id": encode("Run", run.pk), "notes": "edited", **UNSOUND}
    assert ask(member, UPSERT, input=edited).sentence
    assert list(Run.objects.values_list("name", "notes")) == [("other", None)]


def test_a_long_name_for_people_is_cut(ask, member, project):
    answer = ask(member, UPSERT, input=RUN | {"displayName": "x" * 200})
    assert answer.data["upsertBucket"]["bucket"]["displayName"] == "x" * 128
