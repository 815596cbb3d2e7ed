"""Filters as the wandb SDK writes them, read once into a function of what an event has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.errors import Invalid
from registries.patterns import finder

LARGEST = 64 * 1024
DEEPEST = 10
MOST_PARTS = 200

# What is asked of an event: field → its values. One that fits is enough.
Values = Mapping[str, Iterable[Any]]
Condition = Callable[[Values], bool]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, operand: bool(value == operand),
    "$contains": lambda value, operand: str(operand) in str(value),
    "$gt": lambda value, operand: str(value) > str(operand),
    "$gte": lambda value, operand: str(value) >= str(operand),
    "$lt": lambda value, operand: str(value) < str(operand),
    "$lte": lambda value, operand: str(value) <= str(operand),
}
_NEGATED = {"$ne": "$eq", "$nin": "$in"}


def always(values: Values) -> bool:
    return True


def parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise Invalid("filter_size", "A filter has at most 64 kB.", field="filter")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("filter_form", "The filter is not JSON.", field="filter") from error
    if not isinstance(found, dict):
        raise Invalid("filter_form", "A filter is a JSON object.", field="filter")
    return found


class Reading:
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
