"""Downloads. The reader is judged by the registry they came through; bytes are streamed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from artifacts.models import ManifestEntry
from artifacts.storage import open_file
from registries.permissions import require_open
from registries.queries.terms import askable
from registries.views.downloads import HARMLESS, OCTETS, attachment
from registries.views.places import Answer, VersionPlace, in_version

PIECE = 256 * 1024


@require_safe
@in_version
def download_file(request: HttpRequest, place: VersionPlace, file: str) -> Answer:
    require_open(place.access, place.home, place.version.artifact)
    entry = (
        place.version.artifact.entries.filter(path=askable(file))
        .select_related("stored_file")
        .first()
    )
    if entry is None or entry.stored_file is None:
        raise NotFound
    return attachment(entry.stored_file, entry.path)


@require_safe
@in_version
def download_version(request: HttpRequest, place: VersionPlace) -> Answer:
    """All files in one zip, made while it is sent. References are not files."""
    require_open(place.access, place.home, place.version.artifact)
    stored = place.version.artifact.entries.filter(stored_file__isnull=False)
    entries = stored.select_related("stored_file").order_by("path")
    name = f"{place.collection.name}-{place.version.label}.zip"
    response = StreamingHttpResponse(_zip(entries.iterator()), OCTETS, headers=HARMLESS)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


class _Outgoing:
    """What the zip has written and the reader has not had yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        piece, self._pieces = b"".join(self._pieces), []
        return piece


def _zip(entries: Iterator[ManifestEntry]) -> Iterator[bytes]:
    outgoing = _Outgoing()
    with zipfile.ZipFile(outgoing, "w") as archive:  # type: ignore[call-overload]
        for entry in entries:
            about = zipfile.ZipInfo(entry.path)
            with _open(entry) as source, archive.open(about, "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield outgoing.take()
    yield outgoing.take()


def _open(entry: ManifestEntry) -> BinaryIO:
    if entry.stored_file is None:
        raise NotFound
    return open_file(entry.stored_file)
