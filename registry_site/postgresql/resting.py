"""Connections between two uses, for whichever thread of the process needs one next.

The one that was left last is taken first: its server process has planned the statements of the
pages before, and those that are left over end. psycopg's own pool takes the one that has rested
longest, and lets a request wait when the server is gone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import NamedTuple

import psycopg

from accounts.prepared_statements import PreparedStatements

# A server that was restarted is noticed by whoever comes later than that.
SECONDS_OF_TRUST = 1.0
# What a crowd needed is given back to the server, whose memory each connection takes.
SECONDS_OF_REST = 600.0


class Resting(NamedTuple):
    statements: PreparedStatements
    since: float


class RestingConnections:
    """Of one database. Each with what it has prepared."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resting: deque[Resting] = deque()

    def leave(self, statements: PreparedStatements) -> None:
        now = time.monotonic()
        ended = []
        with self._lock:
            self._resting.append(Resting(statements, now))
            while now - self._resting[0].since > SECONDS_OF_REST:
                ended.append(self._resting.popleft())
        _close(ended)

    def take(self) -> PreparedStatements | None:
        """One whose server answers; None when all are in use."""
        while True:
            with self._lock:
                if not self._resting:
                    return None
                last = self._resting.pop()
            if time.monotonic() - last.since < SECONDS_OF_TRUST or _answers(last):
                return last.statements
            _close([last])

    def close(self) -> None:
        with self._lock:
            ended, self._resting = self._resting, deque()
        _close(ended)


def _answers(resting: Resting) -> bool:
    try:
        resting.statements.connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def _close(ended: list[Resting] | deque[Resting]) -> None:
    for resting in ended:
        resting.statements.connection.close()
