"""Files that browsers send: each grows in one place, and goes on there after a lost connection.

The server sees a lost connection as a normal end of what it reads, so what has come is kept and the
browser asks how far it got. A lock keeps a connection that is not known to be lost yet apart from
the one that goes on.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from accounts.errors import Conflict
from artifacts.storage import (
    PIECE,
    Content,
    folder_of,
    nothing_is_removed,
    place_of,
    room_for,
    settle,
)

PREFIX = "expected-"


def grown_to(key: int) -> int:
    """Bytes that have come so far."""
    path = _path(key)
    return path.stat().st_size if path.exists() else 0


def all_sizes() -> dict[int, int]:
    """Bytes that have come so far of every file that is not whole, by key."""
    found = {}
    for path in folder_of("incoming").glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # Whole by now, or let go.
            found[int(path.name.removeprefix(PREFIX))] = path.stat().st_size
    return found


@contextmanager
def appended(key: int, stream: BinaryIO, *, offset: int, size: int) -> Iterator[Content | None]:
    """Adds what `stream` gives from `offset` on; the whole file once `size` bytes are there.

    Nothing is removed from when it is whole until the block is over, which gives it its row.
    Conflict while another connection writes, or when `offset` is not how far it got.
    """
    with _alone(key) as target:
        if target.seek(0, os.SEEK_END) != offset:
            raise Conflict("offset", "The file has arrived up to another place than this.")
        digests = _Digests(target)
        with room_for(size - offset):
            _copy(stream, target, digests, size - offset)
            target.flush()
        if target.tell() < size:
            yield None
            return
        os.fsync(target.fileno())
        content = digests.content(size)
        with nothing_is_removed():
            settle(_path(key), place_of(content.sha256))
            yield content


def forget_all(keys: Iterable[int]) -> None:
    """Nothing happens where nothing is there."""
    for key in keys:
        _path(key).unlink(missing_ok=True)


class _Digests:
    """Over what is there already, then over what comes."""

    def __init__(self, before: BinaryIO) -> None:
        self.sha256 = hashlib.sha256()
        self.md5 = hashlib.md5(usedforsecurity=False)
        before.seek(0)
        while piece := before.read(PIECE):
            self.update(piece)

    def update(self, piece: bytes) -> None:
        self.sha256.update(piece)
        self.md5.update(piece)

    def content(self, size: int) -> Content:
        return Content(self.sha256.hexdigest(), self.md5.hexdigest(), size)


def _copy(stream: BinaryIO, target: BinaryIO, digests: _Digests, left: int) -> None:
    while left and (piece := stream.read(min(PIECE, left))):
        left -= len(piece)
        digests.update(piece)
        target.write(piece)


@contextmanager
def _alone(key: int) -> Iterator[BinaryIO]:
    descriptor = os.open(_path(key), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("still_arriving", "Another connection is sending this file.") from error
        yield target


def _path(key: int) -> Path:
    return folder_of("incoming") / f"{PREFIX}{key}"
