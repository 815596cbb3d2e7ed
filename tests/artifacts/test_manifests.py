"""Manifests from outside: what cannot be read or counted is refused with a sentence."""

from __future__ import annotations

import io
import json

import pytest

from accounts.errors import Invalid
from artifacts.manifests import LARGEST_SIZE, parse

REFERENCE = {"digest": "d", "ref": "http://example.com/"}


def of_sizes(*sizes: int) -> bytes:
    entries = {str(number): REFERENCE | {"size": size} for number, size in enumerate(sizes)}
    return json.dumps({"version": 1, "contents": entries}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"contents": []}',
        b'{"contents": {"x": 1}}',
        b'{"contents": ' + b"[" * 100_000,
        b'{"contents": {"x": {"digest": "d", "extra": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}}}",
        of_sizes(0).replace(b'"size": 0', b'"size": 1e999'),
        of_sizes(0).replace(b'"size": 0', b'"size": NaN'),
        of_sizes(-1),
        of_sizes(10**30),
        of_sizes(LARGEST_SIZE + 1),
        of_sizes(LARGEST_SIZE, 1),
    ],
    ids=lambda body: body[:60].decode("latin1"),
)
def test_what_is_no_manifest_is_refused(body):
    with pytest.raises(Invalid) as refusal:
        parse(io.BytesIO(body))
    assert refusal.value.sentence.endswith(".")


def test_the_largest_size_that_can_be_counted_is_taken():
    entries = parse(io.BytesIO(of_sizes(LARGEST_SIZE - 1, 1)))
    assert sum(entry.size for entry in entries.values()) == LARGEST_SIZE
