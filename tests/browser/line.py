"""The line between a browser and the server, in the hands of a test.

Chromium can slow a line by itself, but only by a speed: whoever looks late sees the end of the
upload. Here what is sent stands still at a byte until the test has looked. (Playwright's own way of
holding a request up keeps all of it in memory, more than once.)
"""

from __future__ import annotations

import math
import socket
import struct
from contextlib import contextmanager, suppress
from threading import Condition, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 64 * 1024
# A connection so closed says at once that it is broken, as a cut line does in the end.
AT_ONCE = struct.pack("ii", 1, 0)


class Line:
    """Carries every connection to the server. Made by `line_to`."""

    def __init__(self, listening: socket.socket, server: tuple[str, int]) -> None:
        self.address = f"http://localhost:{listening.getsockname()[1]}"
        self._listening, self._server = listening, server
        self._changed = Condition()
        self._most_sent: float = math.inf
        self._is_cut = False
        self._ends: set[socket.socket] = set()

    def hold_after(self, most_sent: int) -> None:
        """No connection sends more bytes than these to the server. The answers come through."""
        with self._changed:
            self._most_sent = most_sent

    def cut(self) -> None:
        """Every connection breaks, and each new one, until `mend`."""
        with self._changed:
            self._is_cut = True
            for end in self._ends:
                _break(end)
            self._ends.clear()
            self._changed.notify_all()

    def mend(self) -> None:
        """All that is sent arrives again."""
        with self._changed:
            self._is_cut, self._most_sent = False, math.inf
            self._changed.notify_all()

    def carry(self) -> None:
        """Until nobody listens any more."""
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        with self._changed:
            if self._is_cut:
                _break(near)
                return
            far = socket.create_connection(self._server)
            self._ends |= {near, far}
        Thread(target=self._carry, args=(near, far), kwargs={"is_held": True}, daemon=True).start()
        Thread(target=self._carry, args=(far, near), kwargs={"is_held": False}, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, *, is_held: bool) -> None:
        sent = 0
        with suppress(OSError):
            while piece := source.recv(PIECE):
                sent += len(piece)
                if is_held:
                    self._wait_until_allowed(sent)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def _wait_until_allowed(self, sent: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_cut or sent <= self._most_sent)


@contextmanager
def line_to(server: tuple[str, int]) -> Iterator[Line]:
    """A line on loopback to the server at this host and port, cut in the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    # What waits here was not sent yet: a browser shows as sent what its system has taken.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
    line = Line(listening, server)
    Thread(target=line.carry, daemon=True).start()
    yield line
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    line.cut()


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
