"""Ten thousand malformed requests: no 5xx, no traceback, nothing told of the inside."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.wandb_api.asking import Asker
from tests.wandb_api.nonsense import Nonsense, requests

SHARES, OF_EACH = 10, 1000
# What an answer would show if an exception reached it.
INSIDE = (b"Traceback", b"django.", b"sqlite3", b"psycopg", b"OperationalError", b"line ")


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


@pytest.mark.parametrize("seed", range(SHARES))
def test_no_request_finds_a_fault(member, version, protected_version, caplog, seed):
    keys = Asker().headers(member)
    client = Client(raise_request_exception=False)
    wrong = []
    for asked in requests(seed, OF_EACH):
        caplog.clear()
        answer = answer_of(client, asked, keys)
        content = content_of(answer)
        faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
        if answer.status_code >= 500 or faults or any(word in content for word in INSIDE):
            wrong.append((answer.status_code, asked.method, asked.path, asked.body[:300], faults))
    assert not wrong, (len(wrong), wrong[:3])
