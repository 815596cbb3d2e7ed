"""Where bytes go: one file for each content, named by its SHA-256, on local disk.

A user's file name never touches the file system. A file appears whole or not at all: it is
written beside its place, flushed to the disk and renamed, and so is the folder's entry.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

import structlog
from django.conf import settings

from accounts.errors import Full, Invalid, Lost, RegistryError, Unavailable

if TYPE_CHECKING:
    from artifacts.models import StoredFile

log = structlog.get_logger(__name__)
# Larger ones get fresh memory from the system each time, which costs more than their hashes.
PIECE = 32 * 1024
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# Of folders that are somebody else's, read-only or no folders.
SHUT = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
RESERVE = 256 * 1024 * 1024


@dataclass(frozen=True)
class Content:
    """What was written: hex digests and bytes."""

    sha256: str
    md5: str
    size: int


@contextmanager
def written(stream: BinaryIO, size: int | None = None, md5: str | None = None) -> Iterator[Content]:
    """Keeps everything `stream` gives. Safe to repeat: the same bytes take the same place.

    Nothing is removed from when they are there until the block is over, which gives them their
    row; while they come, which may be for hours, nobody waits.

    Invalid, and nothing kept, when `size` or hex `md5` were promised and differ. A client that
    drops its connection looks like a normal end of the stream, so the promise is what tells.
    Full, and nothing kept, when the disk has no room.
    """
    with ExitStack() as until_they_have_their_row:
        with room_for(size or 0):
            incoming, content = _receive(stream, size, md5)
            until_they_have_their_row.enter_context(nothing_is_removed())
            settle(incoming, place_of(content.sha256))
        yield content


def _receive(stream: BinaryIO, size: int | None, md5: str | None) -> tuple[Path, Content]:
    folder = folder_of("incoming")
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as incoming:
        try:
            content = _copy(stream, incoming, size)
            _refuse_other(content, size, md5)
            incoming.flush()
            os.fsync(incoming.fileno())
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise
    return Path(incoming.name), content


def settle(incoming: Path, place: Path) -> None:
    """Whole bytes go to their place. Lost when they took so long that they were cleaned away."""
    try:
        with _refused_when_shut():
            make_folder_of(place)
            incoming.replace(place)
    except FileNotFoundError as error:
        raise Lost("upload_lost", "This file took too long to arrive. Send it again.") from error
    flush_folder(place.parent)


@contextmanager
def nothing_is_removed() -> Iterator[None]:
    """While bytes that came get their row, `removing()` waits."""
    with _flocked(fcntl.LOCK_SH):
        yield


@contextmanager
def removing() -> Iterator[None]:
    """While bytes and their row go, nobody brings bytes."""
    with _flocked(fcntl.LOCK_EX):
        yield


@contextmanager
def _flocked(how: int) -> Iterator[None]:
    lock = folder_of("incoming").parent / "lock"
    with _refused_when_shut():
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """For writing so many bytes. Full when the disk has not enough, before or in between, or takes
    no file as large; Unavailable when it takes none.

    A reserve is left, so that the database can go on and people can delete.
    """
    free = shutil.disk_usage(folder_of("incoming")).free
    if free - size < RESERVE:
        raise _full(size, free)
    try:
        with _refused_when_shut():
            yield
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise _too_large(size) from error
        if error.errno not in NO_ROOM:
            raise
        raise _full(size, free) from error


@contextmanager
def _refused_when_shut() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(fault: BaseException | None) -> RegistryError | None:
    """Where the folder of files cannot be used, which its operator can mend. None of whatever is
    something else."""
    if not isinstance(fault, OSError) or fault.errno not in SHUT or fault.filename is None:
        return None
    path = Path(os.fsdecode(fault.filename))
    if not path.is_relative_to(Path(settings.WAYMARK_DATA) / "files"):
        return None
    log.error("files_unusable", path=str(path), error=fault.strerror)
    return Unavailable(
        "files_unusable",
        "This server cannot use its files for now. Nothing was kept. Its operator can mend that; "
        "the log names the place.",
    )


def _too_large(size: int) -> Full:
    log.error("file_too_large_for_disk", wanted=size)
    return Full(
        "file_too_large", "The disk of this server takes no file as large. Nothing was kept."
    )


def _full(size: int, free: int) -> Full:
    log.error("disk_full", wanted=size, free=free)
    return Full("disk_full", "The disk of this server is full. Nothing was kept.")


def open_file(stored_file: StoredFile) -> BinaryIO:
    """The bytes, for reading. Lost when the disk has not all of them any more, Unavailable
    when it does not give them."""
    try:
        with _refused_when_shut():
            opened = place_of(stored_file.sha256).open("rb")
    except FileNotFoundError as error:
        raise _lost(stored_file) from error
    if os.fstat(opened.fileno()).st_size != stored_file.size:
        opened.close()
        raise _lost(stored_file)
    return opened


def _lost(stored_file: StoredFile) -> Lost:
    log.error("bytes_lost", sha256=stored_file.sha256, size=stored_file.size)
    return Lost(
        "bytes_lost",
        "This server has lost the bytes of this file. Its operator can bring them back "
        "from a backup; the log names the file.",
    )


def _refuse_other(content: Content, size: int | None, md5: str | None) -> None:
    if size is not None and content.size != size:
        raise Invalid("upload_size", f"{content.size} bytes arrived, {size} were announced.")
    if md5 is not None and content.md5 != md5:
        raise Invalid("upload_digest", "The bytes that arrived have another MD5 than announced.")


def _copy(source: BinaryIO, target: IO[bytes], most: int | None) -> Content:
    sha256 = hashlib.sha256()
    md5 = hashlib.md5(usedforsecurity=False)
    size = 0
    while piece := source.read(PIECE if most is None else min(PIECE, most + 1 - size)):
        sha256.update(piece)
        md5.update(piece)
        size += len(piece)
        target.write(piece)
    return Content(sha256.hexdigest(), md5.hexdigest(), size)


def place_of(sha256: str) -> Path:
    return folder_of("sha256") / sha256[:2] / sha256


def make_folder_of(place: Path) -> None:
    """Its entry in the folder above outlives a power cut as the file's own in it does."""
    if not place.parent.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        flush_folder(place.parent.parent)


def folder_of(name: str) -> Path:
    folder = Path(settings.WAYMARK_DATA) / "files" / name
    with _refused_when_shut():
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def flush_folder(folder: Path) -> None:
    """Without this a power cut may forget the rename."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
