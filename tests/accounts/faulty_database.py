"""The test's own database, as it is when its disk is full or it takes no changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

IS_SQLITE = connection.vendor == "sqlite"


@contextmanager
def no_changes() -> Iterator[None]:
    """What the block did is undone."""
    with transaction.atomic():
        _say("PRAGMA query_only = ON" if IS_SQLITE else "SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            if IS_SQLITE:
                _say("PRAGMA query_only = OFF")
            transaction.set_rollback(True)


@contextmanager
def full_disk() -> Iterator[None]:
    """Of SQLite alone."""
    (before,), (used,) = (_say(f"PRAGMA {name}") for name in ("max_page_count", "page_count"))
    _say(f"PRAGMA max_page_count = {used}")
    try:
        yield
    finally:
        _say(f"PRAGMA max_page_count = {before}")


def _say(statement: str) -> tuple[int, ...]:
    """Past Django, which says nothing more in a transaction that failed."""
    session = connection.connection
    found = session.execute(statement)
    return tuple(found.fetchone() or ()) if IS_SQLITE else ()
