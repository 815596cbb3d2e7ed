"""The product's own server, made to end by SIGKILL at one chosen point of its work.

    python -m tests.sdk.dying_server

Loads the product once and forks a server for each line it reads: JSON with the keywords of
`serve`. Answers the server's process id in a line of its own. What is still serving ends with it.

Points are counted from the first request to /graphql on: before every SQL statement, before and
after every COMMIT, before and after every flush to the disk. The server dies at point `fatal` with
its parent; 0 is never reached, and how many points were passed is told in the file `told`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import django


class Points:
    def __init__(self, fatal: int, told: Path) -> None:
        self._fatal = fatal
        self._told = told
        self._passed = 0
        self._is_counting = False
        self._lock = threading.Lock()

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
        if self._before_statement in connection.execute_wrappers:
            return  # told again each time the same one connects
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


def serve(port: int, fatal: int, told: str, data: str) -> None:
    """In the folder `data`, whose keys are those the product was loaded with."""
    from django.core.signals import request_started
    from django.db.backends.signals import connection_created

    from registry_site import server
    from tests.faults.places import Place

    Place(str(Path(data) / "waymark.sqlite3"), Path(data)).move_in()
    points = Points(fatal, Path(told))
    request_started.connect(points.begin)
    connection_created.connect(points.watch)
    points.surround_flushes()
    server.PROCESSES = 1
    server.serve("127.0.0.1", port, announce=lambda: None)


def _serve_in_child(order: dict[str, Any]) -> NoReturn:
    with (Path(order["data"]) / "server.log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    serve(**order)
    os._exit(0)


def main() -> None:
    django.setup()
    import registry_site.wsgi
    from registry_site.server import leave_nothing_shared_with_children

    leave_nothing_shared_with_children()
    assert threading.active_count() == 1, registry_site.wsgi.application
    serving: set[int] = set()
    for line in sys.stdin:
        serving -= {each for each in serving if os.waitpid(each, os.WNOHANG)[0]}
        child = os.fork()
        if not child:
            _serve_in_child(json.loads(line))
        serving.add(child)
        print(child, flush=True)  # noqa: T201 the answer
    for each in serving:
        os.kill(each, signal.SIGKILL)


if __name__ == "__main__":
    main()
