"""Which processor a thread runs on, where the server has one for each of its processes.

The operating system moves threads to whatever is free, and what a processor had at hand for one
does not move along. Of the threads that answer scripts one runs at a time (dispatcher.py), so these
lose nothing by staying together. What works beside Python, as the hashing of uploads, runs wherever
there is room.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Set as AbstractSet


class _Here(threading.local):
    stays = False


class OwnProcessor:
    """Of one process. Where there are more processors than processes, or fewer, all are for all."""

    def __init__(self, number: int, processes: int) -> None:
        """`number` counts the processes from 0."""
        self._usable = _usable()
        self._own = {sorted(self._usable)[number]} if len(self._usable) == processes else set()
        self._here = _Here()

    def stay(self) -> None:
        """The calling thread runs on the processor of this process from now on."""
        self._go(stays=True)

    def go_anywhere(self) -> None:
        """The calling thread runs on any processor from now on."""
        self._go(stays=False)

    def _go(self, *, stays: bool) -> None:
        if not self._own or self._here.stays is stays:
            return
        self._here.stays = stays
        try:
            os.sched_setaffinity(0, self._own if stays else self._usable)
        except OSError:  # taken away from this program meanwhile, or not its to choose
            self._own = set()


def _usable() -> AbstractSet[int]:
    """Other systems than Linux do not tell."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
