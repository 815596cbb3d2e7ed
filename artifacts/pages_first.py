"""Transfers make way for pages: between two pieces a long one waits while a page is answered.

Python runs one thread at a time and gives turns in no order. Fifty downloads that each ask for the
next piece leave a page few of them: it took half a second, of which it worked for a twentieth.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Of each piece: so a busy site leaves 6 MB a second to each transfer.
LONGEST_WAIT = 0.01
# A page that takes longer than that waits for something else.
SECONDS_OF_A_PAGE = 1.0


class PagesFirst:
    """Of one process. Times are in seconds."""

    def __init__(
        self, longest_wait: float = LONGEST_WAIT, seconds_of_a_page: float = SECONDS_OF_A_PAGE
    ) -> None:
        self._longest_wait = longest_wait
        self._seconds_of_a_page = seconds_of_a_page
        self._lock = threading.Lock()
        self._under_way = 0
        self._has_right_until = 0.0
        self._none_is_under_way = threading.Event()
        self._none_is_under_way.set()

    @contextmanager
    def page(self) -> Iterator[None]:
        """While one is answered."""
        with self._lock:
            self._under_way += 1
            self._has_right_until = time.monotonic() + self._seconds_of_a_page
            self._none_is_under_way.clear()
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                if not self._under_way:
                    self._none_is_under_way.set()

    @property
    def is_under_way(self) -> bool:
        return not self._none_is_under_way.is_set()

    def make_way(self) -> None:
        """For a transfer that has sent a piece."""
        if self.is_under_way and time.monotonic() < self._has_right_until:
            self._none_is_under_way.wait(self._longest_wait)


PAGES_FIRST = PagesFirst()
