"""Filters as the wandb SDK writes them, read once into a function of what an event has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.errors import Invalid
from artifacts.names import is_nested_deeper
from registries.patterns import finder

# Of every filter from outside, of automations and of searches.
LARGEST = 64 * 1024
DEEPEST = 10
MOST_NODES = 200
# A level is an object in a list; the last one has an operator and what it compares with.
MOST_NESTED = 2 * DEEPEST + 4

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
    """The JSON object of a filter. What is not read of it must not be deep either: all of it is
    parsed within the change that is heard."""
    if len(text) > LARGEST:
        raise Invalid("filter_size", "A filter has at most 64 kB.", field="filter")
    try:
        found = json.loads(text)
        # Half of a pair of surrogates is JSON and no text.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Invalid("filter_form", "The filter is not JSON.", field="filter") from error
    if is_nested_deeper(text, MOST_NESTED):
        raise _too_large()
    if not isinstance(found, dict):
        raise Invalid("filter_form", "A filter is a JSON object.", field="filter")
    return found


def _too_large() -> Invalid:
    return Invalid("filter_size", "A filter has at most 10 levels and 200 parts.", field="filter")


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
            return {"$and": _all, "$or": _any, "$nor": _none}[key](self._parts(key, value, depth))
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

    def _parts(self, operator: str, value: Any, depth: int) -> list[Condition]:
        parts = _list(operator, value)
        for part in parts:
            if not part:
                # It has no key that would be counted.
                self._count(depth)
        return [self.condition(part, depth + 1) for part in parts]

    def _compared(self, field: str, value: Any, depth: int) -> Condition:
        if not isinstance(value, dict):
            return _one_fits(field, _fitting("$eq", _scalar(value)))
        return _all(
            [self._operated(field, name, operand, depth) for name, operand in value.items()]
        )

    def _operated(self, field: str, operator: str, operand: Any, depth: int) -> Condition:
        self._count(depth)
        if operator == "$not":
            return _none([self._compared(field, operand, depth + 1)])
        if operator in {"$in", "$nin"}:
            for item in _list(operator, operand):
                self._count(depth)
                _scalar(item)
        else:
            _scalar(operand)
        if operator == "$exists":
            return lambda values: bool(list(values.get(field, ()))) == bool(operand)
        if operator in {"$ne", "$nin"}:
            return _none([_one_fits(field, _fitting(_NEGATED[operator], operand))])
        return _one_fits(field, _fitting(operator, operand))

    def _count(self, depth: int) -> None:
        self.parts += 1
        if self.parts > MOST_NODES or depth > DEEPEST:
            raise _too_large()


def _fitting(operator: str, operand: Any) -> Callable[[Any], bool]:
    """What one value must be."""
    if operator == "$in":
        return lambda found: found in operand
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


def _scalar(operand: Any) -> Any:
    """What aliases and states are compared with, as text, within the change that is heard."""
    if isinstance(operand, dict | list):
        raise Invalid(
            "filter_value",
            "A filter compares with texts and numbers, not with lists and objects. "
            "Use $in with a list of texts.",
            field="filter",
        )
    return operand
