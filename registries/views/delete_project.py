"""Deleting a project with all that is in it. Asks for the name first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid, RegistryError
from artifacts.permissions import require_delete_project
from registries.forms.typed import TypedForm
from registries.operations import projects as operations
from registries.queries.links import links_of_project
from registries.views.answers import announce, answer, go
from registries.views.places import HomePlace, caller, in_home, person


@require_http_methods(["GET", "HEAD", "POST"])
@in_home
def delete_project(request: HttpRequest, place: HomePlace) -> HttpResponse:
    project = place.home
    require_delete_project(caller(request), project.entity)
    typed = request.POST.get("confirmed_name", "").strip()
    form, status = TypedForm.of(confirmed_name=""), 200
    if request.method == "POST":
        try:
            _require_name(project.name, typed)
            operations.delete_project(
                caller(request), project, delete_aliases="aliases" in request.POST
            )
            announce(request, f"Project “{project.name}” deleted.")
            return go(request, reverse("projects"))
        except RegistryError as refusal:
            form, status = TypedForm.refused(refusal, {"confirmed_name": typed}), refusal.status
    context = {
        "place": place,
        "form": form,
        "links": links_of_project(person(request), project.pk),
        "run_count": project.runs.count(),
        "current_page": place.section,
    }
    return answer(request, "delete_project/delete_project.html", context, status)


def _require_name(name: str, typed: str) -> None:
    if typed != name:
        raise Invalid(
            "name_differs", f"Type {name} exactly to delete the project.", field="confirmed_name"
        )
