"""Stand for arguments while SQL is written, so that they are found again in what was written."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple, TypeVar, get_type_hints

from django.db import connection
from psycopg import sql

from accounts.models import User
from accounts.prepared_statements import PLACEHOLDERS

# Text with the wildcards of LIKE, to be found again as they are or as a pattern has them escaped;
# what changes its argument in another way cannot be prepared. Moments are midnights of UTC.
FIRST_NUMBER = 2_000_000_011
NUMBERS_OF_ONE = 10_000
FIRST_MOMENT = datetime(2999, 1, 1, tzinfo=UTC)

# What is asked for in an odd number is asked for in one of these: see `evenly()`.
LENGTHS = (1, 4, 16, 64, 256, 1024)

Value = int | str | datetime
Several = TypeVar("Several", int, str)
Argument = Any


class Shape:
    """An argument that decides which queryset it is: hashable, and one of few."""


def hints_of(make: Callable[..., Any]) -> list[Any]:
    """Of its arguments, in their order."""
    hints = get_type_hints(make)
    return [hints[name] for name in inspect.signature(make).parameters]


def deciding(hints: Sequence[Any]) -> list[int]:
    """Which arguments the SQL is written for: shapes, and of several how many there are."""
    return [at for at, hint in enumerate(hints) if is_shape(hint) or hint in SEVERAL]


def shape_of(arguments: Sequence[Argument], places: Sequence[int]) -> tuple[Any, ...]:
    """Of those `deciding()` names."""
    chosen = [arguments[place] for place in places]
    return tuple(len(one) if isinstance(one, tuple) else one for one in chosen)


def evenly(several: Iterable[Several]) -> tuple[Several, ...]:
    """The last one again, up to one of a few lengths: SQL is written for each length there is."""
    found = tuple(several)
    length = next((one for one in LENGTHS if one >= len(found)), len(found))
    return found + found[-1:] * (length - len(found))


def is_shape(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Shape)


def stand_ins(
    make: Callable[..., Any], hints: Sequence[Any], arguments: Sequence[Argument]
) -> list[Argument]:
    """One for each argument. TypeError for one of another type."""
    found: list[Argument] = []
    for number, (hint, argument) in enumerate(zip(hints, arguments, strict=True)):
        if is_shape(hint):
            found.append(argument)
        elif hint in STANDING:
            found.append(STANDING[hint](number))
        elif hint in SEVERAL:
            one = SEVERAL[hint]
            found.append(tuple(one(number, at) for at in range(len(argument))))
        else:
            raise TypeError(f"{argument!r} of {make.__name__} is nothing that SQL is written for.")
    return found


def _number(argument: int, at: int = 0) -> int:
    return FIRST_NUMBER + NUMBERS_OF_ONE * argument + 10 * at


def _text(argument: int, at: int = 0) -> str:
    return f"\x02%_{argument}.{at}\x03"


def _moment(argument: int, at: int = 0) -> datetime:
    return FIRST_MOMENT + timedelta(days=100 * argument + at)


def _person(argument: int) -> User:
    return User(pk=_number(argument), entity_id=_number(argument) + 1)


STANDING: dict[Any, Callable[[int], Argument]] = {int: _number, str: _text, User: _person}
SEVERAL: dict[Any, Callable[[int, int], Argument]] = {
    tuple[int, ...]: _number,
    tuple[str, ...]: _text,
    tuple[datetime, ...]: _moment,
}


def flat(arguments: Sequence[Argument]) -> list[Value]:
    """A person counts as two: their id and their entity's. A shape is no value. Moments are as
    the database takes them."""
    values: list[Value] = []
    for argument in arguments:
        if isinstance(argument, User):
            values += [argument.pk, argument.entity_id]
        elif isinstance(argument, tuple):
            values += map(_adapted, argument)
        elif not isinstance(argument, Shape):
            values.append(argument)
    return values


def _adapted(value: Value) -> Value:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value) or value
    return value


class Pattern(NamedTuple):
    """A text as LIKE is given it: what stands before and behind it, its own signs escaped."""

    before: str
    at: int
    after: str

    def of(self, values: Sequence[Value]) -> str:
        return f"{self.before}{_escaped(values[self.at])}{self.after}"


# Where an argument stands among `flat()` ones; None is a constant.
Place = int | Pattern | None


def _escaped(value: Value) -> str:
    return str(connection.ops.prep_for_like_query(str(value)))


def with_offsets(written: tuple[str, Sequence[Any]], values: list[Value]) -> tuple[str, list[Any]]:
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


def places_of(parameters: Sequence[Any], values: list[Value]) -> list[Place]:
    """Where the argument of each parameter of the SQL is. TypeError when one is nowhere."""
    places = [_place_of(parameter, values) for parameter in parameters]
    found = {
        values[one.at if isinstance(one, Pattern) else one] for one in places if one is not None
    }
    lost = [value for value in values if not _ways_of(value, values) & found]
    if lost:
        raise TypeError(f"{lost} of {values} are not in {parameters}: not to be prepared.")
    return places


def _place_of(parameter: Any, values: list[Value]) -> Place:
    for at, value in enumerate(values):
        if _is_same(parameter, value):
            return at
        if isinstance(parameter, str) and isinstance(value, str):
            before, is_in_it, after = parameter.partition(_escaped(value))
            if is_in_it and _escaped(value) not in after:
                return Pattern(before, at, after)
    return None


def _ways_of(value: Value, values: list[Value]) -> set[Value]:
    """How an argument may be found: a queryset may need only one of the two of a person."""
    if isinstance(value, int):
        return {value, *({value - 1, value + 1} & set(values))}
    return {value}


def _is_same(parameter: Any, value: Value) -> bool:
    # psycopg wraps a number in the type of its column, which is a kind of int.
    return isinstance(parameter, type(value)) and bool(parameter == value)


def server_text(text: str, parameters: Sequence[Any], places: list[Place]) -> str:
    """Constants written into the text, arguments with their type."""
    remaining = zip(parameters, places, strict=True)

    def written(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%%"
        parameter, place = next(remaining)
        if place is None:
            return str(sql.Literal(parameter).as_string(connection.connection)).replace("%", "%%")
        if isinstance(parameter, datetime):
            return "%s::timestamptz"
        return "%s::bigint" if isinstance(parameter, int) else "%s::text"

    return PLACEHOLDERS.sub(written, text)
