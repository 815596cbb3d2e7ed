from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from artifacts.resumable_digests import ResumableDigests


def known(content: bytes) -> tuple[str, str]:
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return md5, hashlib.sha256(content).hexdigest()


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_put_aside_after_each_piece_they_are_those_of_the_whole(pieces):
    digests = ResumableDigests()
    for piece in pieces:
        digests.update(piece)
        digests = ResumableDigests(digests.state)
    assert digests.hex() == known(b"".join(pieces))


def test_looking_at_them_does_not_end_them():
    digests = ResumableDigests()
    digests.update(b"ze")
    assert digests.hex() == digests.hex() == known(b"ze")
    digests.update(b"bra")
    assert digests.hex() == known(b"zebra")
