"""The runs of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from artifacts.models import Run
from registries.queries.runs import SORTS, RunFilter, runs_of
from registries.views.answers import answer, wants_fragment
from registries.views.places import HomePlace, in_home


@require_safe
@in_home
def runs(request: HttpRequest, place: HomePlace) -> HttpResponse:
    wanted = RunFilter.read(request.GET)
    context = {
        "place": place,
        "page": runs_of(place.home, wanted, request.GET.get("page", "")),
        "filter": wanted,
        "states": Run.State.choices,
        "sorts": {name: label for name, (label, _) in SORTS.items()},
        "tab": "runs",
        "current_page": place.section,
    }
    fragment = wants_fragment(request, "runs")
    return answer(request, f"runs/{'_' if fragment else ''}runs.html", context)
