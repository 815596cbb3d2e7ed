"""Work done in a process of its own, forked from one that has loaded everything.

A process that is killed takes no other with it, and one that looks afterwards has nothing left
in memory of what it looks at.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connections

from tests.faults.places import Place, close_connections

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

FORK = multiprocessing.get_context("fork")


class Failed(Exception):
    """Carries the traceback of the child."""


class Child:
    """Runs `work(*arguments)` at `place`. What it returns has to be picklable."""

    def __init__(self, place: Place, work: Callable[..., Any], *arguments: Any) -> None:
        close_connections()
        self.answers, given = FORK.Pipe(duplex=False)
        self.process: ForkProcess = FORK.Process(
            target=_run, args=(place, given, work, arguments), daemon=True
        )
        self.process.start()
        given.close()

    def answer(self) -> Any:
        """What the work returned; Failed when it raised or was ended."""
        try:
            worked, answer = self.answers.recv()
        except EOFError:
            worked, answer = False, f"ended with {self.end()}"
        self.end()
        if not worked:
            raise Failed(answer)
        return answer

    def end(self) -> int | None:
        """Waits for it. Minus nine is what a killed process ends with."""
        self.process.join()
        self.answers.close()
        return self.process.exitcode

    def kill(self) -> None:
        self.process.kill()

    def was_killed(self) -> bool:
        return self.end() == -signal.SIGKILL


def in_child(place: Place, work: Callable[..., Any], *arguments: Any) -> Any:
    return Child(place, work, *arguments).answer()


def _run(
    place: Place, answers: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    place.move_in()
    try:
        answers.send((True, work(*arguments)))
    except Exception:  # noqa: BLE001 told to the parent whatever it is
        answers.send((False, traceback.format_exc()))
    finally:
        connections.close_all()
