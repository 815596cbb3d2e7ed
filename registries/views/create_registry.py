"""A new registry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import NotAllowed, RegistryError
from accounts.models import Organization
from registries.forms.typed import TypedForm, lines, plain
from registries.models import Registry
from registries.operations.registries import create_registry as create
from registries.permissions import may_create_registry
from registries.views.answers import announce, answer, go
from registries.views.places import caller, in_organization, person

FIELDS = ("name", "description", "visibility", "types", "type_names")


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization
def create_registry(request: HttpRequest, organization: Organization) -> HttpResponse:
    if not may_create_registry(person(request), organization):
        raise NotAllowed(
            f"Only members and admins of {organization.name} can create a registry there."
        )
    if request.method != "POST":
        form = TypedForm.of(visibility=Registry.Visibility.ORGANIZATION, types="all")
        return _show(request, organization, form)
    typed = {name: plain(request.POST.get(name, "")) for name in FIELDS}
    try:
        registry = create(
            caller(request),
            organization,
            typed["name"].strip(),
            description=typed["description"] or None,
            visibility=typed["visibility"] or Registry.Visibility.ORGANIZATION,
            accepted_types=lines(typed["type_names"]) if typed["types"] == "list" else None,
        )
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed, beside={"type": "type_names"})
        return _show(request, organization, form, refusal.status)
    announce(request, f"Registry “{registry.name}” created.")
    return go(request, reverse("registry", args=[organization.name, registry.name]))


def _show(
    request: HttpRequest, organization: Organization, form: TypedForm, status: int = 200
) -> HttpResponse:
    context = {"organization": organization, "form": form}
    return answer(request, "create_registry/create_registry.html", context, status)
