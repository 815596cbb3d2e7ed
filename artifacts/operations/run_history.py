"""The lines of a run's history, kept as the script sent them, up to a limit for each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.errors import Invalid
from artifacts.history import read_line
from artifacts.models import HistoryLine, Run
from artifacts.names import MOST_STEPS, valid_json

LONGEST_LINE = 64 * 1024
MOST_BYTES = 16 * 1024 * 1024
STEP = "_step"


def keep_lines(run: Run, lines: Sequence[Any], begins_at: int) -> None:
    """For the caller that holds the row of the run and saves it.

    A line that comes twice is kept once. What is no sound JSON object, is longer than LONGEST_LINE
    or goes beyond MOST_BYTES of the run is not kept.
    """
    if not lines:
        return
    ends_at = begins_at + len(lines)
    there = run.history.filter(number__gte=begins_at, number__lt=ends_at)
    known = set(there.values_list("number", flat=True))
    kept = []
    for number, line in enumerate(lines, begins_at):
        step = _step_of(line, number)
        if step is None or number in known:
            continue
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
