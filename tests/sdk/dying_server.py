"""The product's own server, made to end by SIGKILL at one chosen point of its work.

    python -m tests.sdk.dying_server PORT FATAL FILE

Points are counted from the first request to /graphql on: before every SQL statement, before and
after every COMMIT, before every flush to the disk. Dies at point FATAL with its parent; 0 is never
reached, and how many points were passed is told in FILE.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import django


class Points:
    def __init__(self, fatal: int, told: Path) -> None:
        self._fatal = fatal
        self._told = told
        self._passed = 0
        self._is_counting = False
        self._lock = Lock()

    def begin(self, environ: dict[str, Any], **_: Any) -> None:
        self._is_counting = self._is_counting or environ["PATH_INFO"] == "/graphql"

    def reach(self) -> None:
        if not self._is_counting:
            return
        with self._lock:
            self._passed += 1
            if self._passed == self._fatal:
                os.kill(os.getppid(), signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)
            if not self._fatal:
                self._told.write_text(str(self._passed))

    def watch(self, connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(self._before_statement)
        connection._commit = self._surrounded(connection._commit)

    def _before_statement(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.reach()
        return execute(*statement)

    def _surrounded(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def surrounded(*arguments: Any) -> Any:
            self.reach()
            done = work(*arguments)
            self.reach()
            return done

        return surrounded

    def surround_flushes(self) -> None:
        os.fsync = self._surrounded(os.fsync)
        os.fdatasync = self._surrounded(os.fdatasync)


def main(port: int, fatal: int, told: Path) -> None:
    django.setup()
    from django.core.signals import request_started
    from django.db.backends.signals import connection_created

    from registry_site import server

    points = Points(fatal, told)
    request_started.connect(points.begin)
    connection_created.connect(points.watch)
    points.surround_flushes()
    server.PROCESSES = 1
    server.leave_nothing_shared_with_children()
    server.serve("127.0.0.1", port, announce=lambda: None)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
