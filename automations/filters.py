"""Which of the events of a kind an automation wants: the filters of the wandb SDK, and patterns.

A filter is kept as the JSON text it came as, because the SDK sends back what it was given.
`{"$or":[{"$and":[{"alias":{"$regex":"prod.*"}}]}]}` is how it writes a pattern.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from accounts.errors import Invalid
from automations.kinds import MEANINGS, EventKind
from registries.patterns import finder

LARGEST = 64 * 1024
DEEPEST = 10
MOST_PARTS = 200

# What is asked of an event: field → its values. One that fits is enough.
Values = Mapping[str, Iterable[Any]]
Condition = Callable[[Values], bool]

ANY: tuple[dict[str, Any], ...] = ({}, {"$and": []}, {"$or": [{"$and": []}]})
RUN_STATES = ("RUNNING", "FINISHED", "FAILED")
FIELDS_OF_RUNS = frozenset({"display_name", "name", "state"})

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, operand: bool(value == operand),
    "$contains": lambda value, operand: str(operand) in str(value),
    "$gt": lambda value, operand: str(value) > str(operand),
    "$gte": lambda value, operand: str(value) >= str(operand),
    "$lt": lambda value, operand: str(value) < str(operand),
    "$lte": lambda value, operand: str(value) <= str(operand),
}
_NEGATED = {"$ne": "$eq", "$nin": "$in"}


def filter_of_pattern(kind: EventKind, text: str) -> str:
    """The filter that lets through what the pattern finds; "" lets everything through."""
    field = MEANINGS[kind].field
    if not text:
        return ""
    if field is None:
        raise Invalid(
            "filter_field", f"“{kind.label}” has no alias or tag to match.", field="filter"
        )
    return json.dumps(_of_pattern(field, text))


def _of_pattern(field: str, text: str) -> dict[str, Any]:
    return {"$or": [{"$and": [{field: {"$regex": text}}]}]}


def pattern_of_filter(text: str) -> str | None:
    """The pattern a filter consists of, "" for none; None when it is more than one pattern."""
    given = json.loads(text) if text else {}
    if given in ANY:
        return ""
    match given:
        case {"$or": [{"$and": [{"alias": {"$regex": str(found)}}]}]}:
            field = "alias"
        case {"$or": [{"$and": [{"tag": {"$regex": str(found)}}]}]}:
            field = "tag"
        case _:
            return None
    return found if given == _of_pattern(field, found) else None


def valid_filter(kind: EventKind, text: str) -> str:
    """`text`, or Invalid with what is wrong with it. None of it is changed."""
    condition_of(kind, text)
    return text


@lru_cache(maxsize=10_000)
def condition_of(kind: EventKind, text: str) -> Condition:
    """A filter, read once for each process. Invalid for one that cannot be read."""
    if kind == EventKind.RUN_STATE:
        return _condition_of_runs(text)
    field = MEANINGS[kind].field
    fields = frozenset({field} if field else ())
    return _Reading(fields).condition(_parsed(text)) if text else _always


def _condition_of_runs(text: str) -> Condition:
    """`{"run_filter": "<JSON>", "run_state_filter": {"states": [...]}}`, as the SDK writes it."""
    if not text:
        return _always
    given = _parsed(text)
    states = (given.get("run_state_filter") or {}).get("states")
    if not isinstance(states, list) or not set(map(str, states)) <= set(RUN_STATES) or not states:
        raise Invalid(
            "filter_states",
            "A filter of run states lists RUNNING, FINISHED or FAILED.",
            field="filter",
        )
    wanted = frozenset(states)
    run_filter = given.get("run_filter") or "{}"
    parsed = _parsed(run_filter) if isinstance(run_filter, str) else run_filter
    of_run = _Reading(FIELDS_OF_RUNS).condition(parsed)
    return lambda values: bool(wanted.intersection(values["coarse_state"])) and of_run(values)


def _always(values: Values) -> bool:
    return True


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise Invalid("filter_size", "A filter has at most 64 kB.", field="filter")
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("filter_form", "The filter is not JSON.", field="filter") from error
    if not isinstance(parsed, dict):
        raise Invalid("filter_form", "A filter is a JSON object.", field="filter")
    return parsed


class _Reading:
    """One filter on its way to a condition; counts what it has read."""

    def __init__(self, fields: frozenset[str]) -> None:
        self.fields = fields
        self.parts = 0

    def condition(self, given: Any, depth: int = 1) -> Condition:
        if not isinstance(given, dict):
            raise Invalid("filter_form", "Each part of a filter is a JSON object.", field="filter")
        return _all([self._part(key, value, depth) for key, value in given.items()])

    def _part(self, key: str, value: Any, depth: int) -> Condition:
        self._count(depth)
        if key in {"$and", "$or", "$nor"}:
            parts = [self.condition(part, depth + 1) for part in _list(key, value)]
            return {"$and": _all, "$or": _any, "$nor": _none}[key](parts)
        if key == "$not":
            return _none([self.condition(value, depth + 1)])
        if key not in self.fields:
            known = " and ".join(sorted(self.fields)) or "nothing"
            raise Invalid(
                "filter_field",
                f"“{key[:100]}” cannot be asked of this event. There is {known}.",
                field="filter",
            )
        return self._compared(key, value, depth)

    def _compared(self, field: str, value: Any, depth: int) -> Condition:
        if not isinstance(value, dict):
            return _one_fits(field, _fitting("$eq", value))
        return _all(
            [self._operated(field, name, operand, depth) for name, operand in value.items()]
        )

    def _operated(self, field: str, operator: str, operand: Any, depth: int) -> Condition:
        self._count(depth)
        if operator == "$not":
            return _none([self._compared(field, operand, depth + 1)])
        if operator == "$exists":
            return lambda values: bool(list(values.get(field, ()))) == bool(operand)
        if operator in {"$ne", "$nin"}:
            return _none([_one_fits(field, _fitting(_NEGATED[operator], operand))])
        return _one_fits(field, _fitting(operator, operand))

    def _count(self, depth: int) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS or depth > DEEPEST:
            raise Invalid(
                "filter_size", "A filter has at most 10 levels and 200 parts.", field="filter"
            )


def _fitting(operator: str, operand: Any) -> Callable[[Any], bool]:
    """What one value must be."""
    if operator == "$in":
        wanted = _list(operator, operand)
        return lambda found: found in wanted
    if operator == "$regex":
        is_found = finder(str(operand))
        return lambda found: is_found(str(found))
    compare = _COMPARISONS.get(operator)
    if compare is None:
        raise Invalid(
            "filter_operator",
            f"“{operator[:100]}” is not an operator of filters.",
            field="filter",
        )
    return lambda found: compare(found, operand)


def _one_fits(field: str, fits: Callable[[Any], bool]) -> Condition:
    def condition(values: Values) -> bool:
        # A loop and no generator: a thousand filters may be asked in one transaction.
        for found in values.get(field, ()):  # noqa: SIM110
            if fits(found):
                return True
        return False

    return condition


def _all(conditions: list[Condition]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    return lambda values: all(condition(values) for condition in conditions)


def _any(conditions: list[Condition]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    return lambda values: any(condition(values) for condition in conditions)


def _none(conditions: list[Condition]) -> Condition:
    return lambda values: not any(condition(values) for condition in conditions)


def _list(operator: str, operand: Any) -> list[Any]:
    if not isinstance(operand, list):
        raise Invalid("filter_form", f"{operator} takes a list.", field="filter")
    return operand
