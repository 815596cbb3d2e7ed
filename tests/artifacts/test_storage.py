from __future__ import annotations

import hashlib
import io
import resource
from pathlib import Path
from typing import BinaryIO

import pytest

from accounts.errors import Full, Invalid, Lost, Unavailable
from artifacts import storage
from artifacts.models import StoredFile


@pytest.fixture
def folder(settings, tmp_path):
    settings.WAYMARK_DATA = tmp_path
    return tmp_path / "files"


def write(stream: BinaryIO, size: int | None = None, md5: str | None = None) -> storage.Content:
    with storage.written(stream, size, md5) as content:
        return content


def kept(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.glob("*/**/*") if path.is_file())


def test_bytes_stand_under_their_sha256_alone(folder):
    content = write(io.BytesIO(b"zebra"))
    sha256 = hashlib.sha256(b"zebra").hexdigest()
    assert kept(folder) == [Path("sha256", sha256[:2], sha256)]
    assert content == storage.Content(
        sha256, hashlib.md5(b"zebra", usedforsecurity=False).hexdigest(), 5
    )


def test_the_same_bytes_are_kept_once(folder):
    first, second = (write(io.BytesIO(b"zebra")) for _ in range(2))
    assert first == second
    assert len(kept(folder)) == 1


def test_what_was_written_is_read_back_whole(folder):
    big = bytes(range(256)) * 5000
    content = write(io.BytesIO(big))
    with storage.open_file(StoredFile(sha256=content.sha256, size=content.size)) as stream:
        assert stream.read() == big


def test_a_file_may_be_empty(folder):
    content = write(io.BytesIO())
    assert content.size == 0
    with storage.open_file(StoredFile(sha256=content.sha256, size=0)) as stream:
        assert stream.read() == b""


def test_bytes_the_disk_has_lost_are_told_as_lost(folder):
    with pytest.raises(Lost):
        storage.open_file(StoredFile(sha256="0" * 64, size=1))


def test_a_file_that_lost_a_part_is_lost(folder):
    content = write(io.BytesIO(b"zebra"))
    with pytest.raises(Lost):
        storage.open_file(StoredFile(sha256=content.sha256, size=content.size + 1))


def test_a_stream_that_breaks_off_leaves_nothing(folder):
    class Breaking(io.BytesIO):
        def read(self, size=-1):
            piece = super().read(3)
            if not piece:
                raise ConnectionResetError
            return piece

    with pytest.raises(ConnectionResetError):
        write(Breaking(b"zebra"))
    assert kept(folder) == []


@pytest.mark.parametrize(
    "promise",
    [{"size": 4}, {"size": 6}, {"size": 0}, {"md5": "0" * 32}, {"size": 5, "md5": "0" * 32}],
)
def test_bytes_other_than_promised_are_refused_and_not_kept(folder, promise):
    with pytest.raises(Invalid):
        write(io.BytesIO(b"zebra"), **promise)
    assert kept(folder) == []


def test_no_more_is_read_than_was_promised_and_one_byte(folder):
    endless = io.BytesIO(b"z" * 10_000_000)
    with pytest.raises(Invalid):
        write(endless, size=1000)
    assert endless.tell() == 1001


def test_bytes_as_promised_are_kept(folder):
    md5 = hashlib.md5(b"zebra", usedforsecurity=False).hexdigest()
    assert write(io.BytesIO(b"zebra"), 5, md5).size == 5


@pytest.mark.parametrize("place", ["", "incoming", "sha256"])
def test_files_that_cannot_be_kept_are_refused_with_a_sentence(folder, place):
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_bytes(b"")
    with pytest.raises(Unavailable, match="cannot use its files for now"):
        write(io.BytesIO(b"zebra"))


def test_a_file_whose_folder_cannot_be_read_is_refused_with_a_sentence(folder):
    content = write(io.BytesIO(b"zebra"))
    place = storage.place_of(content.sha256)
    place.unlink()
    place.parent.rmdir()
    place.parent.write_bytes(b"")
    with pytest.raises(Unavailable, match="cannot use its files for now"):
        storage.open_file(StoredFile(sha256=content.sha256, size=content.size))


def test_a_file_larger_than_the_disk_takes_is_refused_with_a_sentence(folder):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
    try:
        with pytest.raises(Full, match="takes no file as large"):
            write(io.BytesIO(bytes(2**20 + 1)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert kept(folder) == []
