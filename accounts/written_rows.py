"""Rows written by statements that are kept, as `save()` would write them. For operations alone.

Django writes the SQL of an INSERT and an UPDATE anew for each row.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    JSONField,
    Model,
    PositiveBigIntegerField,
    PositiveIntegerField,
    TextField,
)
from django.utils.timezone import is_aware

from accounts.prepared_statements import Rows
from accounts.statements import Asking, asking, run

# By the class of a field, values that both databases take as they are.
UNCHANGED: dict[type[Field[Any, Any]], type] = {
    BooleanField: bool,
    CharField: str,
    ForeignKey: int,
    PositiveBigIntegerField: int,
    PositiveIntegerField: int,
    TextField: str,
}


def insert_row(row: Model) -> None:
    """INSERT of a new row, as `save()` would do it. For operations alone."""
    inserting(row).alone()


def update_row(row: Model, *names: str) -> None:
    """UPDATE of these fields of a row. For operations alone."""
    updating(row, *names).alone()


def inserting(row: Model) -> Asking:
    """What `insert_row` does, for `asked_together`."""
    text, fields = _insert_text(type(row))
    values = [_value(field, row, is_new=True) for field in fields]

    def told(rows: Rows) -> list[Any]:
        row.pk = rows[0][0]
        row._state.adding, row._state.db = False, connection.alias
        return []

    return Asking(lambda: told(run(text, values)), (text, values), told)


def updating(row: Model, *names: str) -> Asking:
    """What `update_row` does, for `asked_together`."""
    text, fields = _update_text(type(row), names)
    values = [_value(field, row, is_new=False) for field in fields]
    return asking(text, [*values, row.pk])


def updating_by_key(model: type[Model], key: int, **values: Any) -> Asking:
    """UPDATE of these fields of the row with this key, which nobody has to read for it."""
    text, fields = _update_text(model, tuple(values))
    given = zip(fields, values.values(), strict=True)
    return asking(text, [*(_kept(field, one) for field, one in given), key])


def _value(field: Any, row: Model, *, is_new: bool) -> Any:
    """Asked of the field when its class has something to do before a row is saved."""
    if type(field) in UNCHANGED and field.attname in row.__dict__:
        return _kept(field, row.__dict__[field.attname])
    return _kept(field, field.pre_save(row, is_new))


def _kept(field: Any, value: Any) -> Any:
    """As the database takes it. What Django would only look at and return goes past it: it looks
    at twenty values of a row through several calls each."""
    kind = type(field)
    if value is None or type(value) is UNCHANGED.get(kind):
        return value
    if kind is JSONField and value == {}:
        return "{}"
    if kind is DateTimeField and is_aware(value) and _takes_moments():
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _takes_moments() -> bool:
    """SQLite gets them as text."""
    return connection.vendor == "postgresql"


@cache
def _insert_text(model: type[Model]) -> tuple[str, list[Any]]:
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    quote: Any = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    text = f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {key}"  # noqa: S608
    return text, fields


@cache
def _update_text(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote: Any = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"UPDATE {table} SET {columns} WHERE {key} = %s", fields  # noqa: S608
