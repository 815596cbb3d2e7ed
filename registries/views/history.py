"""History tabs: what happened in a registry, and in one collection."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registries.queries.collection import tags_of
from registries.queries.history import (
    KINDS,
    History,
    HistoryFilter,
    history_of_collection,
    history_of_registry,
)
from registries.views.answers import answer, wants_fragment
from registries.views.places import (
    CollectionPlace,
    RegistryPlace,
    in_collection,
    in_registry,
    person,
)


@require_safe
@in_registry
def registry_history(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    wanted = HistoryFilter.read(request.GET)
    history = history_of_registry(
        person(request), place.registry, wanted, request.GET.get("page", "")
    )
    page = place.registry_page("registry-history")
    return _show(request, place, "history/registry_history.html", page, wanted, history)


@require_safe
@in_collection
def collection_history(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    wanted = HistoryFilter.read(request.GET)
    history = history_of_collection(
        person(request), place.collection, wanted, request.GET.get("page", "")
    )
    page = place.collection_page("collection-history")
    return _show(request, place, "history/collection_history.html", page, wanted, history)


def _show(
    request: HttpRequest,
    place: RegistryPlace,
    template: str,
    page: str,
    wanted: HistoryFilter,
    history: History,
) -> HttpResponse:
    context = {
        "place": place,
        "history_page": page,
        "filter": wanted,
        "history": history,
        "kinds": KINDS,
        "tab": "history",
        "current_page": "registries",
    }
    if wants_fragment(request, "history"):
        return answer(request, "history/_history.html", context)
    if isinstance(place, CollectionPlace):
        context["tags"] = tags_of(place.collection)
    return answer(request, template, context)
