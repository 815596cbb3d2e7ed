"""Relay connections. A cursor is a position in an order: the offset of a row, counted from 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from accounts.errors import Invalid

MOST = 1000


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
    """One page of rows, each shown by `show`. Counting happens only when asked for."""

    def __init__(
        self,
        rows: QuerySet[Any] | Sequence[Any],
        show: Callable[[Any], Any],
        *,
        after: str | None = None,
        first: int | None = None,
        most: int = MOST,
    ) -> None:
        self._rows = rows
        start = _position(after)
        size = min(most, most if first is None else max(0, first))
        found = list(rows[start : start + size + 1])
        self.edges = [
            Edge(show(row), str(start + offset + 1)) for offset, row in enumerate(found[:size])
        ]
        self.pageInfo = PageInfo(
            endCursor=self.edges[-1].cursor if self.edges else None,
            hasNextPage=len(found) > size,
            startCursor=self.edges[0].cursor if self.edges else None,
            hasPreviousPage=start > 0,
        )

    def totalCount(self, *_: Any) -> int:  # noqa: N802 the protocol's name
        return self._rows.count() if isinstance(self._rows, QuerySet) else len(self._rows)


def prefetched(row: Model, name: str) -> list[Any] | None:
    """Rows that came with a page of `row`s; None when this one was found alone."""
    found = getattr(row, "_prefetched_objects_cache", {}).get(name)
    return None if found is None else list(found)


def _position(after: str | None) -> int:
    if not after:
        return 0
    if not after.isdecimal() or len(after) > 12:
        raise Invalid("cursor", "This cursor was not made here.")
    return int(after)
