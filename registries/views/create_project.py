"""A new project, made by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid, RegistryError
from accounts.models import Entity
from artifacts.operations.projects import create_project as create
from registries.forms.typed import TypedForm, plain
from registries.queries.projects import writable_owners
from registries.views.answers import announce, answer, go
from registries.views.places import answered, caller, person

FIELDS = ("owner", "name", "description")


@require_http_methods(["GET", "HEAD", "POST"])
@answered
def create_project(request: HttpRequest) -> HttpResponse:
    owners = writable_owners(person(request))
    if request.method != "POST":
        chosen = request.GET.get("owner", "") or _most_likely(request, owners)
        return _show(request, owners, TypedForm.of(owner=chosen))
    typed = {name: plain(request.POST.get(name, "")) for name in FIELDS}
    try:
        owner = next((one for one in owners if one.name == typed["owner"]), None)
        if owner is None:
            raise Invalid("owner", "Choose a team, or yourself.", field="owner")
        project = create(
            caller(request),
            owner,
            typed["name"].strip(),
            description=typed["description"] or None,
        )
    except RegistryError as refusal:
        return _show(request, owners, TypedForm.refused(refusal, typed), refusal.status)
    announce(request, f"Project “{project.name}” created.")
    return go(request, reverse("project", args=[owner.name, project.name]))


def _most_likely(request: HttpRequest, owners: list[Entity]) -> str:
    """A team, where there is one: what is a person's own nobody else sees."""
    teams = [owner for owner in owners if owner.kind == Entity.Kind.TEAM]
    return (teams or owners)[0].name


def _show(
    request: HttpRequest, owners: list[Entity], form: TypedForm, status: int = 200
) -> HttpResponse:
    context = {"owners": owners, "form": form, "current_page": "projects"}
    return answer(request, "create_project/create_project.html", context, status)
