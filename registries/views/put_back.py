"""A row of the history undone: its alias goes back to where it was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict, NotFound
from registries.models import Event
from registries.operations import putting_back as operations
from registries.queries.history_filter import HistoryFilter
from registries.queries.ways_back import ALIAS_CHANGES, undoing
from registries.views.answers import (
    announce_changes,
    answer,
    go,
    retarget,
    wants_fragment,
)
from registries.views.history import history_context
from registries.views.places import CollectionPlace, HomePlace, caller, in_collection


class Outdated(Conflict):
    """Says where to look at what happened since."""

    def __init__(self, conflict: Conflict, way_on: str) -> None:
        super().__init__(conflict.code, conflict.sentence, field=conflict.field)
        self.way_on = way_on
        self.way_on_label = "History"


@require_http_methods(["GET", "HEAD", "POST"])
@in_collection
def put_back(request: HttpRequest, place: CollectionPlace, event: int) -> HttpResponse:
    """A protected alias asks once more. `of=registry` leads back to the registry's history; the
    rest of the address is its filter."""
    change = Event.objects.filter(pk=event, collection=place.collection, kind__in=ALIAS_CHANGES)
    found = change.select_related("collection__project", "version", "from_version").first()
    if found is None:
        raise NotFound
    place.access.require_change_of_alias(found.alias)
    asks = place.access.is_protected(found.alias) and "confirmed" not in request.POST
    if request.method == "POST" and not asks:
        return _put_back(request, place, found)
    if request.method == "POST" and not wants_fragment(request):
        return go(request, request.get_full_path())
    return _question(request, place, found)


def _put_back(request: HttpRequest, place: CollectionPlace, event: Event) -> HttpResponse:
    try:
        change = operations.put_back(caller(request), event)
    except Conflict as conflict:
        raise Outdated(conflict, _way_back(request, place)) from conflict
    template = "version/_alias_changes.html"
    announce_changes(request, template, {"changes": [change], "version": event.version})
    if not wants_fragment(request):
        return go(request, _way_back(request, place))
    context = history_context(_shown_at(request, place), request.GET)
    return retarget(answer(request, "history/_put_back.html", context), "history")


def _question(request: HttpRequest, place: CollectionPlace, event: Event) -> HttpResponse:
    way = undoing(event, place.access)
    if way is None:
        raise NotFound
    context = {
        "place": place,
        "way": way,
        "address": request.get_full_path(),
        "history_page": _way_back(request, place),
        "current_page": place.section,
    }
    if wants_fragment(request):
        fragment = answer(request, "history/_confirm_put_back.html", context)
        return retarget(fragment, "dialog", "innerHTML")
    return answer(request, "history/confirm_put_back.html", context)


def _shown_at(request: HttpRequest, place: CollectionPlace) -> HomePlace:
    if request.GET.get("of") == "registry":
        return HomePlace(place.home, place.access)
    return place


def _way_back(request: HttpRequest, place: CollectionPlace) -> str:
    """The history the row stood in, in the same filter."""
    query = HistoryFilter.read(request.GET).query
    if request.GET.get("of") == "registry":
        page = f"{place.home_page}/history"
    else:
        page = place.collection_page("collection-history")
    return f"{page}?{query}" if query else page
