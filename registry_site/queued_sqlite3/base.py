"""The backend itself: a turn is taken before BEGIN and given back after COMMIT or ROLLBACK.

SQLite's own waiting writers poll: under load some are passed over until their time is out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

from registry_site.commits import RefusedCommits
from registry_site.queued_sqlite3.queue import Queue

READS = ("SELECT", "PRAGMA", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class QueuedCursor(base.SQLiteCursorWrapper):
    """BEGIN takes the turn; a statement that writes outside a transaction has one of its own."""

    queue: Queue

    def execute(self, query: str, params: Any = None) -> Any:
        with self._turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self._turn(query):
            return super().executemany(query, param_list)

    @contextmanager
    def _turn(self, query: str) -> Iterator[None]:
        if self.queue.has_turn or query.lstrip("( \n").upper().startswith(READS):
            yield
            return
        self.queue.take_turn()
        try:
            yield
        finally:
            if not self.connection.in_transaction:
                self.queue.end_turn()


class DatabaseWrapper(RefusedCommits, base.DatabaseWrapper):
    """One connection, and its place in the queue of its database file."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.queue = Queue(None if self.is_in_memory_db() else str(conn_params["database"]))
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=QueuedCursor)
        cursor.queue = self.queue
        return cursor

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # A refused COMMIT leaves the transaction open: the turn ends with its ROLLBACK.
        self.queue.end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.queue.end_turn()

    def is_usable(self) -> bool:
        """Asked at the end of a request in which the database refused something other than a
        value: a file that was full, locked or gone may leave a connection in a state of its own."""
        return False

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.queue.leave()
