"""Downloads. The reader is judged by the registry they came through; bytes are streamed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.errors import Lost, NotFound
from artifacts.long_transfers import LONG, leave_database
from artifacts.models import Artifact, ManifestEntry
from artifacts.storage import open_file
from registries.permissions import require_open
from registries.queries.terms import askable
from registries.views.downloads import HARMLESS, OCTETS, attachment
from registries.views.places import Answer, VersionPlace, in_version

PIECE = 256 * 1024
ENTRIES_AT_ONCE = 1000


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
    if entry.stored_file.size >= LONG:
        leave_database()
    return attachment(entry.stored_file, entry.path)


@require_safe
@in_version
def download_version(request: HttpRequest, place: VersionPlace) -> Answer:
    """All files in one zip, made while it is sent. References are not files."""
    require_open(place.access, place.home, place.version.artifact)
    name = f"{place.collection.name}-{place.version.label}.zip"
    response = StreamingHttpResponse(_zip(place.version.artifact), OCTETS, headers=HARMLESS)
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


def _entries(artifact: Artifact) -> Iterator[ManifestEntry]:
    """Some at once: while their bytes leave, no connection to the database is held.

    Lost, which breaks the download off, when the artifact is deleted before its end.
    """
    stored = artifact.entries.filter(stored_file__isnull=False).select_related("stored_file")
    after = ""
    while True:
        found = list(stored.filter(path__gt=after).order_by("path")[:ENTRIES_AT_ONCE])
        is_last = len(found) < ENTRIES_AT_ONCE
        if is_last and after and not Artifact.objects.filter(pk=artifact.pk).exists():
            raise Lost("deleted_meanwhile", "This version was deleted while it was downloaded.")
        leave_database()
        yield from found
        if is_last:
            return
        after = found[-1].path


def _zip(artifact: Artifact) -> Iterator[bytes]:
    outgoing = _Outgoing()
    with zipfile.ZipFile(outgoing, "w") as archive:  # type: ignore[call-overload]
        for entry in _entries(artifact):
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
