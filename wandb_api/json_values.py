"""JSON compared as Mongo does, within one type, never with an unknown end, and put in order.

A comparison by the database alone puts texts behind numbers, each database in its own way, and
answers NULL where the key is missing: negated, those rows would be missing too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Field, FloatField, Func, JSONField, Q, TextField
from django.db.models.expressions import OrderBy
from django.db.models.sql.compiler import SQLCompiler

from accounts.errors import Invalid
from artifacts.names import valid_json

Sql = tuple[str, tuple[Any, ...]]
# `-1` is the last one.
IN_A_LIST = re.compile("-?[0-9]{1,9}")
OPERATORS = {"exact": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class Kind(Enum):
    """A type of JSON, by the names that PostgreSQL and SQLite give it."""

    NULL = ("null",)
    BOOLEAN = ("boolean", "true", "false")
    NUMBER = ("number", "integer", "real")
    TEXT = ("string", "text")
    NESTED = ("array", "object")

    @classmethod
    def of(cls, value: Any) -> Kind:
        if value is None:
            return cls.NULL
        if isinstance(value, bool):
            return cls.BOOLEAN
        if isinstance(value, int | float):
            return cls.NUMBER
        return cls.TEXT if isinstance(value, str) else cls.NESTED


def condition_of_json(column: str, keys: Sequence[str], lookup: str, given: Any) -> Q:
    """For `in`, `given` is a list of which any may fit. None fits a missing key, as in Mongo.

    Invalid for what no JSON holds.
    """
    if lookup == "icontains":
        return Q(_Contains(column, keys, given))
    by_kind: dict[Kind, list[Any]] = {}
    for value in given if lookup == "in" else [given]:
        by_kind.setdefault(Kind.of(value), []).append(value)
    valid_json({"nested": by_kind.get(Kind.NESTED)}, "filter")
    found = Q(pk__in=[])
    for kind, values in by_kind.items():
        found |= Q(_Compares(column, keys, kind, OPERATORS.get(lookup, "IN"), values))
    return found


def keys_into(name: str, rest: str) -> list[str]:
    """The way to `config.rate`: `name` is the field, `rest` what follows the dot."""
    keys = rest.split(".")
    reserved = set(JSONField().get_lookups())
    # No path of SQLite leads to a key with a quote in it.
    if any(not key or "__" in key or '"' in key or key in reserved for key in keys):
        raise Invalid("filter_field", f"“{rest[:100]}” cannot be searched.")
    if name == "config" and keys[1:2] != ["value"]:
        # A configuration keeps each value below its key; scripts may leave that out.
        keys.insert(1, "value")
    return keys


def order_of_json(column: str, keys: Sequence[str], *, is_backward: bool) -> tuple[OrderBy, ...]:
    """Numbers, then texts, whichever way; last what has neither."""
    values = (_NumberOfJson(column, keys), TextOfJson(column, keys))
    return tuple(OrderBy(value, descending=is_backward, nulls_last=True) for value in values)


def is_there(column: str, keys: Sequence[str]) -> Q:
    return Q(_Exists(column, keys))


@dataclass(frozen=True)
class _Place:
    """SQL of what is at one place in JSON, as SQLite says it; each takes all `parameters`."""

    kind: str
    value: str
    text: str
    parameters: tuple[Any, ...]
    find = "INSTR"
    asked = "%s"

    @property
    def number(self) -> Sql:
        """False and true are 0 and 1; NULL for what is no number."""
        kinds = f"({self.is_of(Kind.NUMBER)} OR {self.is_of(Kind.BOOLEAN)})"
        return f"CASE WHEN {kinds} THEN {self.value} END", self.parameters * 3

    def given(self, kind: Kind, values: Sequence[Any]) -> Sql:
        """`values` in the form that `text` or `value` is compared with."""
        if kind is Kind.NESTED:
            return _listed("JSON(%s)", [json.dumps(one) for one in values])
        return _listed("%s", values)

    def is_of(self, kind: Kind) -> str:
        return f"{self.kind} IN ({', '.join(repr(name) for name in kind.value)})"


class _PlaceInPostgreSQL(_Place):
    find = "STRPOS"
    # Made small as `text` is: A to Z alone.
    asked = '(%s::text COLLATE "C")'

    @property
    def number(self) -> Sql:
        sql = (
            f"CASE WHEN {self.is_of(Kind.NUMBER)} THEN ({self.text})::numeric"
            f" WHEN {self.is_of(Kind.BOOLEAN)} THEN ({self.text})::boolean::int END"
        )
        return sql, self.parameters * 4

    def given(self, kind: Kind, values: Sequence[Any]) -> Sql:
        if kind is Kind.TEXT:
            return _listed("%s", values)
        return _listed("%s::jsonb", [json.dumps(one) for one in values])


def _listed(place: str, values: Sequence[Any]) -> Sql:
    return f"({', '.join([place] * len(values))})", tuple(values)


class _Told(Func):
    """Something told of the JSON that a column has below `keys`: of all of it without any."""

    form: type[Field[Any, Any]] = BooleanField

    def __init__(self, column: str, keys: Sequence[str]) -> None:
        super().__init__(F(column), output_field=self.form())
        self.keys = list(keys)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Sql:
        """`0` is a key or a place in a list; SQLite has a path for each."""
        column, before = compiler.compile(self.source_expressions[0])
        names = [f".{json.dumps(key)}" for key in self.keys]
        places = [
            f"[{'#' if key[0] == '-' else ''}{key}]" if IN_A_LIST.fullmatch(key) else name
            for key, name in zip(self.keys, names, strict=True)
        ]
        paths = list(dict.fromkeys("".join(["$", *steps]) for steps in (names, places)))

        def first(function: str) -> str:
            return f"COALESCE({f'{function}({column}, %s), ' * len(paths)}NULL)"

        place = _Place(
            kind=first("JSON_TYPE"),
            value=first("JSON_EXTRACT"),
            text=first("JSON_EXTRACT"),
            parameters=tuple(given for path in paths for given in (*before, path)),
        )
        return self.told(place)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> Sql:
        """Texts in the order of their bytes, as SQLite has it."""
        column, before = compiler.compile(self.source_expressions[0])
        place = _PlaceInPostgreSQL(
            kind=f"jsonb_typeof({column} #> %s)",
            value=f"({column} #> %s)",
            text=f'({column} #>> %s) COLLATE "C"',
            parameters=(*before, self.keys),
        )
        return self.told(place)

    def told(self, place: _Place) -> Sql:
        raise NotImplementedError


class _Exists(_Told):
    def told(self, place: _Place) -> Sql:
        return f"({place.kind} IS NOT NULL)", place.parameters


class _Compares(_Told):
    """Whether it is of `kind`, which all `values` are, and compares so with them."""

    def __init__(
        self, column: str, keys: Sequence[str], kind: Kind, operator: str, values: Sequence[Any]
    ) -> None:
        super().__init__(column, keys)
        self.kind, self.operator, self.values = kind, operator, values

    def told(self, place: _Place) -> Sql:
        if self.kind is Kind.NULL:
            return f"(COALESCE({place.kind}, 'null') = 'null')", place.parameters
        found = place.text if self.kind is Kind.TEXT else place.value
        given, parameters = place.given(self.kind, self.values)
        compared = f"{place.is_of(self.kind)} AND {found} {self.operator} {given}"
        return f"COALESCE({compared}, FALSE)", (*place.parameters * 2, *parameters)


class _Contains(_Told):
    """Whether it is a text with this one in it, A to Z in either case."""

    def __init__(self, column: str, keys: Sequence[str], text: str) -> None:
        super().__init__(column, keys)
        self.text = text

    def told(self, place: _Place) -> Sql:
        found = f"{place.find}(LOWER({place.text}), LOWER({place.asked})) > 0"
        contained = f"{place.is_of(Kind.TEXT)} AND {found}"
        return f"COALESCE({contained}, FALSE)", (*place.parameters * 2, self.text)


class TextOfJson(_Told):
    """The text that is there, or NULL."""

    form = TextField

    def told(self, place: _Place) -> Sql:
        sql = f"CASE WHEN {place.is_of(Kind.TEXT)} THEN {place.text} END"
        return sql, place.parameters * 2


class _NumberOfJson(_Told):
    form = FloatField

    def told(self, place: _Place) -> Sql:
        return place.number
