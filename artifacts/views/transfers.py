"""Bytes in and out by signed addresses. The floor that signed has judged; here only the
signature, the length and the digest are checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.errors import NotFound, RegistryError
from artifacts.identifiers import artifact_identifier
from artifacts.long_transfers import LONG, body_of, leave_database
from artifacts.manifests import document
from artifacts.models import Artifact, ManifestUpload, MultipartUpload, RunFile, StoredFile
from artifacts.operations.drafts import receive_file, receive_manifest
from artifacts.operations.multipart import receive_part
from artifacts.operations.runs import receive_run_file
from artifacts.pages_first import PAGES_FIRST
from artifacts.signing import read
from artifacts.storage import open_file

LARGEST_UPLOAD = 5 * 1024**4
HARMLESS = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
SENT_AT_ONCE = 64 * 1024
RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")

# Answers the digest of what came, where the client wants to be told it.
Receive = Callable[[HttpRequest, str, int], str | None]


def stored_file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """One file, or the range of it that was asked for."""
    signed = read("download", token)
    stored = StoredFile.objects.filter(sha256=signed["sha256"]).first()
    if stored is None:
        raise NotFound
    if stored.size >= LONG:
        leave_database()
    return cast("HttpResponse", _whole_or_range(request, stored, name))


def manifest_file(request: HttpRequest, token: str) -> HttpResponse:
    signed = read("manifest", token)
    artifact = Artifact.objects.filter(pk=signed["artifact"]).first()
    if artifact is None:
        raise NotFound
    body = json.dumps(document(artifact, artifact_identifier(artifact)))
    return HttpResponse(body, content_type="application/json", headers=HARMLESS)


def receive_artifact_file(request: HttpRequest, token: str, size: int) -> None:
    signed = read("upload", token)
    artifact = Artifact.objects.filter(pk=signed["artifact"]).first()
    if artifact is None:
        raise NotFound
    receive_file(artifact, body_of(request, size), size=size, md5=signed["md5"])


def receive_part_of_file(request: HttpRequest, token: str, size: int) -> str:
    signed = read("part-upload", token)
    upload = MultipartUpload.objects.filter(pk=signed["upload"]).select_related("artifact").first()
    if upload is None:
        raise NotFound
    return receive_part(upload, signed["number"], body_of(request, size), size=size)


def receive_artifact_manifest(request: HttpRequest, token: str, size: int) -> None:
    signed = read("manifest-upload", token)
    upload = ManifestUpload.objects.filter(pk=signed["manifest"]).first()
    if upload is None:
        raise NotFound
    receive_manifest(upload, body_of(request, size), size=size, md5=signed["md5"])


def receive_file_of_run(request: HttpRequest, token: str, size: int) -> None:
    signed = read("run-upload", token)
    run_file = RunFile.objects.filter(pk=signed["run_file"]).first()
    if run_file is None:
        raise NotFound
    receive_run_file(run_file, body_of(request, size), size=size)


def upload(receive: Receive) -> Callable[..., HttpResponse]:
    """A view for PUT. Without a length nobody could tell a dropped connection from the end."""

    @csrf_exempt  # The address itself is the permission.
    @login_not_required
    def view(request: HttpRequest, token: str) -> HttpResponse:
        if request.method != "PUT":
            return HttpResponse("Send the bytes by PUT.", status=405)
        length = request.headers.get("Content-Length", "")
        if not length.isdecimal() or "chunked" in request.headers.get("Transfer-Encoding", ""):
            return HttpResponse("Tell the length of the bytes.", status=411)
        if int(length) > LARGEST_UPLOAD:
            return HttpResponse("This is too large.", status=413)
        return _answered(lambda: receive(request, token, int(length)))

    return view


def download(send: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_not_required  # The address itself is the permission.
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse("This address is for reading.", status=405)
        try:
            return send(request, **parts)
        except RegistryError as refusal:
            return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain")

    return view


def _answered(receive: Callable[[], str | None]) -> HttpResponse:
    try:
        digest = receive()
    except RegistryError as refusal:
        return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain")
    return HttpResponse(status=200, headers={"ETag": f'"{digest}"'} if digest else {})


class _InLargePieces(FileResponse):
    """Django's 4 KB would pass through the server a million times for a large file."""

    block_size = SENT_AT_ONCE


def _whole_or_range(request: HttpRequest, stored: StoredFile, name: str) -> FileResponse:
    response = _InLargePieces(
        open_file(stored),
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
        headers=HARMLESS,
    )
    response["Accept-Ranges"] = "bytes"
    wanted = RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted:
        _narrow(response, stored, int(wanted[1]), wanted[2])
    return response


def _narrow(response: FileResponse, stored: StoredFile, start: int, end: str) -> None:
    last = min(int(end), stored.size - 1) if end else stored.size - 1
    if start > last:
        response.status_code = 416
        response.streaming_content = [b""]
        response["Content-Range"] = f"bytes */{stored.size}"
        response["Content-Length"] = "0"
        return
    source = open_file(stored)
    source.seek(start)
    response.streaming_content = _pieces(source, last - start + 1)
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{last}/{stored.size}"
    response["Content-Length"] = str(last - start + 1)


def _pieces(source: BinaryIO, size: int) -> Any:
    with source:
        while size > 0 and (piece := source.read(min(SENT_AT_ONCE, size))):
            size -= len(piece)
            yield piece
            PAGES_FIRST.make_way()
