"""Transfers that take as long as whoever is at the other end: they hold no connection meanwhile.

Many slow ones would take all connections PostgreSQL has.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from django.db import connection
from django.http import HttpRequest

# From so many bytes on a transfer takes long enough to leave its connection to others.
LONG = 16 * 1024**2


def leave_database() -> None:
    """The next question gets another connection."""
    if connection.in_atomic_block:
        return
    connection.close_if_unusable_or_obsolete()
    # One that rests now serves others; SQLite's own stays open until it is closed.
    connection.close()


def body_of(request: HttpRequest, size: int) -> BinaryIO:
    return cast("BinaryIO", _Arriving(request) if size >= LONG else request)


class _Arriving:
    """A long body. What was asked before its first byte is known; the rest is asked when it is
    there."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._has_begun = False

    def read(self, size: int = -1) -> bytes:
        if not self._has_begun:
            self._has_begun = True
            leave_database()
        return self._request.read(size)
