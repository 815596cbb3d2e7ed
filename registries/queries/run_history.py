"""The end of what a run logged, as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.statements import prepared
from artifacts.history import read_line
from artifacts.models import HistoryLine, Run

LINES_SHOWN, COLUMNS_SHOWN, LONGEST_CELL = 20, 12, 60


@dataclass(frozen=True)
class LoggedValues:
    """The newest first; `rows` hold the step and a text for each of `names`."""

    names: list[str]
    rows: list[tuple[int, list[str]]]
    has_more_names: bool


def logged_by(run: Run) -> LoggedValues:
    """What the SDK adds by itself begins with an underscore, and is left out."""
    lines = _last_lines(run.pk)
    read = [(line, _values(line)) for line in lines]
    names = sorted({name for _, values in read for name in values})
    shown = names[:COLUMNS_SHOWN]
    rows = [(line.step, [_text(values.get(name)) for name in shown]) for line, values in read]
    return LoggedValues(shown, rows, len(names) > COLUMNS_SHOWN)


@prepared
def _last_lines(run_id: int) -> QuerySet[HistoryLine]:
    return HistoryLine.objects.filter(run=run_id).order_by("-number")[:LINES_SHOWN]


def _values(line: HistoryLine) -> dict[str, Any]:
    return {name: value for name, value in read_line(line.line).items() if name[:1] != "_"}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
