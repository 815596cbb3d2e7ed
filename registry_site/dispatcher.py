"""Which thread of a process answers what scripts ask: one does, the others stand by.

Python runs one thread at a time. Threads that answer side by side win nothing by it, and wait
for each other after every statement. So one thread answers question after question. When it has
been busy with one for too long (a lock that somebody holds, a long list), one that stands by takes
its place, and both go on. Pages and files are answered by the threads that bring them: fifty
downloads that begin together would each have to be found slow.
"""

from __future__ import annotations

import io
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol

from artifacts.pages_first import PAGES_FIRST
from registry_site.processors import OwnProcessor

# A request that is under way at two looks in a row is slow.
SECONDS_BETWEEN_LOOKS = 0.01
QUESTIONS = "/graphql"
TRANSFERS = "/storage/"
# Whoever sends more than that is answered by a thread that nobody waits for.
SHORT_BODY = 64 * 1024

logger = logging.getLogger(__name__)


class Way(Protocol):
    """Where an answer goes. Only the first one does."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


class _Here(threading.local):
    step_aside: Callable[[], None] | None = None


HERE = _Here()


def let_another_answer() -> None:
    """For a thread that is about to wait for the disk: another one takes the next question. When it
    has answered its own, it stands by."""
    if HERE.step_aside is not None:
        HERE.step_aside()


Request = dict[str, Any]
Answer = Callable[[Way, Request], object]


class Dispatcher:
    """The server's threads call it with the request they bring, and listen again on return.

    A thread that comes while another answers leaves its request to that one and stands by. From
    then on the answering thread alone listens to the server, and nobody has to be woken.
    """

    def __init__(
        self,
        answer: Answer,
        processor: OwnProcessor,
        *,
        seconds_between_looks: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        self._answer = answer
        self._processor = processor
        self._seconds_between_looks = seconds_between_looks
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Way, Request]] = deque()
        # A thread is known by the lock that it waits for while it stands by.
        self._answering: threading.Lock | None = None
        self._standing_by: list[threading.Lock] = []
        # What the answering thread is busy with, now and at the last look.
        self._numbers = itertools.count()
        self._under_way: int | None = None
        self._seen: int | None = None
        self._is_worth_a_look = threading.Event()
        threading.Thread(target=self._keep_looking, daemon=True).start()

    def __call__(self, way: Way, request: Request) -> None:
        if not _is_short_question(request):
            self._let_another_listen()
            self._processor.go_anywhere()
            with _before_transfers(request):
                self._answer_one(way, request)
            return
        self._processor.stay()
        thread = threading.Lock()
        thread.acquire()
        if not self._begins(thread, way, request):
            # The server ends the body of a request whose thread listens again.
            _read_ahead(request)
            self._leave(way, request)
        HERE.step_aside = partial(self._step_aside, thread)
        while found := self._next(thread):
            self._answer_one(*found)
        HERE.step_aside = None

    def _begins(self, thread: threading.Lock, way: Way, request: Request) -> bool:
        """False while another thread answers."""
        with self._lock:
            if self._answering is not None:
                return False
            self._answering = thread
            self._waiting.append((way, request))
            return True

    def _leave(self, way: Way, request: Request) -> None:
        """To the thread that answers."""
        with self._lock:
            self._waiting.append((way, request))

    def _next(self, thread: threading.Lock) -> tuple[Way, Request] | None:
        """None for a thread that is to listen again, when no request waits. While another answers,
        the thread stands by."""
        with self._lock:
            if self._has_turn(thread):
                return self._taken()
            self._standing_by.append(thread)
            self._is_worth_a_look.set()
        thread.acquire()
        with self._lock:
            return self._taken()

    def _has_turn(self, thread: threading.Lock) -> bool:
        if self._answering is None:
            self._answering = thread
        return self._answering is thread

    def _taken(self) -> tuple[Way, Request] | None:
        if not self._waiting:
            self._answering = self._under_way = None
            return None
        self._under_way = next(self._numbers)
        if self._standing_by and not self._is_worth_a_look.is_set():
            self._is_worth_a_look.set()
        return self._waiting.popleft()

    def _step_aside(self, thread: threading.Lock) -> None:
        """One that stands by takes what waits, and listens. Where none does, whoever listens may
        answer."""
        with self._lock:
            if self._answering is not thread:
                return
            self._answering = self._under_way = None
            self._wake_one()

    def _let_another_listen(self) -> None:
        with self._lock:
            if self._answering is None:
                self._wake_one()

    def _answer_one(self, way: Way, request: Request) -> None:
        try:
            self._answer(way, request)
        except Exception:
            logger.exception("A request was not answered.")
            way.response_bytes(HTTPStatus.INTERNAL_SERVER_ERROR, [], b"")
        # The thread that brought it may stand by for long, and would keep what came with it.
        request.clear()

    def _keep_looking(self) -> None:
        while self._is_worth_a_look.wait():
            time.sleep(self._seconds_between_looks)
            self.look()

    def look(self) -> None:
        """Wakes a thread when the same request was under way at the last look."""
        with self._lock:
            if self._answering is None:
                self._is_worth_a_look.clear()
            elif self._under_way is not None and self._under_way == self._seen:
                self._wake_one()
            self._seen = self._under_way

    def _wake_one(self) -> None:
        """It answers what waits and listens: never do all threads stand by."""
        if self._standing_by:
            self._answering = self._standing_by.pop()
            self._answering.release()
            self._under_way = None


def _before_transfers(request: Request) -> AbstractContextManager[None]:
    """From here on, where the page has its first turn of Python."""
    if request["PATH_INFO"].startswith(TRANSFERS):
        return nullcontext()
    return PAGES_FIRST.page()


def _is_short_question(request: Request) -> bool:
    """Not when nobody knows how much will come."""
    if request["PATH_INFO"] != QUESTIONS or "HTTP_TRANSFER_ENCODING" in request:
        return False
    length = request.get("CONTENT_LENGTH", "0")
    return length.isdecimal() and int(length) <= SHORT_BODY


def _read_ahead(request: Request) -> None:
    length = int(request.get("CONTENT_LENGTH", "0"))
    request["wsgi.input"] = io.BytesIO(request["wsgi.input"].read(length))
