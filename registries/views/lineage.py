"""Lineage of a version: a picture, and the same as a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registries.queries.lineage import lineage_of
from registries.views.answers import answer, wants_fragment
from registries.views.lineage_picture import draw
from registries.views.places import VersionPlace, in_version, person


@require_safe
@in_version
def lineage(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """A part of the version's page that comes after the rest, and a page of its own."""
    found = lineage_of(person(request), place.version.artifact)
    context = {
        "place": place,
        "version": place.version,
        "lineage": found,
        "picture": None if found.is_empty else draw(place.version, found),
        "current_page": place.section,
    }
    fragment = "_" if wants_fragment(request) else ""
    return answer(request, f"lineage/{fragment}lineage.html", context)
