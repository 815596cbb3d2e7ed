"""Malformed requests: no 5xx, no traceback, nothing told of the inside, none that takes long.

A few hundred of them in `make test`, ten thousand in `make thorough`.
"""

from __future__ import annotations

import logging
from time import process_time

import pytest
from django.test import Client

from tests.counts import few_and_all
from tests.wandb_api.asking import Asker
from tests.wandb_api.nonsense import Nonsense, requests

# What an answer would show if an exception reached it.
INSIDE = (b"Traceback", b"django.", b"sqlite3", b"psycopg", b"OperationalError", b"line ")
# Seconds of this process, so that what else the machine does is not counted.
LONGEST = 2.0


def answer_of(client: Client, asked: Nonsense, keys: dict[str, str]):
    return client.generic(
        asked.method,
        asked.path,
        asked.body,
        content_type="application/json",
        headers=keys | asked.headers,
    )


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("count", few_and_all(300, 10_000))
def test_no_request_finds_a_fault(member, version, protected_version, caplog, count):
    keys = Asker().headers(member)
    client = Client(raise_request_exception=False)
    wrong = []
    for asked in requests(count, count):
        caplog.clear()
        begun = process_time()
        answer = answer_of(client, asked, keys)
        content = content_of(answer)
        too_long = process_time() - begun > LONGEST
        faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
        told = any(word in content for word in INSIDE)
        if answer.status_code >= 500 or faults or told or too_long:
            wrong.append((answer.status_code, asked.method, asked.path, asked.body[:300], faults))
    assert not wrong, (len(wrong), wrong[:3])
