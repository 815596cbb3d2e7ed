"""Querysets whose SQL is written once, for the few that every request of a script needs.

Django writes the SQL of a queryset anew for each use, which takes more time than the database
takes to answer it. `prepared` and `kept` keep the SQL and fill in what differs. What a queryset
means stays in the function that makes it, so a rule (who sees what) is still written in one place.

On PostgreSQL `prepared` prepares the statement on the server too, which soon plans it for any
value at all: right for what is found by a key. `kept` has it planned for the values asked about:
right for lists, where one collection has a version and the next one twenty thousand.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from functools import cache, wraps
from itertools import product
from typing import Any, get_type_hints

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from psycopg import sql
from psycopg.types.numeric import Int8

from accounts.models import User

# Stand for arguments while the SQL is written. Text with the wildcards of LIKE: a lookup that
# escapes its argument would change it, is not found again, and so cannot be prepared.
FIRST_NUMBER = 2_000_000_011
TEXT = "\x02%_{}\x03"
PLACEHOLDERS = re.compile(r"%%|%s")


def prepared(make: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """The rows of the queryset that `make` returns. Arguments are `int`, `str` and `User`.

    `make` is called once in the life of a process: it may use its arguments as values of
    lookups and as the start of a slice, and decide nothing by them. TypeError at the first use
    when one is not found again.
    """
    return _rows_of(make, _Statement(make, on_server=True))


def kept(make: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """As `prepared`, but planned anew for each use."""
    return _rows_of(make, _Statement(make, on_server=False))


def _rows_of(make: Callable[..., Any], statement: _Statement) -> Callable[..., list[Any]]:
    @wraps(make)
    def rows(*arguments: int | str | User) -> list[Any]:
        for argument in arguments:
            if isinstance(argument, User) and not argument.is_active:
                return list(make(*arguments))
        return statement.rows(_flat(arguments))

    return rows


class _Statement:
    def __init__(self, make: Callable[..., QuerySet[Any]], *, on_server: bool) -> None:
        self._make = make
        self._on_server = on_server
        self._written: _Written | None = None

    def rows(self, values: list[int | str]) -> list[Any]:
        if self._written is None:
            self._written = _Written(self._make, on_server=self._on_server)
        return self._written.rows(values)


class _Written:
    """The SQL of one queryset and the way from its rows to instances."""

    def __init__(self, make: Callable[..., QuerySet[Any]], *, on_server: bool) -> None:
        arguments = _stand_ins(make)
        queryset = make(*arguments)
        self._compiler = queryset.query.get_compiler(connection=connection)
        text, parameters = _with_offsets(self._compiler.as_sql(), _flat(arguments))
        self._text = text
        self._parameters = parameters
        self._places = _places(parameters, _flat(arguments))
        self._select = self._compiler.select[: self._compiler.col_count]
        self._converters = self._compiler.get_converters([column[0] for column in self._select])
        self._populators: Sequence[Any] = ()
        # Rows of values_list() are told as they are.
        is_of_models = issubclass(queryset._iterable_class, ModelIterable)
        self._info = self._compiler.klass_info if is_of_models else None
        if self._info is not None:
            self._prepare_instances(self._info)
        self._server_text = ""
        if on_server and connection.vendor == "postgresql":
            self._server_text = _server_text(text, parameters, self._places)

    def _prepare_instances(self, info: dict[str, Any]) -> None:
        select, fields = self._compiler.select, info["select_fields"]
        self._from, self._to = fields[0], fields[-1] + 1
        self._names = [column[0].target.attname for column in select[self._from : self._to]]
        self._populators = get_related_populators(  # type: ignore[call-arg] # of Django 6
            info, select, connection.alias
        )

    def rows(self, values: list[int | str]) -> list[Any]:
        found: Any = self._fetched(values)
        if self._converters:
            converted = self._compiler.apply_converters(found, self._converters)
            found = [tuple(row) for row in converted]
        if self._info is None:
            return list(found)
        return [self._instance(self._info["model"], row) for row in found]

    def _instance(self, model: type[Model], row: Sequence[Any]) -> Model:
        instance = model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._from : self._to])
        for populator in self._populators:
            populator.populate(row, instance)
        for name, at in self._compiler.annotation_col_map.items():
            setattr(instance, name, row[at])
        return instance

    def _fetched(self, values: list[int | str]) -> list[Sequence[Any]]:
        if self._server_text and _is_on_server():
            given = [_typed(values[place]) for place in self._places if place is not None]
            return _run(self._server_text, given)
        parameters = [
            parameter if place is None else values[place]
            for parameter, place in zip(self._parameters, self._places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._text, parameters)
            return list(cursor.fetchall())


def insert_row(row: Model) -> None:
    """INSERT of a new row, as `save()` would do it. For operations alone."""
    text, fields = _insert_text(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    row.pk = run(text, values)[0][0]
    row._state.adding = False
    row._state.db = connection.alias


def update_row(row: Model, *names: str) -> None:
    """UPDATE of these fields of a row. For operations alone."""
    text, fields = _update_text(type(row), names)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    run(text, [*values, row.pk])


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


def run(text: str, values: Sequence[Any] = ()) -> list[Sequence[Any]]:
    """The rows of plain SQL, prepared where the database can."""
    if _is_on_server():
        return _run(text, values)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []


def _run(text: str, values: Sequence[Any]) -> list[Sequence[Any]]:
    """With arguments bound by the server: Django's own cursors write them into the text."""
    # Of this thread, looked up once: each attribute of `connection` is a search for its own.
    own: Any = connections[DEFAULT_DB_ALIAS]
    own.close_if_health_check_failed()
    own.ensure_connection()
    own.validate_no_broken_transaction()
    with own.wrap_database_errors, psycopg.Cursor(own.connection) as cursor:
        cursor.execute(text, values, prepare=True)
        # The cursor's description would be made of every column, and is not needed.
        has_rows = cursor.pgresult is not None and cursor.pgresult.nfields > 0
        return cursor.fetchall() if has_rows else []


