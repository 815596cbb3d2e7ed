"""A registry: its collections."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registries.queries.registry import SORTS, CollectionFilter, collections_of
from registries.views.answers import answer, wants_fragment
from registries.views.places import RegistryPlace, in_registry


@require_safe
@in_registry
def registry(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    wanted = CollectionFilter.read(request.GET)
    context = {
        "place": place,
        "list": collections_of(place.registry, place.access, wanted, request.GET.get("page", "")),
        "filter": wanted,
        "sorts": {name: label for name, (label, _) in SORTS.items()},
        "tab": "collections",
        "current_page": "registries",
    }
    fragment = wants_fragment(request, "collections")
    template = "registry/_collections.html" if fragment else "registry/registry.html"
    return answer(request, template, context)
