"""Runs: where artifacts come from and go to, and the files a run keeps of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotFound
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
    is_same_json,
    valid_json,
    valid_text,
)
from artifacts.operations import run_history
from artifacts.operations.artifacts import keep_bytes
from artifacts.operations.run_history import Counts
from artifacts.operations.storage_use import charge, discharge, require_room
from artifacts.permissions import require_write
from artifacts.run_names import (
    new_run_name,
    valid_display_name,
    valid_run_file_name,
    valid_run_name,
    valid_run_tags,
)

NULL_WHEN_EMPTY = {"notes", "group", "job_type"}
JUDGES: dict[str, Callable[[Any], Any]] = {
    "display_name": valid_display_name,
    "config": valid_json,
    "summary": valid_json,
    "state": Run.State,
    "notes": partial(valid_text, what="A note", longest=LONGEST_DESCRIPTION),
    "group": partial(valid_text, what="A group"),
    "job_type": partial(valid_text, what="A job type"),
    "tags": valid_run_tags,
}


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
    files = RunFile.objects.select_for_update().filter(run=held).order_by("pk")
    freed = [file.stored_file_id for file in files if file.stored_file_id is not None]
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
    is_told: bool = True,
    begins: bool = False,
) -> tuple[Run, bool]:
    """The run of this name, made when it is new; None leaves what it has. Says if it was made.

    `tags` take the place of those it had; an empty note, group or job type ends the one it had.
    With `begins` a run that has ended is begun anew: its history, counts and summary do not remain.
    A name for people is cut. What else cannot be kept refuses all of it, or is left out where
    nobody `is_told` of a refusal: a script that goes on sends all it has to say again and again.
    """
    require_write(by, project.entity)
    # Held, so that of two requests that bring one change only the first tells of it.
    run, is_new = Run.objects.select_for_update().get_or_create(
        project=project,
        name=valid_run_name(name),
        defaults={"display_name": name, "created_by": by.user},
    )
    before, summary_before = None if is_new else run.state, run.summary
    if begins and run.state != Run.State.RUNNING:
        run_history.begin_anew(run)
    changed = _sound(
        is_told=is_told or is_new,
        display_name=display_name[:LONGEST_NAME] if display_name else display_name,
        config=config,
        summary=summary,
        state=state,
        notes=notes,
        group=group,
        job_type=job_type,
        tags=tags,
    )
    _change(run, changed)
    _tell_of_state(by, run, before)
    _tell_of_summary(by, run, summary_before)
    return run, is_new


@transaction.atomic
def extend_run(
    by: Caller,
    run: Run,
    *,
    counts: Counts,
    summary: dict[str, Any] | None,
    state: str | None,
    history: Sequence[Any] = (),
    history_begins_at: int = 0,
    writer: str | None = None,
) -> None:
    """What the file stream of a run brought: up to which line of each kind, a summary, an end,
    and lines of its history, the first of which has the number `history_begins_at`.

    `writer`: which of several processes that share the run reports. Its lines follow what is
    there, with steps of the run, and of its summary each key takes the place of the same key.
    """
    require_write(by, run.project.entity)
    if summary is not None:
        valid_json(summary)
    run = _hold(run)
    before, summary_before = run.state, run.summary
    if writer is not None:
        counts, history, history_begins_at = run_history.behind_the_others(
            run, writer, counts, history, history_begins_at
        )
    for column, count in counts.items():
        setattr(run, column, max(getattr(run, column), count))
    run_history.keep_lines(run, history, history_begins_at, are_steps_of_run=writer is not None)
    if summary is not None:
        run.summary = summary if writer is None else run_history.put_together(run.summary, summary)
    if state is not None:
        run.state = state
    run.save()
    _tell_of_summary(by, run, summary_before)
    _tell_of_state(by, run, before)


@transaction.atomic
def expect_run_file(by: Caller, run: Run, name: str) -> RunFile:
    """A place for a file the run keeps of itself."""
    require_write(by, run.project.entity)
    return RunFile.objects.get_or_create(run=run, name=valid_run_file_name(name))[0]


def receive_run_file(run_file: RunFile, stream: BinaryIO, *, size: int) -> None:
    """Replaces what was there under this name. NotFound when the file was deleted meanwhile."""
    owner = run_file.run.project.entity
    require_room(owner, size)
    stored = keep_bytes(stream, size=size)
    with transaction.atomic():
        held = RunFile.objects.select_for_update().filter(pk=run_file.pk).first()
        if held is None:
            raise NotFound
        charge(owner, [stored.pk])
        let_go = [] if held.stored_file_id in {None, stored.pk} else [held.stored_file_id]
        held.stored_file = stored
        held.updated_at = timezone.now()
        held.save(update_fields=["stored_file", "updated_at"])
        discharge(owner, let_go)


@transaction.atomic
def delete_run_files(by: Caller, files: Iterable[RunFile]) -> None:
    """Whoever may write in the project of each; all or none."""
    owners = {file.pk: file.run.project.entity for file in files}
    for owner in owners.values():
        require_write(by, owner)
    # All files before any figure of an owner: whoever brings one holds them in this order.
    held = list(RunFile.objects.select_for_update().filter(pk__in=owners).order_by("pk"))
    for file in held:
        owner, stored_id = owners[file.pk], file.stored_file_id
        file.delete()
        discharge(owner, [] if stored_id is None else [stored_id])


def _sound(*, is_told: bool, **given: Any) -> dict[str, Any]:
    """What is given and can be kept, as it is kept; Invalid for the rest where that is told."""
    sound = {}
    for column, value in given.items():
        with nullcontext() if is_told else suppress(Invalid):
            if value is not None:
                sound[column] = JUDGES[column](value)
    return sound


def _hold(run: Run) -> Run:
    """NotFound when it was deleted since the caller looked."""
    held = Run.objects.select_for_update().filter(pk=run.pk).first()
    if held is None:
        raise NotFound.of(f"run “{run.name}”")
    return held


def _change(run: Run, changed: dict[str, Any]) -> None:
    names = changed.pop("tags", None)
    for column, value in changed.items():
        setattr(run, column, (value or None) if column in NULL_WHEN_EMPTY else value)
    if changed:
        run.save(update_fields=list(changed))
    if names is not None:
        _put_tags(run, names)


def _put_tags(run: Run, names: list[str]) -> None:
    run.tags.exclude(name__in=names).delete()
    RunTag.objects.bulk_create(
        [RunTag(run=run, name=name) for name in names], ignore_conflicts=True
    )


def _tell_of_state(by: Caller, run: Run, before: str | None) -> None:
    if run.state != before:
        run_changed_state.send(Run, run=run, by=by)


def _tell_of_summary(by: Caller, run: Run, before: dict[str, Any]) -> None:
    if not is_same_json(run.summary, before):
        run_changed_summary.send(Run, run=run, before=before, by=by)
