"""The lines of a run's history, kept as the script sent them, up to a limit for each run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.errors import Invalid
from artifacts.history import read_line
from artifacts.models import HistoryLine, Run, RunWriter
from artifacts.names import MOST_STEPS, valid_json

LONGEST_LINE = 64 * 1024
MOST_BYTES = 16 * 1024 * 1024
# What the column of a count holds.
MOST_LINES = 2**31 - 1
STEP = "_step"


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

    A line that comes twice is kept once. What is no sound JSON object, is longer than LONGEST_LINE
    or goes beyond MOST_BYTES of the run is not kept. With `are_steps_of_run` each line gets the
    step after the last one of the run: several processes count the same steps.
    """
    lines = lines[: MOST_LINES - begins_at]
    if not lines:
        return
    ends_at = begins_at + len(lines)
    there = run.history.filter(number__gte=begins_at, number__lt=ends_at)
    known = set(there.values_list("number", flat=True))
    kept = []
    for number, given in enumerate(lines, begins_at):
        line, step = given, _step_of(given, number)
        if step is None or number in known:
            continue
        if are_steps_of_run:
            step = 0 if run.last_step is None else min(run.last_step + 1, MOST_STEPS - 1)
            line = json.dumps(json.loads(given) | {STEP: step}, ensure_ascii=False)
        size = len(line.encode())
        if run.history_bytes + size > MOST_BYTES:
            break
        run.history_bytes += size
        run.last_step = step if run.last_step is None else max(run.last_step, step)
        kept.append(HistoryLine(run=run, number=number, step=step, line=line))
    HistoryLine.objects.bulk_create(kept)


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
