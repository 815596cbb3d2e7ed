"""What is said of an answer that is none."""

from __future__ import annotations

import pytest

from automations.masking import Mask
from automations.outbound.client import send
from automations.outbound.requests import Request
from automations.outbound.urls import target_of

HEAD = b"HTTP/1.1 200 OK\r\n"
NO_HTTP = "The answer cannot be read as HTTP: {}."
CUT_OFF = "The connection ended before the whole answer had come."


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", CUT_OFF),
        (b"hello\n", CUT_OFF),
        (HEAD + b"Content-Length: 100\r\n\r\nshort", CUT_OFF),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", CUT_OFF),
        (b"\x00\xff garbage\r\n\r\n", NO_HTTP.format("illegal status line")),
        (b"HTTP/3 200 OK\r\n\r\n", NO_HTTP.format("illegal status line")),
        (HEAD + b"X A: 1\r\n\r\n", NO_HTTP.format("illegal header line")),
        (HEAD + b"Content-Length: -1\r\n\r\n", NO_HTTP.format("bad Content-Length")),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
            NO_HTTP.format("illegal chunk header"),
        ),
    ],
)
def test_an_answer_that_cannot_be_read_is_told_in_words(receiver, raw, error):
    def answer(handler, _):
        handler.wfile.write(raw)
        handler.close_connection = True

    receiver.answer = answer
    request = Request(target_of(receiver.url), {}, b"{}", Mask([]), receiver.url, Mask([]))
    assert send(request).error == error
