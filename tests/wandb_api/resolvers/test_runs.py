"""Runs as scripts make them, and the places for their files."""

from __future__ import annotations

from artifacts.models import RunFile
from artifacts.operations.runs import upsert_run
from tests.personas import caller_of

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
