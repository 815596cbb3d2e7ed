"""Querysets whose SQL is written once, for the few that every request of a script needs.

Django writes the SQL of a queryset anew for each use, which takes more time than the database
takes to answer it. `prepared` and `kept` keep the SQL and fill in what differs. What a queryset
means stays in the function that makes it, so a rule (who sees what) is still written in one place.

On PostgreSQL `prepared` prepares the statement on the server too, which soon plans it for any
value at all: right for what is found by a key, and for pages of lists behind one. `kept` has it
planned for the values asked about: right where one collection has a version and the next one twenty
thousand, and the plan for any would read them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

from accounts.instances import instances_of
from accounts.models import User
from accounts.prepared_statements import Question, Rows
from accounts.stand_ins import (
    Argument,
    Pattern,
    Value,
    deciding,
    flat,
    hints_of,
    places_of,
    server_text,
    shape_of,
    stand_ins,
    with_offsets,
)


class Asking(NamedTuple):
    """One statement with its values, to be sent with others by `asked_together`."""

    alone: Callable[[], list[Any]]
    question: Question | None = None
    told: Callable[[Rows], list[Any]] = list


NOTHING_TO_ASK = Asking(list)
HIGHEST = 2**63 - 1


def asked_together(*askings: Asking) -> list[list[Any]]:
    """What each tells, in their order. On PostgreSQL they go in one trip: each begins when the one
    before it has ended, and sees what was committed by then. When one is refused, so are all."""
    if not askings:
        return []
    server = _server()
    questions = [one.question for one in askings if one.question is not None]
    if server is None or len(questions) < len(askings):
        return [one.alone() for one in askings]
    told = _asked(server, questions)
    return [one.told(rows) for one, rows in zip(askings, told, strict=True)]


def put_off(*writes: Asking) -> None:
    """Writes whose rows nobody needs before the transaction ends. On PostgreSQL they go in one trip
    with its COMMIT, or with what is asked before it; what refuses one of them, refuses that."""
    server = _server()
    questions = [(one.question, one.told) for one in writes if one.question is not None]
    if server is None or not server.in_atomic_block or len(questions) < len(writes):
        asked_together(*writes)
        return
    _refuse_broken_transaction(server)
    server.prepared_statements().put_off(questions)


def prepared(make: Callable[..., QuerySet[Any]]) -> Prepared:
    """The rows of the queryset that `make` returns. Arguments are `int`, `str`, `User`, several as
    a `tuple` of `int`, `str` or `datetime`, and `Shape`.

    `make` is called once in the life of a process for each shape and number of several: it may use
    its other arguments as values of lookups and as the start of a slice, and decide nothing by
    them. TypeError at the first use when one is not found again.
    """
    return Prepared(make, _Statement(make, on_server=True))


def kept(make: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """As `prepared`, but planned anew for each use."""
    return Prepared(make, _Statement(make, on_server=False))


class Prepared:
    """Called with the arguments of `make`, it tells the rows."""

    def __init__(self, make: Callable[..., QuerySet[Any]], statement: _Statement) -> None:
        self._make = make
        self._statement = statement
        update_wrapper(self, make)

    def __call__(self, *arguments: Argument) -> list[Any]:
        if _is_odd(arguments):
            return list(self._make(*arguments))
        written = self._statement.written(arguments)
        return [] if written is None else written.rows(flat(arguments))

    def asking(self, *arguments: Argument) -> Asking:
        """The same, for `asked_together`."""
        written = None if _is_odd(arguments) else self._statement.written(arguments)
        if written is None:
            return Asking(lambda: self(*arguments))
        question = written.question(flat(arguments))
        return Asking(lambda: self(*arguments), question, written.told)


def _is_odd(arguments: Sequence[Argument]) -> bool:
    """What Django writes other SQL for: an inactive person sees nothing, and no row has a number
    that no database holds, as addresses may bring it."""
    for one in arguments:
        if isinstance(one, int):
            if not -HIGHEST <= one <= HIGHEST:
                return True
        elif isinstance(one, User) and not one.is_active:
            return True
    return False


class _Statement:
    def __init__(self, make: Callable[..., QuerySet[Any]], *, on_server: bool) -> None:
        self._make = make
        self._on_server = on_server
        self._hints: list[Any] | None = None
        self._deciding: list[int] = []
        # None for what Django knows to be empty without asking.
        self._written: dict[tuple[Any, ...], _Written | None] = {}

    def written(self, arguments: Sequence[Argument]) -> _Written | None:
        if self._hints is None:
            hints = hints_of(self._make)
            # Last what others look at: threads come here side by side.
            self._deciding, self._hints = deciding(hints), hints
        shape = shape_of(arguments, self._deciding) if self._deciding else ()
        if shape not in self._written:
            standing = stand_ins(self._make, self._hints, arguments)
            self._written[shape] = self._write(standing)
        return self._written[shape]

    def _write(self, standing: Sequence[Argument]) -> _Written | None:
        try:
            return _Written(self._make(*standing), flat(standing), on_server=self._on_server)
        except EmptyResultSet:
            return None


class _Written:
    """The SQL of one queryset and the way from its rows to instances."""

    def __init__(self, queryset: QuerySet[Any], values: list[Value], *, on_server: bool) -> None:
        self._compiler = queryset.query.get_compiler(connection=connection)
        text, parameters = with_offsets(self._compiler.as_sql(), values)
        self._text = text
        self._parameters = parameters
        self._places = places_of(parameters, values)
        self._asked: list[Any] = [place for place in self._places if place is not None]
        self._has_patterns = any(isinstance(place, Pattern) for place in self._asked)
        self._select = self._compiler.select[: self._compiler.col_count]
        self._converters = self._compiler.get_converters([column[0] for column in self._select])
        # Rows of values_list() are told as they are.
        is_of_models = issubclass(queryset._iterable_class, ModelIterable)
        info = self._compiler.klass_info if is_of_models else None
        self._instance_of = instances_of(self._compiler, info) if info else None
        self._server_text = ""
        if on_server and connection.vendor == "postgresql":
            self._server_text = server_text(text, parameters, self._places)

    def rows(self, values: list[Value]) -> list[Any]:
        return self.told(self._fetched(values))

    def question(self, values: list[Value]) -> Question | None:
        """None for what is not prepared."""
        if not self._server_text:
            return None
        return self._server_text, self._filled(values)

    def _filled(self, values: list[Value]) -> list[Value]:
        """The arguments in the order in which the SQL asks for them."""
        if self._has_patterns:
            return [
                place.of(values) if isinstance(place, Pattern) else values[place]
                for place in self._asked
            ]
        return [values[place] for place in self._asked]

    def told(self, found: Any) -> list[Any]:
        if self._converters:
            converted = self._compiler.apply_converters(found, self._converters)
            found = [tuple(row) for row in converted]
        return list(found) if self._instance_of is None else list(map(self._instance_of, found))

    def _fetched(self, values: list[Value]) -> Sequence[Any]:
        server = _server()
        question = self.question(values) if server else None
        if question is not None:
            return _asked(server, [question])[0]
        filled = iter(self._filled(values))
        parameters = [
            parameter if place is None else next(filled)
            for parameter, place in zip(self._parameters, self._places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._text, parameters)
            return list(cursor.fetchall())


def asking(text: str, values: Sequence[Any] = ()) -> Asking:
    """What `run` does, for `asked_together`."""
    return Asking(lambda: run(text, values), (text, values))


def run(text: str, values: Sequence[Any] = ()) -> Rows:
    """The rows of plain SQL, prepared where the database can."""
    server = _server()
    if server is not None:
        return _asked(server, [(text, values)])[0]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []


def _asked(server: Any, questions: Sequence[Question]) -> list[Rows]:
    """With arguments bound by the server: Django's own cursors write them into the text."""
    server.ensure_connection()
    _refuse_broken_transaction(server)
    with server.wrap_database_errors:
        return server.prepared_statements().rows_of_all(questions)  # type: ignore[no-any-return]


def _refuse_broken_transaction(server: Any) -> None:
    if server.needs_rollback:
        server.validate_no_broken_transaction()


def _server() -> Any:
    """Django's connection to PostgreSQL; None when that is not the database. Whoever listens to
    statements (tests, debugging) gets them by Django's own cursor."""
    # Looked up once: each attribute of `connection` is a search for that of this thread.
    own: Any = connections[DEFAULT_DB_ALIAS]
    is_listened_to = own.execute_wrappers or own.queries_logged
    return None if own.vendor != "postgresql" or is_listened_to else own
