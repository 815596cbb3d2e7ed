"""What a run logged, for `run.history` and `run.scan_history`."""
# ruff: noqa: N803 arguments have the protocol's names

from __future__ import annotations

import json
from typing import Any

from accounts.errors import Invalid
from artifacts.history import last_line, lines_of, values_of
from artifacts.names import MOST_STEPS
from wandb_api.context import Info
from wandb_api.types.runs import RunType

SAMPLES = 500
MOST_SPECS = 20
MOST_KEYS = 200


def history_of_run(
    node: RunType,
    info: Info,
    samples: int | None = None,
    minStep: int | None = None,
    maxStep: int | None = None,
) -> list[str]:
    if not (_is_number_or_none(minStep) and _is_number_or_none(maxStep)):
        raise Invalid("steps", "A step is a whole number of at most 62 bits.")
    return lines_of(node.run, samples or SAMPLES, minStep, maxStep)


def sampled_history_of_run(node: RunType, info: Info, specs: list[str]) -> list[Any]:
    """For each spec the values of its keys, from the lines that have all of them."""
    if len(specs) > MOST_SPECS:
        raise Invalid("specs", f"At most {MOST_SPECS} lists of keys can be asked for at once.")
    return [values_of(node.run, **_read(spec)) for spec in specs]


def parquet_history_of_run(node: RunType, info: Info, liveKeys: list[str]) -> dict[str, Any]:
    """No files are made of it: all is live, from the first line on."""
    first = node.run.history.order_by("step").values_list("step", flat=True).first()
    return {"parquetUrls": [], "liveData": [] if first is None else [{"_step": first}]}


def history_keys_of_run(node: RunType, info: Info, format: str | None = None) -> dict[str, int]:  # noqa: A002
    """Where the history ends is what the SDK looks for here."""
    return {} if node.run.last_step is None else {"lastStep": node.run.last_step}


def history_tail_of_run(node: RunType, info: Info) -> str:
    """The last line, from which a run that is resumed counts on."""
    last = last_line(node.run)
    return json.dumps([] if last is None else [last])


def _read(spec: str) -> dict[str, Any]:
    """Unlike that of a history, the `maxStep` of a spec is the last one asked for."""
    try:
        given = json.loads(spec)
        keys = given["keys"]
        numbers = [given.get(name) for name in ("samples", "minStep", "maxStep")]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable() from error
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise _unreadable()
    if len(keys) > MOST_KEYS or not all(_is_number_or_none(number) for number in numbers):
        raise _unreadable()
    samples, min_step, last = numbers
    return {
        "keys": keys,
        "samples": samples or SAMPLES,
        "min_step": min_step,
        "max_step": None if last is None else last + 1,
    }


def _is_number_or_none(given: Any) -> bool:
    return given is None or (isinstance(given, int) and abs(given) < MOST_STEPS)


def _unreadable() -> Invalid:
    return Invalid(
        "spec",
        f"A spec is a JSON object with at most {MOST_KEYS} keys, and numbers for samples, "
        "minStep and maxStep.",
    )
