"""The one way out: a request to a checked address, within a deadline, of bounded size.

httpcore follows no redirects and reads no proxies from the environment; connections are made
by a backend that resolves, checks and then connects to what it checked, so that the name stays
what Host and TLS are about.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import httpcore2
from httpcore2 import SOCKET_OPTION, NetworkStream, SyncBackend

from automations.outbound.guard import Forbidden, Unresolvable, checked_addresses
from automations.outbound.requests import Answer, Request

DEADLINE = 15.0  # seconds, from resolving the name to the end of the answer
SECONDS_FOR_ONE_ADDRESS = 5.0
LARGEST_ANSWER = 64 * 1024  # bytes of body
LARGEST_RAW_ANSWER = LARGEST_ANSWER + 128 * 1024  # with headers
CONNECTIONS = 256
SECONDS_IDLE = 2.0


class TooLate(Exception):
    """The deadline of this request has passed."""


class TooMuch(Exception):
    """The answer's headers alone have no end."""


class _Now(threading.local):
    """What the request of this thread may still use."""

    until: float = 0.0
    bytes_left: int = 0

    def begin(self) -> None:
        self.until = time.monotonic() + DEADLINE
        self.bytes_left = LARGEST_RAW_ANSWER

    def seconds(self, timeout: float | None = None) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TooLate
        return left if timeout is None else min(left, timeout)


_now = _Now()


class BoundedStream(NetworkStream):
    """A connection that knows the deadline of whoever uses it."""

    def __init__(self, stream: NetworkStream) -> None:
        self.stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self.stream.read(max_bytes, _now.seconds(timeout))
        _now.bytes_left -= len(received)
        if _now.bytes_left < 0:
            raise TooMuch
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _now.seconds(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        return BoundedStream(
            self.stream.start_tls(ssl_context, server_hostname, _now.seconds(timeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class GuardedBackend(SyncBackend):
    """Connects to addresses that were checked, never to a name."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        failure: Exception = Unresolvable(f"{host} was not found")
        for address in checked_addresses(host, port, _now.seconds()):
            try:
                return BoundedStream(
                    super().connect_tcp(
                        address,
                        port,
                        _now.seconds(SECONDS_FOR_ONE_ADDRESS),
                        local_address,
                        socket_options,
                    )
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


def send(request: Request) -> Answer:
    """Sends it and returns what came back, whatever came. Never raises for the receiver's doing."""
    started = time.monotonic()
    _now.begin()
    status, headers, body, error = _exchange(request)
    milliseconds = round((time.monotonic() - started) * 1000)
    return Answer(status, headers, body, error, milliseconds)


def _exchange(request: Request) -> tuple[int | None, dict[str, str], bytes, str]:
    status: int | None = None
    headers: dict[str, str] = {}
    body = bytearray()
    try:
        with _pool(os.getpid()).stream(
            "POST",
            _url(request),
            headers=_headers(request),
            content=request.body,
            extensions={"timeout": {"pool": _now.seconds()}},
        ) as response:
            status = response.status
            headers = _received_headers(response)
            for chunk in response.iter_stream():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
    except _FAILURES as error:
        # A status that came counts, however the rest of the answer ended.
        return status, headers, bytes(body[:LARGEST_ANSWER]), _sentence(error)
    return status, headers, bytes(body[:LARGEST_ANSWER]), ""


def _url(request: Request) -> httpcore2.URL:
    target = request.target
    return httpcore2.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path
    )


def _headers(request: Request) -> list[tuple[str, str]]:
    return [
        ("Host", request.target.authority),
        ("Content-Length", str(len(request.body))),
        *request.headers.items(),
    ]


def _received_headers(response: httpcore2.Response) -> dict[str, str]:
    return {
        name.decode("latin-1"): value.decode("latin-1") for name, value in response.headers[:100]
    }


_FAILURES = (
    TooLate,
    TooMuch,
    Forbidden,
    Unresolvable,
    httpcore2.NetworkError,
    httpcore2.TimeoutException,
    httpcore2.ProtocolError,
    OSError,
)


def _sentence(error: Exception) -> str:
    match error:
        case TooLate() | httpcore2.TimeoutException():
            return "No whole answer within 15 seconds."
        case TooMuch():
            return "The answer’s headers have no end."
        case Forbidden():
            return f"Not called: {error}."
        case Unresolvable():
            return f"Not found: {error}."
        case httpcore2.ConnectError():
            return f"No connection: {error}."
        case httpcore2.RemoteProtocolError():
            return _sentence_of_answer(str(error))
    return f"The connection broke: {str(error).rstrip('.') or type(error).__name__}."


def _sentence_of_answer(told: str) -> str:
    """Without the bytes that came: they are the receiver's, and no words."""
    if "disconnected" in told or "closed connection" in told:
        return "The connection ended before the whole answer had come."
    what = told.partition(": bytearray(")[0].rstrip(".")
    return f"The answer cannot be read as HTTP: {what}."


@lru_cache(maxsize=1)
def _pool(process: int) -> httpcore2.ConnectionPool:
    """Connections do not survive a fork, so each process has its own."""
    return httpcore2.ConnectionPool(
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=SECONDS_IDLE,
        network_backend=GuardedBackend(),
    )
