"""A project: what was logged and linked in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registries.queries.narrowing import Narrowing
from registries.queries.registry import SORTS, collections_of
from registries.views.answers import answer, wants_fragment
from registries.views.places import HomePlace, in_home


@require_safe
@in_home
def project(request: HttpRequest, place: HomePlace) -> HttpResponse:
    wanted = Narrowing.read(request.GET, SORTS, type=None)
    context = {
        "place": place,
        "list": collections_of(place.home, place.access, wanted),
        "filter": wanted,
        "tab": "collections",
        "current_page": place.section,
    }
    fragment = wants_fragment(request, "collections")
    template = "project/_artifacts.html" if fragment else "project/project.html"
    return answer(request, template, context)
