"""Relay connections: pages of rows, and cursors by which the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from accounts.errors import Invalid
from wandb_api.cursors import Order, order_of

MOST = 1000
# As often may all rows of a page go between the reading of their keys and of themselves.
TIMES_READ = 3
Whole = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class PageInfo:
    endCursor: str | None = None  # noqa: N815 the protocol's name
    hasNextPage: bool = False  # noqa: N815
    startCursor: str | None = None  # noqa: N815
    hasPreviousPage: bool = False  # noqa: N815


@dataclass(frozen=True)
class Edge:
    node: Any
    cursor: str
    version: str = ""


class Connection:
    """One page of rows, each shown by `show`. Counting happens only when asked for.

    `whole` adds to the rows of a page what is shown of them: the others are sorted without it.
    """

    def __init__(
        self,
        rows: QuerySet[Any] | Sequence[Any],
        show: Callable[[Any], Any],
        *,
        after: str | None = None,
        first: int | None = None,
        most: int = MOST,
        whole: Whole | None = None,
    ) -> None:
        self._rows = rows
        page = _page(rows, after, whole)
        size = min(most, most if first is None else max(0, first))
        found, has_more = page.rows(size)
        self.edges = [Edge(show(row), page.cursor(row, place)) for place, row in enumerate(found)]
        self.pageInfo = PageInfo(
            endCursor=self.edges[-1].cursor if self.edges else None,
            hasNextPage=has_more,
            startCursor=self.edges[0].cursor if self.edges else None,
            hasPreviousPage=page.has_previous,
        )

    def totalCount(self, *_: Any) -> int:  # noqa: N802 the protocol's name
        return self._rows.count() if isinstance(self._rows, QuerySet) else len(self._rows)


def prefetched(row: Model, name: str) -> list[Any] | None:
    """Rows that came with a page (see `wandb_api.shown`); None when `row` was found alone."""
    return getattr(row, f"shown_{name}", None)


class _Ordered:
    """The rows behind the one a cursor tells of."""

    def __init__(
        self, rows: QuerySet[Any], order: Order, after: str | None, whole: Whole | None
    ) -> None:
        self._order, self._whole = order, whole
        self._rows = order.after(rows, after) if after else rows
        self.has_previous = bool(after)

    def rows(self, size: int) -> tuple[list[Any], bool]:
        """`size` of them, fewer where one goes just then, and whether there are more."""
        if self._whole is None:
            return _cut(self._rows[: size + 1], size)
        found: list[Any] = []
        has_more = False
        for _ in range(TIMES_READ):
            # A statement of its own: PostgreSQL would join what is shown of all rows before it
            # looks which of them are on the page.
            keys, has_more = _cut(self._rows.values_list("pk", flat=True)[: size + 1], size)
            of_page = self._rows.model._default_manager.filter(pk__in=keys)
            found = list(self._whole(of_page).order_by(*self._rows.query.order_by))
            # A page without rows has no cursor: the next could not be asked for.
            if found or not keys:
                break
        return found, has_more

    def cursor(self, row: Any, _: int) -> str:
        return self._order.cursor(row)


class _Counted:
    """A cursor is the number of rows before the place."""

    def __init__(self, rows: QuerySet[Any] | Sequence[Any], after: str | None) -> None:
        self._rows = rows
        self._start = _position(after)
        self.has_previous = self._start > 0

    def rows(self, size: int) -> tuple[list[Any], bool]:
        return _cut(self._rows[self._start : self._start + size + 1], size)

    def cursor(self, _: Any, place: int) -> str:
        return str(self._start + place + 1)


def _cut(found: Iterable[Any], size: int) -> tuple[list[Any], bool]:
    """`found` is one more than `size`, where there are more."""
    rows = list(found)
    return rows[:size], len(rows) > size


def _page(
    rows: QuerySet[Any] | Sequence[Any], after: str | None, whole: Whole | None
) -> _Ordered | _Counted:
    if isinstance(rows, QuerySet):
        order = order_of(rows)
        if order is not None:
            return _Ordered(rows, order, after, whole)
        rows = whole(rows) if whole else rows
    return _Counted(rows, after)


def _position(after: str | None) -> int:
    if not after:
        return 0
    if not after.isdecimal() or len(after) > 12:
        raise Invalid("cursor", "This cursor was not made here.")
    return int(after)
