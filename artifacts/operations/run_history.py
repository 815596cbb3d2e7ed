"""The lines of a run's history, kept as the script sent them, up to a limit for each run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from accounts.errors import Invalid
from artifacts.history import read_line, without_nul
from artifacts.models import HistoryLine, Run, RunWriter
from artifacts.names import MOST_STEPS, valid_json

LONGEST_LINE = 64 * 1024
MOST_BYTES = 16 * 1024 * 1024
# What the column of a count holds.
MOST_LINES = 2**31 - 1
STEP = "_step"
# How many a statement names.
LINES_AT_ONCE = 500

Counts = Mapping[str, int]


def behind_the_others(
    run: Run, writer: str, counts: Counts, lines: Sequence[Any], begins_at: int
) -> tuple[Counts, Sequence[Any], int]:
    """For one of several processes that report a run and each count their lines from 0: the same
    three as they follow what the run has, without what this process has sent before.

    For the caller that holds the row of the run.
    """
    known, _ = RunWriter.objects.get_or_create(run=run, name=writer)
    new = lines[max(0, known.history_line_count - begins_at) :]
    placed = {}
    for column, count in counts.items():
        before = getattr(known, column)
        setattr(known, column, max(before, count))
        placed[column] = min(MOST_LINES, getattr(run, column) + max(0, count - before))
    known.save(update_fields=list(counts))
    return placed, new, run.history_line_count


def put_together(there: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The summaries of processes that share a run: the newest value of each key. Together they are
    no larger than MOST_BYTES; `new` alone stays where they would be.
    """
    together = there | new
    return together if len(json.dumps(together)) <= MOST_BYTES else new


def keep_lines(
    run: Run, lines: Sequence[Any], begins_at: int, *, are_steps_of_run: bool = False
) -> None:
    """For the caller that holds the row of the run and saves it.

    A line that comes twice is kept once, and of one step the newest line alone: a script that
    begins anew, and a file that is synchronized again, tell the same steps under new numbers. What
    is no sound JSON object, is longer than LONGEST_LINE or goes beyond MOST_BYTES of the run is not
    kept. With `are_steps_of_run` each line gets the step after the last one of the run: several
    processes count the same steps.
    """
    lines = lines[: MOST_LINES - begins_at]
    if not lines:
        return
    new = _not_kept_yet(run, lines, begins_at)
    if are_steps_of_run:
        new = [_at_next_step(line, place) for place, line in enumerate(new, _next_step(run))]
    there = _at_steps(run, {line.step for line in new})
    kept: dict[int, HistoryLine] = {}
    for line in new:
        older = kept.get(line.step) or there.get(line.step)
        more = _size(line) - (_size(older) if older else 0)
        if run.history_bytes + more > MOST_BYTES:
            break
        run.history_bytes += more
        run.last_step = line.step if run.last_step is None else max(run.last_step, line.step)
        kept[line.step] = line
    _delete([there[step] for step in kept if step in there])
    HistoryLine.objects.bulk_create(kept.values())


def begin_anew(run: Run) -> None:
    """The run is as if it had told nothing yet, and goes on. For the caller that holds its row."""
    run.history.all().delete()
    run.writers.all().delete()
    run.history_line_count = run.log_line_count = run.event_line_count = run.history_bytes = 0
    run.last_step, run.summary, run.state = None, {}, Run.State.RUNNING
    run.save()


def _not_kept_yet(run: Run, lines: Sequence[Any], begins_at: int) -> list[HistoryLine]:
    there = run.history.filter(number__gte=begins_at, number__lt=begins_at + len(lines))
    known = set(there.values_list("number", flat=True))
    steps = (
        (number, line, None if number in known else _step_of(line, number))
        for number, line in enumerate(lines, begins_at)
    )
    return [
        HistoryLine(run=run, number=number, step=step, line=without_nul(line))
        for number, line, step in steps
        if step is not None
    ]


def _next_step(run: Run) -> int:
    return 0 if run.last_step is None else run.last_step + 1


def _at_next_step(line: HistoryLine, step: int) -> HistoryLine:
    line.step = min(step, MOST_STEPS - 1)
    line.line = json.dumps(json.loads(line.line) | {STEP: line.step}, ensure_ascii=False)
    return line


def _at_steps(run: Run, steps: AbstractSet[int]) -> dict[int, HistoryLine]:
    """The lines a run has at these steps. As a rule it has none: new ones lie behind the last."""
    if run.last_step is None or not steps or min(steps) > run.last_step:
        return {}
    there = run.history.filter(step__gte=min(steps), step__lte=max(steps)).order_by("number")
    return {line.step: line for line in there.iterator() if line.step in steps}


def _delete(lines: Sequence[HistoryLine]) -> None:
    for first in range(0, len(lines), LINES_AT_ONCE):
        some = [line.pk for line in lines[first : first + LINES_AT_ONCE]]
        HistoryLine.objects.filter(pk__in=some).delete()


def _size(line: HistoryLine) -> int:
    return len(line.line.encode())


def _step_of(line: Any, number: int) -> int | None:
    """As the line says, or its number; None for a line that is not kept."""
    if not isinstance(line, str) or len(line) > LONGEST_LINE:
        return None
    try:
        values = valid_json(read_line(line))
    except (Invalid, ValueError, RecursionError):
        return None
    step = values.get(STEP, number)
    if not isinstance(step, int) or not -MOST_STEPS <= step < MOST_STEPS:
        return None
    return step
