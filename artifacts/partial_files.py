"""Large files that arrive in parts: written where they belong, hashed in order as they come.

A folder for each upload. `body` holds every part but the last, each at its place; `last` the last
one, whose place is known only when the size of the others is. `digests` tells how many parts are
hashed, so that joining reads nothing again, and a killed process costs one part's hashing at most.
Locks on files of their own keep two writers of one part apart, and two that hash.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from accounts.errors import Invalid, Lost
from artifacts.resumable_digests import ABOUT_STATE, ResumableDigests
from artifacts.storage import PIECE, Content, flush_folder, folder_of, make_folder_of, place_of

# What one request hashes beyond its own part, so that none of them waits for long.
MOST_PARTS_AT_ONCE = 8
COUNT = 8


@dataclass(frozen=True)
class PartialFile:
    """`part_size`, in bytes, is that of all parts but the last; 0 while only the last is there."""

    upload_id: str
    count: int
    part_size: int

    @property
    def folder(self) -> Path:
        folder = folder_of("parts") / self.upload_id
        folder.mkdir(exist_ok=True)
        return folder

    def place_of(self, number: int) -> tuple[Path, int]:
        """The file a part is in, and where it begins there."""
        if number == self.count:
            return self.folder / "last", 0
        return self.folder / "body", (number - 1) * self.part_size


@contextmanager
def alone(partial: PartialFile, number: int) -> Iterator[None]:
    """Of two requests that bring the same part the second waits for the first."""
    with _locked(partial.folder / f"lock-{number}", fcntl.LOCK_EX):
        yield


def write_part(partial: PartialFile, number: int, stream: BinaryIO, *, size: int, md5: str) -> None:
    """On the disk when this returns. Invalid when size or hex MD5 are not what was announced."""
    path, start = partial.place_of(number)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as target:
        target.seek(start)
        _copy(stream, target, size, md5)
        target.flush()
        os.fdatasync(target.fileno())


def compare_part(stream: BinaryIO, *, size: int, md5: str) -> None:
    """The same part once more: read to its end, and not written over what is there."""
    _copy(stream, None, size, md5)


def hash_on(partial: PartialFile, ready: int) -> None:
    """Hashes a few of the first `ready` parts, unless somebody else is at it."""
    with _locked(partial.folder / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as is_ours:
        if is_ours:
            done, digests = _read_digests(partial)
            _hash(partial, digests, done, min(ready, done + MOST_PARTS_AT_ONCE))


def join(partial: PartialFile, md5: str) -> Content:
    """Makes one stored file of all parts. Safe to repeat until `forget`.

    Invalid, and everything forgotten, when the whole has another MD5 than announced.
    """
    with _locked(partial.folder / "lock", fcntl.LOCK_EX):
        done, digests = _read_digests(partial)
        digests = _hash(partial, digests, done, partial.count)
        found, sha256 = digests.hex()
        if found != md5:
            shutil.rmtree(partial.folder)
            raise Invalid("upload_digest", "The parts together have another MD5 than announced.")
        place = place_of(sha256)
        _put_together(partial, place)
        return Content(sha256, found, place.stat().st_size)


def forget(upload_id: str) -> None:
    """Nothing happens when nothing is there."""
    shutil.rmtree(folder_of("parts") / upload_id, ignore_errors=True)


def _put_together(partial: PartialFile, place: Path) -> None:
    """The last part goes behind the others, and all to its place.

    Killed anywhere in between, the next call goes on: `last` is there until it is appended whole,
    `body` until it is in its place.
    """
    body, last = partial.folder / "body", partial.folder / "last"
    if last.exists():
        _append(last, body, (partial.count - 1) * partial.part_size)
        last.unlink()
    if body.exists():
        make_folder_of(place)
        body.replace(place)
        flush_folder(place.parent)


def _append(last: Path, body: Path, start: int) -> None:
    with os.fdopen(os.open(body, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as whole:
        whole.truncate(start)
        whole.seek(start)
        with last.open("rb") as source:
            shutil.copyfileobj(source, whole, PIECE)
        whole.flush()
        os.fsync(whole.fileno())


def _copy(source: BinaryIO, target: BinaryIO | None, size: int, md5: str) -> None:
    hasher = hashlib.md5(usedforsecurity=False)
    left = size
    while left and (piece := source.read(min(PIECE, left))):
        left -= len(piece)
        hasher.update(piece)
        if target is not None:
            target.write(piece)
    if left:
        raise Invalid("upload_size", f"{size - left} bytes arrived, {size} were announced.")
    if hasher.hexdigest() != md5:
        raise Invalid("upload_digest", "The bytes that arrived have another MD5 than announced.")


def _hash(
    partial: PartialFile, digests: ResumableDigests, done: int, until: int
) -> ResumableDigests:
    """From part `done` + 1 to part `until`, remembering after each how far it is."""
    for number in range(done + 1, until + 1):
        path, start = partial.place_of(number)
        if not path.exists():
            raise Lost("parts_lost", "This server has lost parts of this file. Send it again.")
        with path.open("rb") as source:
            source.seek(start)
            left = partial.part_size if number < partial.count else path.stat().st_size
            while left and (piece := source.read(min(PIECE, left))):
                left -= len(piece)
                digests.update(piece)
        _write_digests(partial, number, digests)
    return digests


def _read_digests(partial: PartialFile) -> tuple[int, ResumableDigests]:
    path = partial.folder / "digests"
    raw = path.read_bytes() if path.exists() else b""
    if len(raw) != COUNT + ABOUT_STATE:
        return 0, ResumableDigests()
    return int.from_bytes(raw[:COUNT], "big"), ResumableDigests(raw[COUNT:])


def _write_digests(partial: PartialFile, done: int, digests: ResumableDigests) -> None:
    """Whole or not at all."""
    beside = partial.folder / "digests-next"
    beside.write_bytes(done.to_bytes(COUNT, "big") + digests.state)
    beside.replace(partial.folder / "digests")


@contextmanager
def _locked(path: Path, how: int) -> Iterator[bool]:
    """Whether the lock is ours; without LOCK_NB it always is, in the end."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
