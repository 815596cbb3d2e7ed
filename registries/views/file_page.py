"""One file of a version, shown in the page."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from artifacts.models import ManifestEntry
from artifacts.storage import open_file
from registries.permissions import require_open
from registries.queries.file_preview import picture_type, preview_of
from registries.queries.terms import askable
from registries.views.answers import answer
from registries.views.places import VersionPlace, in_version

# A picture is shown where the page asks for it, and is nothing but a picture wherever else.
PICTURE_ALONE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}


@require_safe
@in_version
def view_file(request: HttpRequest, place: VersionPlace, file: str) -> HttpResponse:
    require_open(place.access, place.home, place.version.artifact)
    entry = entry_at(place, file)
    context = {
        "place": place,
        "entry": entry,
        "preview": preview_of(entry),
        "current_page": place.section,
    }
    return answer(request, "view_file/view_file.html", context)


@require_safe
@in_version
def file_image(request: HttpRequest, place: VersionPlace, file: str) -> FileResponse:
    """Only what begins as a raster image does, with the type it begins as."""
    require_open(place.access, place.home, place.version.artifact)
    stored = entry_at(place, file).stored_file
    content_type = picture_type(stored) if stored else None
    if stored is None or content_type is None:
        raise NotFound
    return FileResponse(open_file(stored), content_type=content_type, headers=PICTURE_ALONE)


def entry_at(place: VersionPlace, path: str) -> ManifestEntry:
    entries = place.version.artifact.entries.filter(path=askable(path))
    entry = entries.select_related("stored_file").first()
    if entry is None:
        raise NotFound
    return entry