def _is_on_server() -> bool:
    """Whoever listens to statements (tests, debugging) gets them by Django's own cursor."""
    own: Any = connections[DEFAULT_DB_ALIAS]
    return own.vendor == "postgresql" and not own.execute_wrappers and not own.queries_logged


def _stand_ins(make: Callable[..., Any]) -> list[int | str | User]:
    hints = get_type_hints(make)
    found: list[int | str | User] = []
    for number, name in enumerate(inspect.signature(make).parameters):
        first = FIRST_NUMBER + 10 * number
        if hints[name] is int:
            found.append(first)
        elif hints[name] is str:
            found.append(TEXT.format(number))
        elif hints[name] is User:
            found.append(User(pk=first, entity_id=first + 1))
        else:
            raise TypeError(f"{name} of {make.__name__} is no int, str or User.")
    return found


def _flat(arguments: Sequence[int | str | User]) -> list[int | str]:
    """A person counts as two: their id and their entity's."""
    values: list[int | str] = []
    for argument in arguments:
        if isinstance(argument, User):
            values += [argument.pk, argument.entity_id]
        else:
            values.append(argument)
    return values


def _with_offsets(
    written: tuple[str, Sequence[Any]], values: list[int | str]
) -> tuple[str, list[Any]]:
    """Django writes the start of a slice into the SQL, and the pages of several parts (of
    registries/queries/paging.py) add it to their size: here it becomes a parameter too."""
    text, filled = written[0], list(written[1])
    for value, before_it in product(values, ("OFFSET", "+")):
        before, found, after = text.partition(f" {before_it} {value}")
        while found:
            filled.insert(PLACEHOLDERS.sub(_one_sign, before).count("\0"), value)
            text = f"{before} {before_it} %s{after}"
            before, found, after = text.partition(f" {before_it} {value}")
    return text, filled


def _one_sign(match: re.Match[str]) -> str:
    return "\0" if match[0] == "%s" else ""


def _places(parameters: Sequence[Any], values: list[int | str]) -> list[int | None]:
    """For each parameter of the SQL the argument that belongs there; None for a constant."""
    places = [
        next((at for at, value in enumerate(values) if _is_same(parameter, value)), None)
        for parameter in parameters
    ]
    lost = [value for at, value in enumerate(values) if at not in places and _is_alone(values, at)]
    if lost:
        raise TypeError(f"{lost} of {values} are not in {parameters}: not to be prepared.")
    return places


def _is_alone(values: list[int | str], at: int) -> bool:
    """False for the two of a person: a queryset may need only one of them."""
    value = values[at]
    return isinstance(value, str) or not {value - 1, value + 1} & set(values)


def _is_same(parameter: Any, value: int | str) -> bool:
    # psycopg wraps a number in the type of its column, which is a kind of int.
    return isinstance(parameter, type(value)) and bool(parameter == value)


def _typed(value: int | str) -> Any:
    """One type for all numbers: psycopg would prepare a statement for each size."""
    return Int8(value) if isinstance(value, int) else value


def _server_text(text: str, parameters: Sequence[Any], places: list[int | None]) -> str:
    """Constants written into the text, arguments with their type."""
    remaining = zip(parameters, places, strict=True)

    def written(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%%"
        parameter, place = next(remaining)
        if place is None:
            return str(sql.Literal(parameter).as_string(connection.connection)).replace("%", "%%")
        return "%s::bigint" if isinstance(parameter, int) else "%s::text"

    return PLACEHOLDERS.sub(written, text)
