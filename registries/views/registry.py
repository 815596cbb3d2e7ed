"""A registry: its collections."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from accounts.addresses import address_of
from registries.names import is_version_number
from registries.queries.narrowing import Narrowing
from registries.queries.registry import SORTS, collections_of
from registries.views.answers import answer, wants_fragment
from registries.views.places import RegistryPlace, in_registry


@require_safe
@in_registry
def registry(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    selected = _selected_by_the_sdk(request, place)
    if selected:
        return redirect(selected)
    wanted = Narrowing.read(request.GET, SORTS, type=None)
    context = {
        "place": place,
        "list": collections_of(place.home, place.access, wanted),
        "filter": wanted,
        "tab": "collections",
        "current_page": "registries",
    }
    fragment = wants_fragment(request, "collections")
    template = "registry/_collections.html" if fragment else "registry/registry.html"
    return answer(request, template, context)


def _selected_by_the_sdk(request: HttpRequest, place: RegistryPlace) -> str:
    """Where an address that the SDK printed leads; "" when nothing is selected.

    It writes `?selectionPath=entity/project/collection`, and for a version `&version=v3`.
    """
    collection = request.GET.get("selectionPath", "").rpartition("/")[2]
    if not collection:
        return ""
    names = [place.organization.name, place.registry.name, collection]
    version = request.GET.get("version", "")
    try:
        if is_version_number(version):
            # By Django, which refuses numbers that no version has.
            return reverse("version", args=[*names, int(version[1:])])
        return address_of("collection", *names)
    except (NoReverseMatch, ValueError):
        return ""
