"""Requests fetched by many threads, as those of the HTTP server fetch them."""

from __future__ import annotations

import queue
import threading
from http import HTTPStatus

from artifacts.pages_first import PAGES_FIRST
from registry_site.dispatcher import (
    QUESTIONS,
    SHORT_BODY,
    Dispatcher,
    Request,
    Way,
    let_another_answer,
)
from registry_site.processors import OwnProcessor
from registry_site.server import THREADS_IN_EACH

NEVER = 3600.0
SOON = 0.001
SECONDS_TO_BE_ANSWERED = 30


class Asked:
    """A request and the way of its answer. Its body is over when its thread listens again."""

    def __init__(
        self, content: bytes, length: int, path: str, *, hangs: bool, waits_for_disk: bool
    ) -> None:
        self.request: Request = {
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(length),
            "wsgi.input": self,
        }
        self.is_over = False
        self.waits_for_disk = waits_for_disk
        self._content = content
        self._was_read, self._is_under_way, self._may_end = (threading.Event() for _ in range(3))
        self._answers: queue.Queue[tuple[int, bytes]] = queue.Queue()
        if not hangs:
            self.let_go()

    def read(self, size: int) -> bytes:
        self._was_read.set()
        return b"" if self.is_over else self._content[:size]

    def hang(self) -> None:
        self._is_under_way.set()
        while self.waits_for_disk and not self._may_end.wait(SOON):
            let_another_answer()
        assert self._may_end.wait(SECONDS_TO_BE_ANSWERED)

    def let_go(self) -> None:
        self._may_end.set()

    def is_under_way(self, seconds: float = SECONDS_TO_BE_ANSWERED) -> bool:
        return self._is_under_way.wait(seconds)

    def was_read(self) -> bool:
        return self._was_read.wait(SECONDS_TO_BE_ANSWERED)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._answers.put((status, body))

    def status_and_body(self) -> tuple[int, bytes]:
        return self._answers.get(timeout=SECONDS_TO_BE_ANSWERED)

    def is_answered(self) -> bool:
        """With the body that was sent."""
        return self.status_and_body() == (HTTPStatus.OK, self._content)


class Server:
    """Answers with what was sent, when it need not hang."""

    def __init__(
        self, *, threads: int = THREADS_IN_EACH, seconds_between_looks: float = NEVER
    ) -> None:
        self.most_at_once = self._at_once = 0
        self._dispatcher = Dispatcher(
            self._answer, OwnProcessor(0, 1), seconds_between_looks=seconds_between_looks
        )
        self._arrived: queue.Queue[Asked] = queue.Queue()
        for _ in range(threads):
            threading.Thread(target=self._listen, daemon=True).start()

    def ask(
        self,
        content: bytes,
        *,
        hangs: bool = False,
        length: int | None = None,
        path: str = QUESTIONS,
        waits_for_disk: bool = False,
    ) -> Asked:
        size = len(content) if length is None else length
        asked = Asked(content, size, path, hangs=hangs, waits_for_disk=waits_for_disk)
        self._arrived.put(asked)
        return asked

    def looks_until_answered(self, asked: Asked) -> bool:
        for _ in range(SECONDS_TO_BE_ANSWERED * 100):
            self._dispatcher.look()
            if asked.is_under_way(seconds=0.01):
                break
        return asked.is_answered()

    def _listen(self) -> None:
        while True:
            asked = self._arrived.get()
            self._dispatcher(asked, asked.request)
            asked.is_over = True

    def _answer(self, asked: Way, request: Request) -> None:
        assert isinstance(asked, Asked)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        asked.hang()
        body = request["wsgi.input"].read(SHORT_BODY)
        if body == b"fail":
            raise RuntimeError("No answer.")
        self._at_once -= 1
        asked.response_bytes(HTTPStatus.OK, [], body)


def test_each_request_is_answered_and_never_two_at_the_same_time():
    server = Server()
    asked = [server.ask(b"%d" % number) for number in range(2000)]
    assert all(one.is_answered() for one in asked)
    assert server.most_at_once == 1


