from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from threading import Thread

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Full, Invalid, Lost, NotFound
from artifacts import partial_files, storage
from artifacts.models import ArrivedFile, ArrivedPart, Artifact, MultipartUpload, StoredFile
from artifacts.operations import multipart
from artifacts.operations.multipart import abandon_parts, expect_parts, join_parts, receive_part
from artifacts.operations.storage_use import set_quota
from artifacts.storage import open_file, place_of
from registries.operations.drafts import announce_version
from tests.personas import caller_of
from tests.refusals import nothing_changes

PARTS = [b"0123456789" * 100, b"abcdefghij" * 100, b"the end"]
WHOLE = b"".join(PARTS)


def md5_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


MD5S = {number: md5_of(part) for number, part in enumerate(PARTS, 1)}


@pytest.fixture
def by(member):
    return caller_of(member)


@pytest.fixture
def pending(by, project) -> Artifact:
    return announce_version(by, project, "announced", "dataset", "d", tags=[])


@pytest.fixture
def upload(by, pending) -> MultipartUpload:
    return expect_parts(by, pending, md5_of(WHOLE), MD5S)


def send(upload: MultipartUpload, number: int, content: bytes | None = None) -> str:
    content = PARTS[number - 1] if content is None else content
    fresh = MultipartUpload.objects.select_related("artifact").get(pk=upload.pk)
    return receive_part(fresh, number, io.BytesIO(content), size=len(content))


def left_behind(upload: MultipartUpload) -> list[Path]:
    return list(partial_files.folder_of("parts").glob(f"{upload.upload_id}/*"))


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (1, 1, 3, 2, 3)])
def test_parts_become_one_file_in_whatever_order_they_come(by, pending, upload, order):
    for number in order:
        assert send(upload, number) == MD5S[number]
    joined = join_parts(by, pending, upload.upload_id, MD5S)
    assert joined.stored_file == StoredFile.objects.get()
    assert joined.stored_file.sha256 == hashlib.sha256(WHOLE).hexdigest()
    with open_file(joined.stored_file) as stream:
        assert stream.read() == WHOLE
    assert ArrivedFile.objects.get().artifact == pending
    assert not left_behind(upload)


def test_parts_together_are_no_more_than_may_be_stored(by, pending, upload, organization):
    set_quota(OPERATOR, organization.entity, most_bytes=2000, most_files=None)
    send(upload, 1)
    send(upload, 2)
    with nothing_changes(), pytest.raises(Full):
        send(upload, 3)
    send(upload, 2)
    twin = expect_parts(by, pending, md5_of(PARTS[0]), {1: md5_of(PARTS[0])})
    with nothing_changes(), pytest.raises(Full):
        send(twin, 1, PARTS[0])
    abandon_parts(by, pending, upload.upload_id)
    send(twin, 1, PARTS[0])


def test_parts_of_a_file_that_is_whole_count_once(by, pending, upload, organization):
    set_quota(OPERATOR, organization.entity, most_bytes=2 * len(WHOLE), most_files=None)
    for number in MD5S:
        send(upload, number)
    join_parts(by, pending, upload.upload_id, MD5S)
    other = expect_parts(by, pending, md5_of(WHOLE[::-1]), {1: md5_of(WHOLE[::-1])})
    send(other, 1, WHOLE[::-1])


def test_one_part_alone_is_a_file_too(by, pending):
    upload = expect_parts(by, pending, md5_of(b"all"), {1: md5_of(b"all")})
    send(upload, 1, b"all")
    joined = join_parts(by, pending, upload.upload_id, {1: f'"{md5_of(b"all").upper()}"'})
    assert joined.stored_file.size == 3


