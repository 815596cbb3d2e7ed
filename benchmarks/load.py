"""Many connections that each ask again as soon as they are answered.

One thread and raw sockets, so that the client takes little of the machine it measures on.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HEADERS_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Question:
    """One request as it goes over the wire, and what its answer has to contain."""

    request: bytes
    expected: bytes


@dataclass
class Measured:
    """Seconds of every answered request, and how many were answered wrongly.

    `closed` counts connections the server ended before it answered; the request was sent again.
    """

    seconds: float
    latencies: list[float] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)
    closed: int = 0

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return (len(self.latencies) - len(self.wrong)) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        if not ordered:
            raise RuntimeError("Nothing was answered within the time.")
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + HEADERS_END + body


def measure(
    port: int, questions: Iterator[Question], *, connections: int, seconds: float
) -> Measured:
    """Asks for `seconds`, and longer until each connection could have had an answer."""
    selector = selectors.DefaultSelector()
    clients = [_Client(port, questions) for _ in range(connections)]
    for client in clients:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.ask()
    measured = Measured(seconds)
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds or len(measured.latencies) < connections:
        for key, _ in selector.select(timeout=1):
            client = key.data
            whole = client.read(measured)
            if whole is None:
                selector.unregister(client.socket)
                client.connect_again()
                selector.register(client.socket, selectors.EVENT_READ, client)
                measured.closed += 1
            elif whole:
                client.ask()
    for client in clients:
        client.socket.close()
    measured.seconds = time.perf_counter() - begun
    return measured


class _Client:
    def __init__(self, port: int, questions: Iterator[Question]) -> None:
        self._port = port
        self.socket = self._connected()
        self._questions = questions
        self._received = b""
        self._asked = 0.0
        self._question = Question(b"", b"")

    def ask(self) -> None:
        self._received = b""
        self._question = next(self._questions)
        self._asked = time.perf_counter()
        self.socket.sendall(self._question.request)

    def connect_again(self) -> None:
        """The same question over a new connection; its time goes on."""
        self.socket.close()
        self.socket = self._connected()
        self._received = b""
        self.socket.sendall(self._question.request)

    def _connected(self) -> socket.socket:
        connected = socket.create_connection(("127.0.0.1", self._port))
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def read(self, measured: Measured) -> bool | None:
        """Whether the answer is whole now; None when the server closed the connection."""
        try:
            piece = self.socket.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            return None
        self._received += piece
        if not _is_whole(self._received):
            return False
        measured.latencies.append(time.perf_counter() - self._asked)
        if self._question.expected not in self._received:
            measured.wrong.append(self._received)
        return True


def _is_whole(answer: bytes) -> bool:
    end = answer.find(HEADERS_END)
    if end < 0:
        return False
    start = answer.lower().find(b"\r\ncontent-length:", 0, end + 2)
    if start < 0:
        return answer.endswith(b"0\r\n\r\n")
    length = int(answer[start + 17 :].split(b"\r\n", 1)[0])
    return len(answer) >= end + len(HEADERS_END) + length


def until_ready(ready: Callable[[], bool], *, seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > give_up_at:
            raise TimeoutError("The server does not answer.")
        time.sleep(0.2)
