"""A new, empty collection."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import RegistryError
from registries.forms.typed import TypedForm, lines, plain
from registries.operations.collections import create_collection as create
from registries.operations.registries import accepted_types_of
from registries.roles import Right
from registries.views.answers import announce, answer, go
from registries.views.places import HomePlace, caller, in_home

FIELDS = ("name", "type", "description", "tags")


@require_http_methods(["GET", "HEAD", "POST"])
@in_home
def create_collection(request: HttpRequest, place: HomePlace) -> HttpResponse:
    place.access.require(Right.CREATE_COLLECTION)
    if request.method != "POST":
        return _show(request, place, TypedForm.of())
    typed = {name: plain(request.POST.get(name, "")) for name in FIELDS}
    try:
        collection = create(
            caller(request),
            place.home,
            typed["name"].strip(),
            typed["type"].strip(),
            description=typed["description"] or None,
            tags=lines(typed["tags"]),
        )
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed, beside={"tag": "tags"})
        return _show(request, place, form, refusal.status)
    announce(request, f"Collection “{collection.name}” created.")
    return go(request, place.address("collection", collection.name))


def _show(
    request: HttpRequest, place: HomePlace, form: TypedForm, status: int = 200
) -> HttpResponse:
    registry = place.access.registry
    context = {
        "place": place,
        "form": form,
        "types": accepted_types_of(registry) if registry else None,
        "current_page": place.section,
    }
    return answer(request, "create_collection/create_collection.html", context, status)
