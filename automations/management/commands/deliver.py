from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from automations.worker import LEASE, THREADS, Worker

MOST_THREADS = 1000
LONGEST_LEASE = 24 * 60 * 60.0


class Command(BaseCommand):
    help = (
        "Sends what automations have to tell, until it is stopped. Run as many as you like, on as "
        "many machines, against one PostgreSQL; `make run` starts one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing is due")
        parser.add_argument("--threads", type=int, default=THREADS, help="requests side by side")
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE,
            help="seconds after which another worker takes over what a killed one had",
        )
        parser.add_argument(
            "--with-parent",
            type=int,
            metavar="PROCESS",
            help="end when this process, which started it, ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        threads, lease = options["threads"], options["lease"]
        if not 1 <= threads <= MOST_THREADS:
            raise CommandError("--threads is a number from 1 to 1,000.")
        if not 0 < lease <= LONGEST_LEASE:
            raise CommandError("--lease is a number of seconds above 0, at most a day (86,400).")
        worker = Worker(lease_seconds=lease, threads=threads, once=options["once"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        if options["with_parent"] is not None:
            given = (worker, options["with_parent"])
            threading.Thread(target=_stop_with_parent, args=given, daemon=True).start()
        worker.run()


def _stop_with_parent(worker: Worker, parent: int) -> None:
    """It may have ended before this process had begun."""
    while os.getppid() == parent:
        time.sleep(0.5)
    worker.stop()
