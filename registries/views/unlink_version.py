"""Taking a version out of its collection. Asks first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict
from registries.operations.seen import PROTECTION_CHANGED
from registries.operations.versions import unlink_version as unlink
from registries.protection import state_of
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import VersionPlace, caller, in_version, read_again


@require_http_methods(["GET", "HEAD", "POST"])
@in_version
def unlink_version(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    place.access.require_unlink(place.carried)
    conflict = None
    if request.method == "POST":
        try:
            unlink(caller(request), place.version, seen=request.POST.get("seen"))
        except Conflict as refusal:
            if refusal.code != PROTECTION_CHANGED:
                raise
            conflict, place = refusal, read_again(request, place)
            place.access.require_unlink(place.carried)
        else:
            announce(request, f"{place.version.label} unlinked from {place.collection.name}.")
            return go(request, place.collection_page())
    shown = [(place.collection.pk, one.name, one.counter) for one in place.aliases if one.protected]
    context = {
        "place": place,
        "version": place.version,
        "seen": state_of(shown),
        "conflict": conflict,
    }
    fragment = wants_fragment(request)
    template = "version/_unlink_version.html" if fragment else "version/unlink_version.html"
    return answer(request, template, context, conflict.status if conflict else 200)