def test_parts_that_come_at_once_are_kept_once_each(transactional_db, by, pending, upload):
    threads = [Thread(target=send_apart, args=(upload, number)) for number in (1, 2, 3) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ArrivedPart.objects.count() == 3
    joined = join_parts(by, pending, upload.upload_id, MD5S)
    assert joined.stored_file.md5 == md5_of(WHOLE)


def send_apart(upload: MultipartUpload, number: int) -> None:
    from django.db import connection

    try:
        send(upload, number)
    finally:
        connection.close()


def test_who_begins_with_the_last_part_may_hash_those_that_came_meanwhile(
    by, pending, upload, monkeypatch
):
    begun = MultipartUpload.objects.select_related("artifact").get(pk=upload.pk)
    with monkeypatch.context() as before_hashing:
        before_hashing.setattr(partial_files, "hash_on", lambda *_: None)
        send(upload, 1)
        send(upload, 2)
    receive_part(begun, 3, io.BytesIO(PARTS[2]), size=len(PARTS[2]))
    assert join_parts(by, pending, upload.upload_id, MD5S).stored_file.md5 == md5_of(WHOLE)


def test_what_has_arrived_is_hashed_already_when_the_parts_are_joined(
    by, pending, upload, monkeypatch
):
    for number in (1, 2, 3):
        send(upload, number)

    def read_again(*_):
        raise AssertionError("a part was read again")

    monkeypatch.setattr(partial_files.ResumableDigests, "update", read_again)
    assert join_parts(by, pending, upload.upload_id, MD5S).stored_file.md5 == md5_of(WHOLE)


@pytest.mark.parametrize("content", [b"", PARTS[0][:-1], PARTS[0] + b"x", b"x" * len(PARTS[0])])
def test_a_part_that_is_not_what_was_announced_has_not_arrived(by, pending, upload, content):
    send(upload, 2)
    with pytest.raises(Invalid):
        send(upload, 1, content)
    assert ArrivedPart.objects.get().number == 2
    send(upload, 1)
    send(upload, 3)
    assert join_parts(by, pending, upload.upload_id, MD5S).stored_file.md5 == md5_of(WHOLE)


def test_a_part_that_came_is_not_overwritten_by_a_worse_one(by, pending, upload):
    send(upload, 1)
    with nothing_changes(), pytest.raises(Invalid):
        send(upload, 1, b"x" * len(PARTS[0]))
    send(upload, 2)
    send(upload, 3)
    assert join_parts(by, pending, upload.upload_id, MD5S).stored_file.md5 == md5_of(WHOLE)


def test_a_part_is_missing(by, pending, upload):
    send(upload, 1)
    send(upload, 3)
    with nothing_changes(), pytest.raises(Invalid, match="Not all parts"):
        join_parts(by, pending, upload.upload_id, MD5S)


def test_the_whole_is_not_what_was_announced(by, pending, django_capture_on_commit_callbacks):
    upload = expect_parts(by, pending, md5_of(b"something else"), MD5S)
    for number in MD5S:
        send(upload, number)
    with (
        pytest.raises(Invalid, match="another MD5"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        join_parts(by, pending, upload.upload_id, MD5S)
    assert not StoredFile.objects.exists()
    assert not MultipartUpload.objects.exists()
    assert not left_behind(upload)


def test_joined_twice_is_joined_once(by, pending, upload):
    for number in MD5S:
        send(upload, number)
    first = join_parts(by, pending, upload.upload_id, MD5S)
    with nothing_changes():
        assert join_parts(by, pending, upload.upload_id, MD5S) == first
    with nothing_changes(), pytest.raises(Conflict):
        send(upload, 1)


def test_announced_again_it_goes_on_where_it_was(by, pending, upload):
    send(upload, 1)
    assert expect_parts(by, pending, md5_of(WHOLE), MD5S) == upload
    assert upload.arrived_parts.count() == 1


def test_announced_in_other_parts_it_begins_anew(
    by, pending, upload, django_capture_on_commit_callbacks
):
    send(upload, 1)
    with django_capture_on_commit_callbacks(execute=True):
        other = expect_parts(by, pending, md5_of(WHOLE), {1: md5_of(WHOLE)})
    assert other != upload
    assert not left_behind(upload)
    send(other, 1, WHOLE)
    assert join_parts(by, pending, other.upload_id, {1: md5_of(WHOLE)}).stored_file is not None


def test_given_up_nothing_is_left(by, pending, upload, django_capture_on_commit_callbacks):
    send(upload, 1)
    with django_capture_on_commit_callbacks(execute=True):
        abandon_parts(by, pending, upload.upload_id)
    assert not left_behind(upload)
    with pytest.raises(NotFound):
        join_parts(by, pending, upload.upload_id, MD5S)


@pytest.mark.parametrize(
    "parts", [{}, {0: MD5S[1]}, {1: MD5S[1], 3: MD5S[3]}, {1: "no MD5"}, {1: "../" + MD5S[1]}]
)
def test_parts_that_are_no_parts_are_refused(by, pending, parts):
    with nothing_changes(), pytest.raises(Invalid):
        expect_parts(by, pending, md5_of(WHOLE), parts)


def test_an_upload_of_another_artifact_is_not_there(by, project, pending, upload):
    other = announce_version(by, project, "other", "dataset", "d", tags=[])
    with pytest.raises(NotFound):
        join_parts(by, other, upload.upload_id, MD5S)


@pytest.mark.parametrize("killed_at", ["last appended", "moved"])
def test_a_join_that_was_killed_goes_on(by, pending, upload, monkeypatch, killed_at):
    for number in MD5S:
        send(upload, number)
    module, broken = {
        "last appended": (partial_files, "settle"),
        "moved": (storage, "flush_folder"),
    }[killed_at]

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(module, broken, killed)
        join_parts(by, pending, upload.upload_id, MD5S)
    joined = join_parts(by, pending, upload.upload_id, MD5S)
    with open_file(joined.stored_file) as stream:
        assert stream.read() == WHOLE


def lose(upload: MultipartUpload, *names: str) -> None:
    """As after a restore: parts of unfinished files are in no backup."""
    folder = partial_files.folder_of("parts") / upload.upload_id
    for path in [folder / name for name in names] if names else list(folder.iterdir()):
        path.unlink()
    if not names:
        folder.rmdir()


def send_all(by, pending) -> MultipartUpload:
    """What the SDK does each time it begins with a file."""
    upload = expect_parts(by, pending, md5_of(WHOLE), MD5S)
    for number in MD5S:
        send(upload, number)
    return join_parts(by, pending, upload.upload_id, MD5S)


@pytest.mark.parametrize("arrived", [(1,), (1, 2), (2, 3), (3,), (1, 2, 3)])
@pytest.mark.parametrize("names", [(), ("body",), ("last",)])
def test_a_file_whose_parts_were_lost_is_sent_again_from_its_beginning(
    by, pending, upload, arrived, names
):
    for number in arrived:
        send(upload, number)
    lose(upload, *(name for name in names if (3 in arrived) == (name == "last") or not names))
    with open_file(send_all(by, pending).stored_file) as stream:
        assert stream.read() == WHOLE


@pytest.mark.parametrize("first", [1, 2, 3])
def test_whoever_goes_on_with_lost_parts_is_told_and_can_begin_anew(
    by, pending, upload, first, django_capture_on_commit_callbacks
):
    send(upload, 1)
    send(upload, 2)
    lose(upload)
    with (
        pytest.raises(Lost, match="Send it again"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        send(upload, first)
    assert not MultipartUpload.objects.exists()
    assert not left_behind(upload)
    assert send_all(by, pending).stored_file.md5 == md5_of(WHOLE)


def test_parts_that_were_lost_while_others_come_are_no_zeros(by, pending, upload):
    send(upload, 2)
    send(upload, 3)
    os.truncate(partial_files.folder_of("parts") / upload.upload_id / "body", 1500)
    with pytest.raises(Lost):
        send(upload, 1)
    assert send_all(by, pending).stored_file.md5 == md5_of(WHOLE)


def test_a_join_that_was_killed_and_whose_bytes_were_cleaned_away_can_begin_anew(
    by, pending, upload, monkeypatch
):
    for number in MD5S:
        send(upload, number)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(multipart, "row_of", killed)
        join_parts(by, pending, upload.upload_id, MD5S)
    assert expect_parts(by, pending, md5_of(WHOLE), MD5S) == upload
    place_of(hashlib.sha256(WHOLE).hexdigest()).unlink()
    with pytest.raises(Lost, match="Send it again"):
        join_parts(by, pending, upload.upload_id, MD5S)
    assert send_all(by, pending).stored_file.md5 == md5_of(WHOLE)
