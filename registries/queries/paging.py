"""Pages of a list. The page and the number of all rows come in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Count, Model, QuerySet, Window

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


def page_of(rows: QuerySet[Found], wanted: str, size: int = ROWS_ON_A_PAGE) -> PageOfRows[Found]:
    """The page `wanted` (as it stands in the address) of ordered `rows`; the last when it is
    beyond the end, the first when it is no number."""
    number = page_number(wanted)
    counted = rows.annotate(rows_in_all=Window(Count("pk")))
    found = list(counted[(number - 1) * size : number * size])
    if found:
        return PageOfRows(found, number, size, found[0].rows_in_all)  # type: ignore[attr-defined]
    total = rows.count() if number > 1 else 0
    if total:
        return page_of(rows, str(-(-total // size)), size)
    return PageOfRows([], 1, size, 0)


def page_number(wanted: str) -> int:
    return min(max(1, int(wanted)), HIGHEST_PAGE) if wanted.isdecimal() and len(wanted) < 8 else 1
