"""Pages of a list. The page and the number of all rows come in one query.

Of a list that may have a hundred thousand rows no more are counted than a thousand behind the
page's first: `is_whole` is false then, and `total` is what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db.models import (
    BigIntegerField,
    Expression,
    IntegerField,
    Model,
    QuerySet,
    Subquery,
)

Row_co = TypeVar("Row_co", bound=Model, covariant=True)
Found = TypeVar("Found", bound=Model)
ROWS_ON_A_PAGE = 20
HIGHEST_PAGE = 1_000_000
COUNTED_BEHIND = 1_000
# A database walks through all that is before a page. Whoever looks for what is further on in a long
# list narrows it, by days for instance.
DEEPEST_PAGE = 500
# So many are looked over at once: a shorter list among others needs nothing to narrow it.
AT_A_GLANCE = 10


@dataclass(frozen=True)
class PageOfRows(Generic[Row_co]):
    rows: Sequence[Row_co]
    number: int
    size: int
    total: int
    is_whole: bool = True
    deepest: int = HIGHEST_PAGE

    def __iter__(self) -> Iterator[Row_co]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_long(self) -> bool:
        return self.total > AT_A_GLANCE

    @property
    def pages(self) -> int:
        return min(max(1, -(-self.total // self.size)), self.deepest)

    @property
    def is_cut(self) -> bool:
        """Whether there is more that no page shows."""
        return self.number == self.deepest and self.end < self.total

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    @property
    def near(self) -> list[int | str]:
        """Page numbers to offer: the first, the last, those around this one, gaps as `…`."""
        paginator = Paginator(range(self.pages * self.size), self.size)
        numbers = paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return [number if isinstance(number, int) else str(number) for number in numbers]


def page_of(
    rows: QuerySet[Found],
    wanted: str,
    size: int = ROWS_ON_A_PAGE,
    among: QuerySet[Any, Any] | None = None,
) -> PageOfRows[Found]:
    """The page `wanted` (as it stands in the address) of ordered `rows`; the last when it is
    beyond the end, the first when it is no number.

    Only keys are walked through up to the page: what `rows` annotate is read for it alone.
    `among` are the keys when they come from elsewhere, in the same order.
    """
    keys = rows.values("pk") if among is None else among
    return page_read(lambda start: list(rows_from(rows, start, size, keys)), wanted, size)


def page_read(read: Callable[[int], list[Found]], wanted: str, size: int) -> PageOfRows[Found]:
    """The same where `read` tells the rows of the page that starts there, as `rows_from()`."""
    number = page_number(wanted)
    found = read((number - 1) * size)
    if not found and number > 1:
        found, number = read(0), 1
        last = -(-_number_of_all(found) // size)
        if last > 1:
            found, number = read((last - 1) * size), last
    return PageOfRows(found, number, size, _number_of_all(found))


def long_page_read(
    read: Callable[[int], list[Found]], wanted: str, size: int, count: Callable[[], int]
) -> PageOfRows[Found]:
    """The same where `read` is as `some_rows_from()`. `count` is asked beyond the end alone. What
    is behind DEEPEST_PAGE is on no page."""
    number = min(page_number(wanted), DEEPEST_PAGE)
    found = read((number - 1) * size)
    if not found and number > 1:
        number = max(1, -(-count() // size))
        found = read((number - 1) * size)
    behind = found[0].rows_behind if found else 0  # type: ignore[attr-defined]
    is_whole = behind <= COUNTED_BEHIND
    total = (number - 1) * size + min(behind, COUNTED_BEHIND)
    return PageOfRows(found, number, size, total, is_whole, DEEPEST_PAGE)


def rows_from(
    rows: QuerySet[Found], start: int, size: int, among: QuerySet[Any, Any] | None = None
) -> QuerySet[Found]:
    """`size` of the ordered rows, each with `rows_in_all`."""
    keys = rows.values("pk") if among is None else among
    of_page: Any = rows.filter(pk__in=keys[start : start + size])
    counted: QuerySet[Found] = of_page.annotate(rows_in_all=NumberOf(keys.order_by()))
    return counted


def shown_from(
    found: QuerySet[Found],
    show: Callable[[QuerySet[Found]], QuerySet[Found]],
    order: Sequence[Any],
    start: int,
    size: int,
) -> QuerySet[Found]:
    """The same of what is `found`, with what `show` adds to a row. Who sees what is long SQL:
    it is asked of the keys, and not again of the rows that have them."""
    every: QuerySet[Found] = found.model._default_manager.all()
    keys = show(found).order_by(*order).values("pk")
    return rows_from(show(every).order_by(*order), start, size, keys)


def some_rows_from(
    rows: QuerySet[Found],
    start: int,
    size: int,
    among: Sequence[QuerySet[Any, Any]],
    *,
    oldest_first: bool = False,
) -> QuerySet[Found]:
    """`size` of the ordered rows, each with `rows_behind`, which stops at COUNTED_BEHIND + 1.

    `among` are the keys, unordered, of parts that have none in common: two with an index each are
    faster than one of both. The newest come first, or the oldest.
    """
    of_page: Any = rows.filter(pk__in=EndOf(among, start, size, "ASC" if oldest_first else "DESC"))
    keys = among[0].union(*among[1:], all=True) if among[1:] else among[0]
    behind = keys[start : start + COUNTED_BEHIND + 1]
    counted: QuerySet[Found] = of_page.annotate(rows_behind=NumberOf(behind))
    return counted


def _number_of_all(found: list[Any]) -> int:
    return found[0].rows_in_all if found else 0


class EndOfPart(Subquery):
    """PostgreSQL reads the index of a part in its order only when the part itself ends with the
    page, and would else read and sort the whole of it. SQLite merges parts by itself, and would
    sort each again."""

    template = "SELECT * FROM (%(subquery)s ORDER BY 1 %(order)s LIMIT %(size)s + %(start)s) part"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        return self.as_sql(compiler, connection, template="SELECT * FROM (%(subquery)s) part")


class EndOf(Expression):
    """`size` of the highest keys of all parts, or with `ASC` of the lowest."""

    template = "(SELECT * FROM ({parts}) parts ORDER BY 1 {order} LIMIT {size} OFFSET {start})"

    def __init__(
        self, parts: Sequence[QuerySet[Any, Any]], start: int, size: int, order: str
    ) -> None:
        super().__init__(output_field=BigIntegerField())
        self._place: dict[str, Any] = {"start": start, "size": size, "order": order}
        self._parts: list[Any] = [EndOfPart(part, **self._place) for part in parts]

    def get_source_expressions(self) -> list[Any]:
        return self._parts

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self._parts = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        written = [written for part in self._parts if (written := _of_some(compiler, part))]
        if not written:
            raise EmptyResultSet
        parts = " UNION ALL ".join(sql for sql, _ in written)
        parameters = tuple(parameter for _, given in written for parameter in given)
        return self.template.format(parts=parts, **self._place), parameters


def _of_some(compiler: Any, part: Any) -> tuple[str, Sequence[Any]] | None:
    """None where Django knows without asking that the part has nothing."""
    try:
        written: tuple[str, Sequence[Any]] = compiler.compile(part)
    except EmptyResultSet:
        return None
    return written


class NumberOf(Subquery):
    """How many rows a query has. Of a whole page it is asked once, not once for each row."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def page_number(wanted: str) -> int:
    return min(max(1, int(wanted)), HIGHEST_PAGE) if wanted.isdecimal() and len(wanted) < 8 else 1