def test_requests_that_hang_leave_the_others_answered_as_long_as_there_is_a_thread():
    server = Server(seconds_between_looks=SOON)
    hanging = []
    for _ in range(THREADS_IN_EACH - 1):
        hanging.append(server.ask(b"hangs", hangs=True))
        assert hanging[-1].is_under_way()
        assert server.ask(b"quick").is_answered()
    for one in hanging:
        one.let_go()
        assert one.is_answered()


def test_while_one_waits_for_the_disk_the_next_one_is_answered():
    server = Server()
    before = server.ask(b"before", hangs=True)
    assert before.is_under_way()
    waiting = server.ask(b"waits", hangs=True, waits_for_disk=True)
    assert waiting.was_read()
    following = server.ask(b"follows")
    assert following.was_read()
    before.let_go()
    assert following.is_answered()
    waiting.let_go()
    assert waiting.is_answered()
    assert server.ask(b"after").is_answered()


def one_listens_and_one_stands_by() -> Server:
    server = Server(threads=2)
    before = server.ask(b"before", hangs=True)
    assert before.is_under_way()
    beside = server.ask(b"beside")
    assert beside.was_read()
    before.let_go()
    assert before.is_answered()
    assert beside.is_answered()
    return server


def test_while_the_only_one_that_listens_waits_for_the_disk_another_one_does():
    server = one_listens_and_one_stands_by()
    for _ in range(3):
        waiting = server.ask(b"waits", hangs=True, waits_for_disk=True)
        assert waiting.is_under_way()
        assert server.ask(b"follows").is_answered()
        waiting.let_go()
        assert waiting.is_answered()


def test_all_threads_answer_when_all_requests_are_slow():
    server = Server(seconds_between_looks=SOON)
    slow = [server.ask(b"slow", hangs=True) for _ in range(THREADS_IN_EACH)]
    assert all(one.is_under_way() for one in slow)
    more = server.ask(b"more")
    for one in slow:
        one.let_go()
    assert all(one.is_answered() for one in [*slow, more])


def test_what_was_sent_is_there_when_the_thread_that_fetched_it_has_gone():
    server = Server(threads=2)
    before = server.ask(b"before", hangs=True)
    assert before.is_under_way()
    slow = server.ask(b"slow", hangs=True)
    assert slow.was_read()
    before.let_go()
    assert slow.is_under_way()
    assert server.looks_until_answered(server.ask(b"quick"))
    slow.let_go()
    assert slow.is_answered()


def test_a_long_body_is_taken_by_a_thread_that_nobody_waits_for():
    server = Server()
    long = [
        server.ask(b"long", hangs=True, length=SHORT_BODY + 1) for _ in range(THREADS_IN_EACH - 1)
    ]
    assert all(one.is_under_way() for one in long)
    assert server.ask(b"quick").is_answered()
    for one in long:
        one.let_go()
        assert one.is_answered()


def test_pages_and_files_wait_for_nobody():
    server = Server()
    files = [server.ask(b"file", hangs=True, path="/storage/x") for _ in range(THREADS_IN_EACH - 2)]
    question = server.ask(b"question", hangs=True)
    assert all(one.is_under_way() for one in [*files, question])
    assert server.ask(b"page", path="/orgs/smle-reg/").is_answered()
    for one in [*files, question]:
        one.let_go()
        assert one.is_answered()


def test_transfers_make_way_for_pages_and_not_for_each_other():
    server = Server()
    for path, makes_way in (("/storage/x", False), ("/orgs/smle-reg/", True)):
        asked = server.ask(b"answer", hangs=True, path=path)
        assert asked.is_under_way()
        assert PAGES_FIRST.is_under_way == makes_way
        asked.let_go()
        assert asked.is_answered()


def test_while_a_long_body_arrives_a_thread_that_stood_by_listens():
    server = one_listens_and_one_stands_by()
    long = server.ask(b"long", hangs=True, length=SHORT_BODY + 1)
    assert long.is_under_way()
    assert server.ask(b"quick").is_answered()
    long.let_go()
    assert long.is_answered()


def test_a_request_that_fails_is_told_so_and_the_next_one_is_answered(caplog):
    server = Server()
    failing, following = server.ask(b"fail"), server.ask(b"follows")
    assert failing.status_and_body() == (HTTPStatus.INTERNAL_SERVER_ERROR, b"")
    assert following.is_answered()
    assert "A request was not answered." in caplog.text
