"""Workers in the process of the test: until nothing is due, or beside a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from automations.worker import Worker


def deliver() -> None:
    Worker(threads=4, once=True).run()


@contextmanager
def at_work() -> Iterator[None]:
    """A worker beside the server, as `make run` starts one, in a thread of its own."""
    worker = Worker(threads=4)

    def work() -> None:
        try:
            worker.run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
