from __future__ import annotations

from accounts.callers import OPERATOR
from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.models import Run
from artifacts.operations.runs import finish_run, start_run
from tests.personas import caller_of
from tests.refusals import refused


def test_a_run_has_an_id_as_the_sdk_forms_them(project, member):
    run = start_run(caller_of(member), project, display_name="brisk-heron-1", config={"lr": 0.1})
    assert len(run.name) == 8
    assert run.name.isalnum()
    assert (run.display_name, run.config, run.created_by) == ("brisk-heron-1", {"lr": 0.1}, member)
    assert start_run(caller_of(member), project).display_name != ""


def test_a_run_ends(project, member):
    run = start_run(caller_of(member), project)
    assert run.state == Run.State.RUNNING
    finish_run(caller_of(member), run, Run.State.CRASHED)
    run.refresh_from_db()
    assert run.state == Run.State.CRASHED


def test_only_who_may_write_in_the_project_runs_there(project, team, member, viewer, outsider):
    run = start_run(caller_of(member), project)
    add_to_team(OPERATOR, team, viewer, "viewer")
    for user, kind in ((viewer, NotAllowed), (outsider, NotFound)):
        with refused(kind):
            start_run(caller_of(user), project)
        with refused(kind):
            finish_run(caller_of(user), run)


def test_bad_facts_start_no_run(project, member, subtests):
    for options in [
        {"config": {"a": float("nan")}},
        {"display_name": "x" * 129},
        {"display_name": "\x00"},
    ]:
        with subtests.test(options=options), refused(Invalid):
            start_run(caller_of(member), project, **options)
