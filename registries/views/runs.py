"""The runs of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from artifacts.models import Run
from registries.queries.narrowing import Narrowing
from registries.queries.runs import SORTS, runs_of
from registries.views.answers import answer, wants_fragment
from registries.views.places import HomePlace, in_home


@require_safe
@in_home
def runs(request: HttpRequest, place: HomePlace) -> HttpResponse:
    wanted = Narrowing.read(request.GET, SORTS, state=Run.State.values)
    context = {
        "place": place,
        "page": runs_of(place.home, wanted),
        "filter": wanted,
        "states": Run.State.choices,
        "tab": "runs",
        "current_page": place.section,
    }
    fragment = wants_fragment(request, "runs")
    return answer(request, f"runs/{'_' if fragment else ''}runs.html", context)
