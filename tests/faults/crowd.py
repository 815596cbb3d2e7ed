"""Many clients at once: processes of threads, each thread with a connection of its own."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection

from tests.faults.children import FORK, Child

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

    from tests.faults.places import Place

THREADS = 8


def crowd(place: Place, work: Callable[[int], Any], processes: int) -> list[Any]:
    """What `work(number)` returned for every client; all of them begin together.

    A client that raises ends the test with its traceback.
    """
    begin = FORK.Barrier(processes * THREADS)
    children = [
        Child(place, _threads, work, begin, range(first, first + THREADS))
        for first in range(0, processes * THREADS, THREADS)
    ]
    answers = [answer for child in children for answer in child.answer()]
    raised = [answer for answer in answers if isinstance(answer, _Raised)]
    assert not raised, f"{len(raised)} clients raised, one of them:\n{raised[0].traceback}"
    return answers


class _Raised:
    def __init__(self) -> None:
        self.traceback = traceback.format_exc()


def _threads(work: Callable[[int], Any], begin: Barrier, numbers: range) -> list[Any]:
    answers: dict[int, Any] = {}

    def run(number: int) -> None:
        begin.wait()
        try:
            answers[number] = work(number)
        except Exception:  # noqa: BLE001 told to the parent whatever it is
            answers[number] = _Raised()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in numbers]
