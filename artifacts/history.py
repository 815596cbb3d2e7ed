"""Reading what runs logged: all of it, a part, or a number of lines spread over it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet

from artifacts.models import HistoryLine, Run
from artifacts.names import NUL_IN_JSON

NUL = "\\u0000"
MOST_SAMPLES = 100_000


def lines_of(
    run: Run, samples: int, min_step: int | None = None, max_step: int | None = None
) -> list[str]:
    """Lines as they came, from `min_step` to before `max_step`: all of them where both are given,
    else at most so many. Where there are more, every second, third … of them.
    """
    lines = _between(run, min_step, max_step)
    apart = _apart(lines.count(), samples) if None in (min_step, max_step) else 1
    if apart > 1:
        lines = lines.alias(rest=F("number") % apart).filter(rest=0)
    return list(lines.values_list("line", flat=True))


def values_of(
    run: Run,
    keys: Sequence[str],
    samples: int,
    min_step: int | None = None,
    max_step: int | None = None,
) -> list[dict[str, Any]]:
    """Of the lines that have all keys, these alone. How many, as in `lines_of`."""
    apart = 1
    if None in (min_step, max_step):
        count = sum(1 for _ in _with_all(keys, _between(run, min_step, max_step)))
        apart = _apart(count, samples)
    found = _with_all(keys, _between(run, min_step, max_step))
    return [values for position, values in enumerate(found) if position % apart == 0]


def read_line(line: str) -> Any:
    """ValueError or RecursionError for what is no JSON. In what scripts tell of a run stand NaN and
    Infinity, which JSON has not: they are read as these words. For NUL see `without_nul`.
    """
    return json.loads(without_nul(line), parse_constant=str)


def without_nul(line: str) -> str:
    """JSON with U+FFFD where it has NUL, which no database keeps in JSON; the SDK sends the same
    for halves of characters. One odd text does not cost a script all it tells beside it.
    """
    if NUL not in line:
        return line
    return NUL_IN_JSON.sub(lambda found: found[0].removesuffix(NUL) + "\\ufffd", line)


def last_line(run: Run) -> str | None:
    return run.history.order_by("-number").values_list("line", flat=True).first()


def _between(run: Run, min_step: int | None, max_step: int | None) -> QuerySet[HistoryLine]:
    lines = run.history.order_by("step", "number")
    if min_step is not None:
        lines = lines.filter(step__gte=min_step)
    if max_step is not None:
        lines = lines.filter(step__lt=max_step)
    return lines


def _apart(count: int, samples: int) -> int:
    return max(1, -(-count // min(max(samples, 1), MOST_SAMPLES)))


def _with_all(keys: Sequence[str], lines: QuerySet[HistoryLine]) -> Iterator[dict[str, Any]]:
    for line in lines.values_list("line", flat=True).iterator():
        values = read_line(line)
        found = {key: _at(values, key) for key in keys}
        if None not in found.values():
            yield found


def _at(values: Any, key: str) -> Any:
    """`loss`, or `train.loss` of an object `train`. None where there is nothing."""
    if key in values:
        return values[key]
    first, _, rest = key.partition(".")
    inner = values.get(first)
    return _at(inner, rest) if rest and isinstance(inner, dict) else None
