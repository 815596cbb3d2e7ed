"""Taking a version out of its collection. Asks first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from registries.operations.versions import unlink_version as unlink
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import VersionPlace, caller, in_version


@require_http_methods(["GET", "HEAD", "POST"])
@in_version
def unlink_version(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    place.access.require_unlink(place.carried)
    if request.method == "POST":
        unlink(caller(request), place.version)
        announce(request, f"{place.version.label} unlinked from {place.collection.name}.")
        return go(request, place.collection_page())
    context = {"place": place, "version": place.version}
    fragment = wants_fragment(request)
    template = "version/_unlink_version.html" if fragment else "version/unlink_version.html"
    return answer(request, template, context)
