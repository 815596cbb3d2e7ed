"""Mongo-like filters of the SDK's searches, as conditions of a query.

A filter is a JSON object: fields with values or operators, joined by `$and`, `$or`, `$nor`,
`$not`. Fields and their columns differ by what is searched (`FIELDS_OF_…`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.errors import Invalid
from artifacts.names import valid_json
from automations.conditions import DEEPEST, LARGEST, MOST_NODES
from registries.models import REGISTRY_PROJECT_PREFIX
from registries.patterns import pattern
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


def _text(value: Any) -> str | None:
    """Null is what a description may be; a number in the place of text is not a mistake."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        raise Invalid("filter_value", "Text is compared with text, not with a list or an object.")
    return str(value)


def _number(value: Any) -> int:
    """`v3`, `3` or 3."""
    text = str(value).removeprefix("v")
    if not text.removeprefix("-").isdecimal() or len(text) > 18:
        raise Invalid("filter_value", f"“{text[:100]}” is not a number.")
    return int(text)


def _time(value: Any) -> datetime:
    """In UTC where it names no zone."""
    try:
        found = parse_datetime(str(value))
        if found is not None:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    raise Invalid("filter_value", f"“{str(value)[:100]}” is not a time in ISO 8601.")


def _without_prefix(value: Any) -> str | None:
    text = _text(value)
    return text.removeprefix(REGISTRY_PROJECT_PREFIX) if text is not None else None


def _of_json(value: Any) -> Any:
    """Whatever JSON can hold, as long as both databases compare with it."""
    if isinstance(value, int | float) and abs(value) >= 2**63:
        raise Invalid("filter_value", "A number in a filter is below 2⁶³.")
    return value


@dataclass(frozen=True)
class Column:
    """`path` from the row that is searched; `convert` brings a filter's value to the column's.

    `keys` lead to a place in the column's JSON.
    """

    path: str
    convert: Callable[[Any], Any] = _text
    many: bool = False
    keys: Sequence[str] = ()

    @property
    def is_json(self) -> bool:
        return self.convert is _of_json

    @property
    def is_text(self) -> bool:
        return self.convert not in {_number, _time}


FIELDS_OF_REGISTRIES: Mapping[str, Column] = {
    "id": Column("project", _number),
    "name": Column("name", _without_prefix),
    "entity_id": Column("project__entity", _number),
    "description": Column("project__description"),
    "created_at": Column("project__created_at", _time),
    "updated_at": Column("changed_at", _time),
}
FIELDS_OF_COLLECTIONS: Mapping[str, Column] = {
    "artifact_collection_id": Column("pk", _number),
    "id": Column("pk", _number),
    "name": Column("name"),
    "type": Column("type"),
    "tag": Column("tags__name", many=True),
    "description": Column("description"),
    "created_at": Column("created_at", _time),
    "updated_at": Column("changed_at", _time),
}
FIELDS_OF_VERSIONS: Mapping[str, Column] = {
    "id": Column("pk", _number),
    "version": Column("number", _number),
    "tag": Column("artifact__tags__name", many=True),
    "alias": Column("aliases__name", many=True),
    "metadata": Column("artifact__metadata", _of_json),
    "created_at": Column("linked_at", _time),
    "updated_at": Column("linked_at", _time),
    "state": Column("artifact__state"),
}
FIELDS_OF_RUNS: Mapping[str, Column] = {
    "name": Column("name"),
    "display_name": Column("display_name"),
    "displayName": Column("display_name"),
    "state": Column("state"),
    "tags": Column("tags__name", many=True),
    "notes": Column("notes"),
    "group": Column("group"),
    "job_type": Column("job_type"),
    "jobType": Column("job_type"),
    "username": Column("created_by__username"),
    "created_at": Column("created_at", _time),
    "createdAt": Column("created_at", _time),
    "config": Column("config", _of_json),
    "summary_metrics": Column("summary", _of_json),
}
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
        return whole

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
        conditions = [self.condition(part, depth + 1) for part in parts]
        joined = Q()
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
        return whole

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
        condition = Q(**{f"{column.path}__{lookup}": given})
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
