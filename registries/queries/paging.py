"""Pages of a list. The page and the number of all rows come in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import IntegerField, Model, QuerySet, Subquery

Row_co = TypeVar("Row_co", bound=Model, covariant=True)
Found = TypeVar("Found", bound=Model)
ROWS_ON_A_PAGE = 20
HIGHEST_PAGE = 1_000_000


@dataclass(frozen=True)
class PageOfRows(Generic[Row_co]):
    rows: Sequence[Row_co]
    number: int
    size: int
    total: int

    def __iter__(self) -> Iterator[Row_co]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

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
        paginator = Paginator(range(self.total), self.size)
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
    number = page_number(wanted)
    keys = rows.values("pk") if among is None else among
    of_page = rows.filter(pk__in=keys[(number - 1) * size : number * size])
    found = list(of_page.annotate(rows_in_all=_NumberOf(keys.order_by())))
    if found:
        return PageOfRows(found, number, size, found[0].rows_in_all)  # type: ignore[attr-defined]
    total = keys.count() if number > 1 else 0
    if total:
        return page_of(rows, str(-(-total // size)), size, among)
    return PageOfRows([], 1, size, 0)


class _NumberOf(Subquery):
    """How many rows a query has. Asked once for a page, not once for each of its rows."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def page_number(wanted: str) -> int:
    return min(max(1, int(wanted)), HIGHEST_PAGE) if wanted.isdecimal() and len(wanted) < 8 else 1
