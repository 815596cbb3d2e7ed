"""Bytes in and out by signed addresses: only what was announced, only as long as it may be."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid
from artifacts.models import ArrivedFile, Artifact, ManifestUpload, StoredFile
from artifacts.signing import (
    DOWNLOADS_LAST,
    UPLOADS_LAST,
    sign_artifact_upload,
    sign_download,
    sign_manifest,
    sign_manifest_upload,
    sign_run_upload,
)
from artifacts.storage import open_file
from registries.operations.drafts import announce_version, commit_version
from tests.personas import caller_of
from tests.refusals import nothing_changes

BYTES = b"0123456789" * 10
# The SDK repeats a request for minutes when it gets one of these.
REPEATED = {308, 408, 409, 429, *range(500, 600)}


def md5_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def base64_of(content: bytes) -> str:
    return base64.b64encode(bytes.fromhex(md5_of(content))).decode()


def put(token: str, content: bytes = BYTES, kind: str = "files", **options):
    return Client().put(
        f"/storage/uploads/{kind}/{token}", content, "application/octet-stream", **options
    )


@pytest.fixture
def pending(member, project) -> Artifact:
    return announce_version(caller_of(member), project, "announced", "dataset", "d", tags=[])


@pytest.fixture
def token(pending) -> str:
    """For `BYTES`, of a pending artifact."""
    return sign_artifact_upload(pending.pk, md5_of(BYTES))


@pytest.fixture
def stored(pending, token) -> StoredFile:
    assert put(token).status_code == 200
    return StoredFile.objects.get(md5=md5_of(BYTES))


def test_announced_bytes_are_kept_with_both_digests(stored, pending):
    assert stored.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert stored.size == len(BYTES)
    assert ArrivedFile.objects.get().artifact == pending
    with open_file(stored) as file:
        assert file.read() == BYTES


def test_the_same_bytes_twice_are_one_file(stored, token):
    with nothing_changes():
        assert put(token).status_code == 200


@pytest.mark.parametrize("content", [b"", b"other", BYTES + b"x", BYTES[:-1]])
def test_other_bytes_than_announced_leave_nothing_behind(token, content):
    with nothing_changes():
        answer = put(token, content, CONTENT_LENGTH=str(len(content)))
    assert answer.status_code == 422
    assert b"MD5" in answer.content


def test_an_upload_that_ends_early_leaves_nothing_behind(live_server, token):
    """A connection that drops looks like a normal end: only the length tells."""
    host, port = live_server.thread.host, live_server.thread.port
    head = f"PUT /storage/uploads/files/{token} HTTP/1.1\r\nHost: {host}\r\n"
    head += f"Content-Length: {len(BYTES) + 1}\r\nConnection: close\r\n\r\n"
    with nothing_changes(), socket.create_connection((host, port)) as connection:
        connection.sendall(head.encode() + BYTES)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b" 422 " in answer.partition(b"\r\n")[0]
    assert b"100 bytes arrived, 101 were announced." in answer


@pytest.mark.parametrize("length", ["", "-1", "x", "1.0"])
def test_without_a_length_nothing_is_read(token, length):
    with nothing_changes():
        answer = put(token, CONTENT_LENGTH=length)
    assert answer.status_code == 411


def test_chunks_without_a_length_are_refused(token):
    with nothing_changes():
        answer = put(token, HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411


def test_a_length_nobody_can_mean_is_refused_before_a_byte_is_read(token):
    with nothing_changes():
        assert put(token, CONTENT_LENGTH=str(10**15)).status_code == 413


def test_only_put_uploads(token):
    for method in ("get", "post", "delete", "patch"):
        assert getattr(Client(), method)(f"/storage/uploads/files/{token}").status_code == 405


def test_an_altered_or_foreign_token_opens_nothing(token, pending, stored):
    altered = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    others = (
        altered,
        token.partition(":")[0],
        "x",
        sign_download(stored.sha256),
        sign_manifest(pending.pk),
        sign_manifest_upload(pending.pk, md5_of(BYTES)),
        sign_run_upload(pending.pk),
    )
    with nothing_changes():
        assert {put(other).status_code for other in others} == {403}


def test_a_token_ends_with_its_time(token, stored):
    address = f"/storage/wandb_artifacts/{sign_download(stored.sha256)}/zoo.csv"
    with time_machine.travel(timezone.now() + DOWNLOADS_LAST + timedelta(seconds=2), tick=False):
        assert Client().get(address).status_code == 403
        assert put(token).status_code == 200
    with time_machine.travel(timezone.now() + UPLOADS_LAST + timedelta(seconds=2), tick=False):
        assert put(token).status_code == 403


def manifest_of(content: bytes) -> bytes:
    entry = {"digest": base64_of(content), "size": len(content)}
    return json.dumps({"version": 1, "contents": {"zoo.csv": entry}}).encode()


def announced_manifest(pending, text: bytes) -> str:
    """The token under which a manifest may be sent."""
    upload, _ = ManifestUpload.objects.get_or_create(
        artifact=pending, kind="FULL", name="wandb_manifest.json"
    )
    return sign_manifest_upload(upload.pk, md5_of(text))


@pytest.fixture
def committed(member, pending, stored) -> Artifact:
    """One file, `zoo.csv`, that holds `BYTES`."""
    text = manifest_of(BYTES)
    assert put(announced_manifest(pending, text), text, "manifests").status_code == 200
    return commit_version(caller_of(member), pending).version.artifact


def test_a_commit_ends_all_uploads(member, pending, stored, token):
    text, late = manifest_of(BYTES), manifest_of(b"other")
    late_token = announced_manifest(pending, late)
    assert put(announced_manifest(pending, text), text, "manifests").status_code == 200
    commit_version(caller_of(member), pending)
    with nothing_changes():
        assert put(token).status_code in {404, 409, 422}
        assert put(late_token, late, "manifests").status_code in {404, 409, 422}


def test_a_manifest_that_names_missing_bytes_makes_no_version(member, pending):
    text = manifest_of(b"never sent")
    assert put(announced_manifest(pending, text), text, "manifests").status_code == 200
    missing = re.escape("“zoo.csv” have not arrived")
    with nothing_changes(), pytest.raises(Invalid, match=missing):
        commit_version(caller_of(member), pending)


def get(stored: StoredFile, name: str = "zoo.csv", **headers: str):
    token = sign_download(stored.sha256)
    return Client().get(f"/storage/wandb_artifacts/{token}/{name}", headers=headers)


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_download_is_whole_and_harmless(stored):
    answer = get(stored, "page.html")
    assert content_of(answer) == BYTES
    assert answer["Content-Length"] == str(len(BYTES))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-9", BYTES[:10]),
        ("bytes=5-5", BYTES[5:6]),
        ("bytes=90-", BYTES[90:]),
        ("bytes=90-5000", BYTES[90:]),
        ("bytes=0-", BYTES),
    ],
)
def test_a_range_is_that_part(stored, wanted, expected):
    answer = get(stored, Range=wanted)
    assert answer.status_code == 206
    assert content_of(answer) == expected
    assert answer["Content-Length"] == str(len(expected))
    assert answer["Content-Range"].endswith("/100")


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=5000-6000"])
def test_a_range_behind_the_end_is_told(stored, wanted):
    answer = get(stored, Range=wanted)
    assert content_of(answer) == b""
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */100")


@pytest.mark.parametrize(
    "wanted", ["bytes=9-5", "bytes=-5", "bytes=0-1,5-6", "bytes=x-y", "lines=1-2", "bytes=", "0-1"]
)
def test_a_range_nobody_understands_gives_the_whole_or_a_refusal(stored, wanted):
    answer = get(stored, Range=wanted)
    expected = {200: BYTES, 206: BYTES[-5:], 416: b""}
    assert content_of(answer) == expected[answer.status_code]


def test_a_manifest_tells_nothing_of_the_machine_it_came_from(committed):
    answer = Client().get(f"/storage/manifests/{sign_manifest(committed.pk)}/wandb_manifest.json")
    manifest = answer.json()
    assert set(manifest["contents"]) == {"zoo.csv"}
    assert set(manifest["contents"]["zoo.csv"]) == {"digest", "size", "birthArtifactID"}


@pytest.mark.parametrize("what", ["gone", "cut"])
def test_bytes_the_server_has_lost_are_told_at_once_and_never_sent_for_the_file(stored, what):
    with open_file(stored) as file:
        place = Path(file.name)
    place.unlink()
    if what == "cut":
        place.write_bytes(BYTES[:50])
    answer = get(stored)
    if answer.streaming:
        content_of(answer)
    assert 400 <= answer.status_code < 500
    assert answer.status_code not in REPEATED


def test_bytes_that_are_unknown_are_not_found(stored):
    token = sign_download("0" * 64)
    assert Client().get(f"/storage/wandb_artifacts/{token}/x").status_code == 404
