"""History tabs: what happened in a registry, a project, a collection; the same as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from registries.models import Event
from registries.queries.alias_timeline import alias_timeline
from registries.queries.collection import tags_of
from registries.queries.history import (
    events_of_collection,
    events_of_home,
    history_of_collection,
    history_of_home,
)
from registries.queries.history_export import as_csv, as_json, exported
from registries.queries.history_filter import KINDS, HistoryFilter
from registries.queries.history_names import names_in_collection, names_in_home
from registries.views.answers import answer, wants_fragment
from registries.views.places import (
    Answer,
    CollectionPlace,
    HomePlace,
    in_collection,
    in_home,
    person,
)
from registries.views.timeline_picture import draw

Format = Callable[[Iterable[dict[str, Any]]], Iterator[str]]
FORMATS: dict[str, tuple[str, Format]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}


@require_safe
@in_home
def registry_history(request: HttpRequest, place: HomePlace) -> HttpResponse:
    """Of a registry, or of a project."""
    return _show(request, place, "history/registry_history.html")


@require_safe
@in_collection
def collection_history(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    return _show(request, place, "history/collection_history.html")


@require_safe
@in_home
def export_registry_history(request: HttpRequest, place: HomePlace) -> Answer:
    """`format` is `csv` or `json`; the rest of the address is the page's filter."""
    return _export(request, place, events_of_home(place.home.pk), place.name)


@require_safe
@in_collection
def export_collection_history(request: HttpRequest, place: CollectionPlace) -> Answer:
    name = f"{place.name}-{place.collection.name}"
    return _export(request, place, events_of_collection(place.collection), name)


def history_context(place: HomePlace, address: QueryDict) -> dict[str, Any]:
    """All that the page shows. A collection's first page begins with the picture."""
    wanted, page = _wanted(place, address), address.get("page", "")
    context: dict[str, Any] = {
        "place": place,
        "filter": wanted,
        "kinds": KINDS,
        "tab": "history",
        "current_page": place.section,
    }
    if isinstance(place, CollectionPlace):
        history = history_of_collection(place.access, place.collection, wanted, page)
        context["history_page"] = place.collection_page("collection-history")
        if history.page.number == 1:
            timeline = alias_timeline(place.collection, place.access, wanted, history.live)
            context["picture"] = draw(timeline) if timeline else None
    else:
        history = history_of_home(place.access, place.home, wanted, page)
        context["history_page"] = f"{place.home_page}/history"
    return context | {"history": history}


def _wanted(place: HomePlace, address: QueryDict) -> HistoryFilter:
    wanted = HistoryFilter.read(address)
    if not wanted.alias:
        return wanted
    if isinstance(place, CollectionPlace):
        return wanted.among(names_in_collection(place.collection.pk, place.home.pk))
    return wanted.among(names_in_home(place.home.pk))


def _show(request: HttpRequest, place: HomePlace, template: str) -> HttpResponse:
    context = history_context(place, request.GET)
    if wants_fragment(request, "history"):
        return answer(request, "history/_history.html", context)
    if isinstance(place, CollectionPlace):
        context["tags"] = tags_of(place.collection)
    return answer(request, template, context)


def _export(request: HttpRequest, place: HomePlace, events: QuerySet[Event], name: str) -> Answer:
    wanted = request.GET.get("format", "csv")
    if wanted not in FORMATS:
        raise NotFound
    content_type, written = FORMATS[wanted]
    rows = exported(person(request), events, _wanted(place, request.GET))
    response = StreamingHttpResponse(written(rows), content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}-history.{wanted}")
    return response
