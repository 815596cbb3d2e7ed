from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.events import run_changed_state
from artifacts.models import Run, RunFile, StorageUse
from artifacts.operations.runs import (
    delete_run_files,
    end_run,
    expect_run_file,
    finish_run,
    receive_run_file,
    start_run,
    upsert_run,
)
from artifacts.operations.storage_use import count_again
from tests.faults.interleaving import Deed, Plan, Result, at_once
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


@pytest.fixture
def told() -> Iterator[list[str]]:
    """The states that were told of."""
    states: list[str] = []

    def listen(*, run: Run, **_) -> None:
        states.append(run.state)

    run_changed_state.connect(listen)
    yield states
    run_changed_state.disconnect(listen)


def every_halt(halted: Plan, other: Plan, prepare: Callable[[], object]) -> Iterator[Result]:
    """What comes of both at once, `halted` waiting at its first halt, then at its second, …"""
    for halt in count(1):
        prepare()
        result = at_once(halted, other, halt)
        if result.halted_at is None:
            return
        yield result


@pytest.mark.django_db(transaction=True)
def test_an_end_that_two_requests_bring_is_told_once(project, member, told):
    by = caller_of(member)

    def begin() -> None:
        upsert_run(by, project, "heron", state=Run.State.RUNNING)
        told.clear()

    def finish() -> Deed:
        return partial(upsert_run, by, project, "heron", state=Run.State.FINISHED)

    for result in every_halt(finish, finish, begin):
        assert [how for how, _ in result.outcomes] == ["done", "done"], result
        assert told == [Run.State.FINISHED], result


def bring(file: RunFile, content: bytes) -> None:
    receive_run_file(file, io.BytesIO(content), size=len(content))


def test_bytes_of_a_file_that_was_deleted_meanwhile_are_refused(project, member):
    by = caller_of(member)
    file = expect_run_file(by, start_run(by, project), "notes.txt")
    bring(file, b"notes")
    delete_run_files(by, RunFile.objects.all())
    with pytest.raises(NotFound):
        bring(file, b"other")
    assert not RunFile.objects.exists()
    assert StorageUse.objects.get(entity=project.entity).bytes == 0


RACES_FOR_FILES = [
    ("deletes them", "deletes them"),
    ("deletes them", "brings one"),
    ("brings one", "deletes them"),
    ("brings one", "deletes the run"),
]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), RACES_FOR_FILES)
def test_what_a_team_takes_is_right_when_two_are_at_files_of_one_run(project, member, one, other):
    by = caller_of(member)
    bring(expect_run_file(by, start_run(by, project), "of another"), b"of another")
    files = RunFile.objects.filter(run__name="heron").select_related("run__project__entity")

    def prepare() -> None:
        run, _ = upsert_run(by, project, "heron")
        for name in ("one", "two"):
            bring(expect_run_file(by, run, name), name.encode())

    plans: dict[str, Plan] = {
        "deletes them": lambda: partial(delete_run_files, by, list(files)),
        "brings one": lambda: partial(bring, files.get(name="two"), b"other"),
        "deletes the run": lambda: partial(end_run, by, Run.objects.get(name="heron")),
    }
    for result in every_halt(plans[one], plans[other], prepare):
        assert "raised" not in {how for how, _ in result.outcomes}, result.outcomes
        kept = StorageUse.objects.get(entity=project.entity)
        right = count_again(OPERATOR, project.entity)
        assert (kept.bytes, kept.files) == (right.bytes, right.files), result.halted_at
