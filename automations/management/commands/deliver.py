from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from automations.worker import LEASE, THREADS, Worker


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
            "--with-parent", action="store_true", help="end when the process that started it ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            lease_seconds=options["lease"], threads=options["threads"], once=options["once"]
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        if options["with_parent"]:
            threading.Thread(target=_stop_with_parent, args=(worker,), daemon=True).start()
        worker.run()


def _stop_with_parent(worker: Worker) -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    worker.stop()
