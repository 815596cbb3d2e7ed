"""The worker beside the web server: started again when it dies, ended with the server.

A process between the two waits for the worker, and ends it when the server is killed. The server
waits for that process: either may be killed, and deliveries go on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

SECONDS_TO_FINISH = 5
SECONDS_BEFORE_ANOTHER = 1


def keep_delivering(address: str) -> None:
    """Starts it and returns. Links in messages begin with `address`.

    Called before the server forks others: whoever is forked first ends last.
    """
    keeper = _start_keeper(address)
    threading.Thread(target=_start_again, args=(keeper, address), daemon=True).start()


def _start_keeper(address: str) -> multiprocessing.Process:
    keeper = multiprocessing.Process(target=_keep_delivering, args=(address,), daemon=True)
    keeper.start()
    return keeper


def _start_again(keeper: multiprocessing.Process, address: str) -> None:
    """Its worker ends by itself once it has lost it. A server that ends has ended it on purpose."""
    while True:
        keeper.join()
        if not threading.main_thread().is_alive():
            return
        log.error("deliverer_ended", exit_code=keeper.exitcode)
        time.sleep(SECONDS_BEFORE_ANOTHER)
        keeper = _start_keeper(address)


def _keep_delivering(address: str) -> None:
    # A session of its own: Ctrl-C reaches the server alone, which then ends this process.
    os.setsid()
    worker = _Worker(address)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        while True:
            worker.start()
            worker.wait()
            time.sleep(SECONDS_BEFORE_ANOTHER)
    finally:
        worker.end()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Out of the wait first: in a handler the interrupted one keeps the process to itself."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


class _Worker:
    def __init__(self, address: str) -> None:
        self.address = address
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["deliver", "--with-parent", str(os.getpid())]
        self.process = subprocess.Popen(  # noqa: S603 our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            env=os.environ | {"WAYMARK_BASE_URL": self.address},
            stdin=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        if self.process is not None:
            self.process.wait()

    def end(self) -> None:
        """What it does not finish in time is taken up again after its lease."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_FINISH)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _end_with_parent() -> None:
    """A server that is killed cannot tell its children; they notice."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
