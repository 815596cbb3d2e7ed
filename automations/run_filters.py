"""Which changes of runs an automation wants: their states, and metrics that pass a threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from operator import ge, gt, le, lt
from typing import Any, TypeGuard

from accounts.errors import Invalid
from automations.conditions import Condition, Reading, Values, always, parsed

RUN_STATES = ("RUNNING", "FINISHED", "FAILED")
FIELDS_OF_RUNS = frozenset({"display_name", "name", "state"})


def condition_of_states(text: str) -> Condition:
    """`{"run_filter": "<JSON>", "run_state_filter": {"states": [...]}}`, as the SDK writes it."""
    if not text:
        return always
    given = parsed(text)
    states = _object(given.get("run_state_filter")).get("states")
    if not isinstance(states, list) or not states or any(one not in RUN_STATES for one in states):
        raise Invalid(
            "filter_states",
            "A filter of run states lists RUNNING, FINISHED or FAILED.",
            field="filter",
        )
    wanted = frozenset(states)
    of_run = _condition_of_run(given)
    return lambda values: bool(wanted.intersection(values["coarse_state"])) and of_run(values)


def condition_of_metric(text: str) -> Condition:
    """True when the run's new summary is past the threshold and the one before was not."""
    threshold = threshold_of(text)
    of_run = _condition_of_run(parsed(text))

    def condition(values: Values) -> bool:
        before, after = values["summaries"]
        return threshold.is_passed(after) and not threshold.is_passed(before) and of_run(values)

    return condition


def _condition_of_run(given: dict[str, Any]) -> Condition:
    run_filter = given.get("run_filter") or "{}"
    wanted = parsed(run_filter) if isinstance(run_filter, str) else run_filter
    return Reading(FIELDS_OF_RUNS).condition(wanted)


@dataclass(frozen=True)
class Threshold:
    """`loss` less than 0.1: what a filter of metrics waits for."""

    metric: str
    operator: str
    number: float

    def value_in(self, summary: Mapping[str, Any]) -> float | None:
        """The metric's last value; None where there is no number of that name."""
        found = part_of(summary, self.metric)
        return found if _is_number(found) else None

    def is_passed(self, summary: Mapping[str, Any]) -> bool:
        value = self.value_in(summary)
        return value is not None and _ORDERS[self.operator](value, self.number)


_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "$gt": gt,
    "$gte": ge,
    "$lt": lt,
    "$lte": le,
}


@lru_cache(maxsize=10_000)
def threshold_of(text: str) -> Threshold:
    """`{"run_filter": "<JSON>", "run_metric_filter": {"threshold_filter": {...}}}`."""
    given = _object(_object(parsed(text or "{}").get("run_metric_filter")).get("threshold_filter"))
    name, operator, number = given.get("name"), given.get("cmp_op"), given.get("threshold")
    if given.get("agg_op"):
        raise Invalid(
            "filter_metric",
            "This server keeps the last value of each metric: an average, least or greatest of "
            "several cannot be watched. Leave the aggregate out.",
            field="filter",
        )
    orders = tuple(_ORDERS)
    if not (isinstance(name, str) and name) or operator not in orders or not _is_number(number):
        raise Invalid(
            "filter_metric",
            "A filter of metrics names a metric, $gt, $gte, $lt or $lte, and a number.",
            field="filter",
        )
    return Threshold(name, operator, number)


def part_of(tree: Any, path: str) -> Any:
    """What stands under a name, or under a path with dots; None where nothing does."""
    if isinstance(tree, Mapping) and path in tree:
        return tree[path]
    for name in path.split("."):
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return tree


def _is_number(given: Any) -> TypeGuard[float]:
    if isinstance(given, float):
        return isfinite(given)
    return isinstance(given, int) and not isinstance(given, bool)


def _object(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
