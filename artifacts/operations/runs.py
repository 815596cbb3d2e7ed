"""Runs: where artifacts come from and go to, and the files a run keeps of itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, NotFound
from artifacts.events import run_changed_state, run_changed_summary
from artifacts.models import (
    Artifact,
    ArtifactOutput,
    ArtifactUse,
    Project,
    Run,
    RunFile,
    RunTag,
)
from artifacts.names import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    new_run_name,
    valid_display_name,
    valid_json,
    valid_paths,
    valid_run_name,
    valid_run_tags,
    valid_text,
)
from artifacts.operations.artifacts import keep_bytes
from artifacts.operations.run_history import keep_lines
from artifacts.operations.storage_use import charge, discharge, require_room
from artifacts.permissions import require_write

NULL_WHEN_EMPTY = {"notes", "group", "job_type"}


@transaction.atomic
def start_run(
    by: Caller,
    project: Project,
    *,
    display_name: str = "",
    config: dict[str, Any] | None = None,
) -> Run:
    """A run with an id of its own."""
    require_write(by, project.entity)
    name = new_run_name()
    run = Run.objects.create(
        project=project,
        name=name,
        display_name=valid_display_name(display_name) or name,
        config=valid_json(config or {}),
        created_by=by.user,
    )
    _tell_of_state(by, run, before=None)
    return run


@transaction.atomic
def finish_run(by: Caller, run: Run, state: Run.State = Run.State.FINISHED) -> None:
    require_write(by, run.project.entity)
    before = _hold(run).state
    run.state = state
    run.save(update_fields=["state"])
    _tell_of_state(by, run, before)


@transaction.atomic
def give_run_up(by: Caller, run: Run) -> None:
    """Says of a run that its script will tell nothing more. Conflict once it has ended."""
    require_write(by, run.project.entity)
    held = _hold(run)
    if held.state != Run.State.RUNNING:
        raise Conflict("run_ended", f"Run “{held.name}” is {held.state}, so it stays as it is.")
    finish_run(by, held, Run.State.FAILED)


@transaction.atomic
def end_run(by: Caller, run: Run) -> None:
    """The run and what it kept of itself; what it logged tells of no run afterwards."""
    require_write(by, run.project.entity)
    held = _hold(run)
    Artifact.objects.filter(run=held).update(run=None)
    kept = RunFile.objects.filter(run=held).exclude(stored_file=None)
    freed = list(kept.values_list("stored_file_id", flat=True))
    held.delete()
    discharge(run.project.entity, freed)


@transaction.atomic
def note_use(by: Caller, project: Project, run_name: str, artifact: Artifact) -> None:
    """`artifact` became an input of the run. The right to use it is judged one floor up."""
    require_write(by, project.entity)
    run = Run.objects.filter(project=project, name=run_name).first()
    if run is None:
        raise NotFound.of(f"run “{run_name[:LONGEST_NAME]}”")
    ArtifactUse.objects.get_or_create(run=run, artifact=artifact)


@transaction.atomic
def note_output(by: Caller, run: Run, artifact: Artifact) -> None:
    """The run logged what was there already. For the run that made it nothing is added."""
    require_write(by, run.project.entity)
    if artifact.run_id != run.pk:
        ArtifactOutput.objects.get_or_create(run=run, artifact=artifact)


@transaction.atomic
def upsert_run(
    by: Caller,
    project: Project,
    name: str,
    *,
    display_name: str | None = None,
    config: dict[str, Any] | None = None,
    summary: dict[str, Any] | None = None,
    state: str | None = None,
    notes: str | None = None,
    group: str | None = None,
    job_type: str | None = None,
    tags: Iterable[str] | None = None,
) -> tuple[Run, bool]:
    """The run of this name, made when it is new; None leaves what it has. Says if it was made.

    `tags` take the place of those it had; an empty note, group or job type ends the one it had.
    """
    require_write(by, project.entity)
    display_name = valid_display_name(display_name)
    given = {
        "display_name": display_name,
        "config": config if config is None else valid_json(config),
        "summary": summary if summary is None else valid_json(summary),
        "state": state,
        "notes": valid_text(notes, "A note", LONGEST_DESCRIPTION),
        "group": valid_text(group, "A group"),
        "job_type": valid_text(job_type, "A job type"),
    }
    names = None if tags is None else valid_run_tags(tags)
    run, is_new = Run.objects.get_or_create(
        project=project,
        name=valid_run_name(name),
        defaults={"display_name": display_name or name, "created_by": by.user},
    )
    before, summary_before = None if is_new else run.state, run.summary
    changed = {column: value for column, value in given.items() if value is not None}
    for column, value in changed.items():
        setattr(run, column, (value or None) if column in NULL_WHEN_EMPTY else value)
    if changed:
        run.save(update_fields=list(changed))
    if names is not None:
        _put_tags(run, names)
    _tell_of_state(by, run, before)
    _tell_of_summary(by, run, summary_before)
    return run, is_new


@transaction.atomic
def extend_run(
    by: Caller,
    run: Run,
    *,
    counts: dict[str, int],
    summary: dict[str, Any] | None,
    state: str | None,
    history: Sequence[Any] = (),
    history_begins_at: int = 0,
) -> None:
    """What the file stream of a run brought: up to which line of each kind, a summary, an end,
    and lines of its history, the first of which has the number `history_begins_at`.
    """
    require_write(by, run.project.entity)
    if summary is not None:
        valid_json(summary)
    run = _hold(run)
    before, summary_before = run.state, run.summary
    for column, count in counts.items():
        setattr(run, column, max(getattr(run, column), count))
    keep_lines(run, history, history_begins_at)
    if summary is not None:
        run.summary = summary
    if state is not None:
        run.state = state
    run.save()
    _tell_of_summary(by, run, summary_before)
    _tell_of_state(by, run, before)


@transaction.atomic
def expect_run_file(by: Caller, run: Run, name: str) -> RunFile:
    """A place for a file the run keeps of itself."""
    require_write(by, run.project.entity)
    valid_paths([name])
    return RunFile.objects.get_or_create(run=run, name=name)[0]


def receive_run_file(run_file: RunFile, stream: BinaryIO, *, size: int) -> None:
    """Replaces what was there under this name."""
    owner = run_file.run.project.entity
    require_room(owner, size)
    stored = keep_bytes(stream, size=size)
    with transaction.atomic():
        charge(owner, [stored.pk])
        before = RunFile.objects.filter(pk=run_file.pk).values_list("stored_file_id", flat=True)
        let_go = [before_id for before_id in before if before_id not in {None, stored.pk}]
        run_file.stored_file = stored
        run_file.updated_at = timezone.now()
        run_file.save(update_fields=["stored_file", "updated_at"])
        discharge(owner, let_go)


@transaction.atomic
def delete_run_files(by: Caller, files: Iterable[RunFile]) -> None:
    """Whoever may write in the project of each; all or none."""
    gone = sorted(files, key=lambda file: file.pk)
    for file in gone:
        require_write(by, file.run.project.entity)
    for file in gone:
        kept = [] if file.stored_file_id is None else [file.stored_file_id]
        file.delete()
        discharge(file.run.project.entity, kept)


def _hold(run: Run) -> Run:
    """NotFound when it was deleted since the caller looked."""
    held = Run.objects.select_for_update().filter(pk=run.pk).first()
    if held is None:
        raise NotFound.of(f"run “{run.name}”")
    return held


def _put_tags(run: Run, names: list[str]) -> None:
    run.tags.exclude(name__in=names).delete()
    RunTag.objects.bulk_create(
        [RunTag(run=run, name=name) for name in names], ignore_conflicts=True
    )


def _tell_of_state(by: Caller, run: Run, before: str | None) -> None:
    if run.state != before:
        run_changed_state.send(Run, run=run, by=by)


def _tell_of_summary(by: Caller, run: Run, before: dict[str, Any]) -> None:
    if run.summary != before:
        run_changed_summary.send(Run, run=run, before=before, by=by)
