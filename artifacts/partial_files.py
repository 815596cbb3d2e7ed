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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from accounts.errors import Invalid, Lost
from artifacts.resumable_digests import ABOUT_STATE, ResumableDigests
from artifacts.storage import PIECE, Content, folder_of, nothing_is_removed, place_of, settle

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


def has(partial: PartialFile, arrived: Mapping[int, int]) -> bool:
    """Whether the disk still has these parts, by number their bytes: a backup, for one, has not.

    A join that was killed may have put them together already, or moved them to their place.
    """
    folder, size_of_last = partial.folder, arrived.get(partial.count, -1)
    in_body = max((number for number in arrived if number < partial.count), default=0)
    has_body = not in_body or _size_of(folder / "body") >= in_body * partial.part_size
    if has_body and _size_of(folder / "last") >= size_of_last:
        return True
    return _has_joined(partial, sum(arrived.values()))


def _has_joined(partial: PartialFile, size: int) -> bool:
    done, digests = _read_digests(partial)
    paths = (partial.folder / "body", place_of(digests.hex()[1]))
    return done == partial.count and any(_size_of(path) == size for path in paths)


def _size_of(path: Path) -> int:
    """-1 of what is not there: a part may be empty."""
    return path.stat().st_size if path.exists() else -1


def hash_on(partial: PartialFile, ready: int) -> None:
    """Hashes a few of the first `ready` parts, unless somebody else is at it."""
    with _locked(partial.folder / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as is_ours:
        if is_ours:
            done, digests = _read_digests(partial)
            _hash(partial, digests, done, min(ready, done + MOST_PARTS_AT_ONCE))


@contextmanager
def joined(partial: PartialFile, size: int, md5: str) -> Iterator[Content]:
    """Makes one stored file, of `size` bytes, of all parts. Safe to repeat until `forget`.

    Nothing is removed from when it is in its place until the block is over, which gives it its row.
    Invalid when the whole has another MD5 than announced, Lost when bytes of it are gone.
    """
    with _locked(partial.folder / "lock", fcntl.LOCK_EX):
        done, digests = _read_digests(partial)
        digests = _hash(partial, digests, done, partial.count)
        found, sha256 = digests.hex()
        if found != md5:
            raise Invalid("upload_digest", "The parts together have another MD5 than announced.")
        _put_together(partial)
        with nothing_is_removed():
            _settle(partial, place_of(sha256), size)
            yield Content(sha256, found, size)


def forget(upload_id: str) -> None:
    """Nothing happens when nothing is there."""
    shutil.rmtree(folder_of("parts") / upload_id, ignore_errors=True)


def _put_together(partial: PartialFile) -> None:
    """The last part goes behind the others. Killed before it is there whole, `last` is left."""
    last = partial.folder / "last"
    if last.exists():
        _append(last, partial.folder / "body", (partial.count - 1) * partial.part_size)
        last.unlink()


def _settle(partial: PartialFile, place: Path, size: int) -> None:
    """Killed after that, the next call finds the bytes in their place, unless nobody came for so
    long that they were cleaned away.
    """
    body = partial.folder / "body"
    if _size_of(body) == size:
        settle(body, place)
    if _size_of(place) != size:
        raise lost()


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
            raise lost()
        with path.open("rb") as source:
            source.seek(start)
            left = partial.part_size if number < partial.count else path.stat().st_size
            while left and (piece := source.read(min(PIECE, left))):
                left -= len(piece)
                digests.update(piece)
            if left:
                raise lost()
        _write_digests(partial, number, digests)
    return digests


def lost() -> Lost:
    return Lost("parts_lost", "This server has lost parts of this file. Send it again.")


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
