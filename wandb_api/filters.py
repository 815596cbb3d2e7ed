"""Mongo-like filters of the SDK's searches, as conditions of a query.

A filter is a JSON object: fields with values or operators, joined by `$and`, `$or`, `$nor`,
`$not`. Fields and their columns differ by what is searched: see `wandb_api.filter_fields`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.errors import Invalid
from artifacts.names import valid_json
from automations.conditions import DEEPEST, LARGEST, MOST_NODES
from registries.patterns import pattern
from wandb_api.filter_fields import Column
from wandb_api.json_values import TextOfJson, condition_of_json, is_there, keys_into

# Of what is looked for in a text.
LONGEST_TEXT = 1000
Row = TypeVar("Row", bound=Model)
LOOKUPS = {
    "$eq": "exact",
    "$ne": "exact",
    "$gt": "gt",
    "$gte": "gte",
    "$lt": "lt",
    "$lte": "lte",
    "$in": "in",
    "$nin": "in",
    "$contains": "icontains",
}
NEGATED = {"$ne", "$nin"}
# What asks for nothing lets all through. An empty condition would be left out of an OR and a NOT.
EVERYTHING = ~Q(pk__in=[])


# Of these a part is asked for: `metadata.rows`, `config.rate.value`.
JSON_COLUMNS = {"metadata", "config", "summary_metrics"}


def filtered(rows: QuerySet[Row], text: str | None, fields: Mapping[str, Column]) -> QuerySet[Row]:
    """`rows` that the filter lets through; all of them without one. Invalid for a bad filter."""
    return rows.filter(_Reading(rows, fields).condition(_parsed(text))) if text else rows


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise Invalid("filter_size", "A filter has at most 64 kB.")
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("filter_form", "The filter is not JSON.") from error
    if not isinstance(parsed, dict):
        raise Invalid("filter_form", "A filter is a JSON object.")
    return valid_json(parsed, "filter")


@dataclass
class _Reading:
    """One filter on its way to a condition; counts what it has read."""

    rows: QuerySet[Any]
    fields: Mapping[str, Column]
    nodes: int = field(default=0)

    def condition(self, given: Any, depth: int = 1) -> Q:
        if not isinstance(given, dict):
            raise Invalid("filter_form", "Each part of a filter is a JSON object.")
        whole = Q()
        for key, value in given.items():
            self._count(depth)
            whole &= self._part(key, value, depth)
        return whole or EVERYTHING

    def _part(self, key: str, value: Any, depth: int) -> Q:
        if key in {"$and", "$or", "$nor"}:
            return self._joined(key, value, depth)
        if key == "$not":
            return ~self.condition(value, depth + 1)
        name, _, rest = key.partition(".")
        column = self.fields.get(name)
        if column is None or (rest and name not in JSON_COLUMNS):
            known = ", ".join(sorted(self.fields))
            raise Invalid("filter_field", f"“{key}” cannot be searched. There is {known}.")
        if rest:
            column = replace(column, keys=keys_into(name, rest))
        return self._compared(column, value, depth)

    def _joined(self, operator: str, parts: Any, depth: int) -> Q:
        if not isinstance(parts, list):
            raise Invalid("filter_form", f"{operator} takes a list.")
        # As in Mongo; but the package writes “$or: [$and: []]” for no filter.
        if not parts and operator != "$and":
            raise Invalid("filter_form", f"{operator} takes a list with at least one filter.")
        conditions = [self.condition(part, depth + 1) for part in parts]
        joined = EVERYTHING if operator == "$and" else Q()
        for condition in conditions:
            joined = joined & condition if operator == "$and" else joined | condition
        return ~joined if operator == "$nor" else joined

    def _compared(self, column: Column, value: Any, depth: int) -> Q:
        if not isinstance(value, dict):
            return self._matching(column, "exact", column.convert(value))
        whole = Q()
        for operator, operand in value.items():
            self._count(depth)
            whole &= self._operated(column, operator, operand, depth)
        return whole or EVERYTHING

    def _operated(self, column: Column, operator: str, operand: Any, depth: int) -> Q:
        if operator == "$not":
            return ~self._compared(column, operand, depth + 1)
        if operator == "$regex":
            return self._of_pattern(column, _needed_text(operator, operand))
        if operator == "$exists":
            there = self._matching(column, "isnull", False)
            return there if operand else ~there
        lookup = LOOKUPS.get(operator)
        if lookup is None:
            raise Invalid("filter_operator", f"“{operator}” is not an operator of filters.")
        given = _operand(column, operator, operand)
        found = self._matching(column, lookup, given)
        return ~found if operator in NEGATED else found

    def _of_pattern(self, column: Column, text: str) -> Q:
        """The pattern runs here, over the distinct values, and the database gets values."""
        expression = pattern(text)
        found = TextOfJson(column.path, column.keys) if column.is_json else column.path
        values = self.rows.order_by().values_list(found, flat=True).distinct()
        hits = [
            value
            for value in values.iterator(chunk_size=2000)
            if value is not None and expression.search(str(value))
        ]
        return self._matching(column, "in", hits)

    def _matching(self, column: Column, lookup: str, given: Any) -> Q:
        """For tags and aliases: one of several fits. Each condition looks for its own."""
        if column.is_json and lookup == "isnull":
            return is_there(column.path, column.keys)
        if column.is_json:
            return condition_of_json(column.path, column.keys, lookup, given)
        condition = column.condition(lookup, given)
        if not column.many:
            return condition
        matching = self.rows.model._default_manager.filter(condition)
        return Q(pk__in=matching.values("pk"))

    def _count(self, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES or depth > DEEPEST:
            raise Invalid("filter_size", "A filter has at most 10 levels and 200 parts.")


def _operand(column: Column, operator: str, operand: Any) -> Any:
    """What the column is compared with, or Invalid where the two do not fit."""
    if operator in {"$in", "$nin"}:
        return [column.convert(item) for item in _list(operator, operand)]
    if operator == "$contains":
        if not column.is_text:
            raise Invalid("filter_operator", "$contains looks in text only.")
        return column.convert(_needed_text(operator, operand))
    if operator not in {"$eq", "$ne"} and (operand is None or isinstance(operand, list | dict)):
        raise Invalid("filter_value", f"{operator} takes a text, a number or a time.")
    return column.convert(operand)


def _needed_text(operator: str, operand: Any) -> str:
    if not isinstance(operand, str) or len(operand) > LONGEST_TEXT:
        raise Invalid("filter_value", f"{operator} takes a text of at most 1,000 characters.")
    return operand


def _list(operator: str, operand: Any) -> list[Any]:
    if not isinstance(operand, list):
        raise Invalid("filter_form", f"{operator} takes a list.")
    return operand
