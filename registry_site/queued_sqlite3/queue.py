"""Who may write next, for all processes that use one database file.

The queue is the kernel's: it wakes those who wait for a locked file in the order in which they
came, without polling, and frees the file when its holder is killed.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3


class Queue:
    """The place of one connection in it. `database` None is a database nobody else can reach."""

    def __init__(self, database: str | None) -> None:
        self.has_turn = False
        # One description for each connection: threads of one process wait for each other too.
        self._file: int | None = None
        if database is not None:
            self._file = _opened(f"{database}-queue")

    def take_turn(self) -> None:
        """Waits as long as those before it write."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        self.has_turn = True

    def end_turn(self) -> None:
        self.has_turn = False
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def leave(self) -> None:
        """With the connection. A second time changes nothing."""
        self.has_turn = False
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _opened(path: str) -> int:
    """A database whose folder is not there is refused as SQLite itself would."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise sqlite3.OperationalError(f"{path}: {error.strerror}") from error
