"""Projects: those of all teams of a person, and their own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registries.queries.narrowing import Narrowing
from registries.queries.projects import SORTS, projects_of
from registries.views.answers import answer, wants_fragment
from registries.views.places import answered, person


@require_safe
@answered
def projects(request: HttpRequest) -> HttpResponse:
    wanted = Narrowing.read(request.GET, SORTS, owner=None)
    context = {
        "list": projects_of(person(request), wanted),
        "filter": wanted,
        "current_page": "projects",
    }
    fragment = wants_fragment(request, "projects")
    return answer(request, f"projects/{'_' if fragment else ''}projects.html", context)
