"""Lists of automations: of a registry or project, a collection, an organization."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Organization
from automations.queries.automations import (
    SORTS,
    SWITCHED,
    AutomationList,
    automations_of_home,
    automations_of_organization,
)
from automations.queries.notes import notes_of_home
from automations.views.places import list_page_of, person
from registries.queries.collection import tags_of
from registries.queries.narrowing import Narrowing
from registries.roles import Right
from registries.views.answers import answer, wants_fragment
from registries.views.places import (
    CollectionPlace,
    HomePlace,
    in_collection,
    in_home,
    in_organization,
)


@require_safe
@in_home
def home_automations(request: HttpRequest, place: HomePlace) -> HttpResponse:
    """Of a registry, or of a project."""
    wanted = _wanted(request)
    found = automations_of_home(person(request), place.home, wanted)
    context = _context(place, found, wanted) | {"list_page": list_page_of(place)}
    if not wants_fragment(request):
        context["notes"] = notes_of_home(person(request), place.home)
    return _show(request, "automations/home_automations.html", context)


@require_safe
@in_collection
def collection_automations(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    """Its own, and those of its home, which hear it too."""
    wanted = _wanted(request)
    found = automations_of_home(person(request), place.home, wanted, place.collection)
    context = _context(place, found, wanted) | {
        "list_page": f"{place.collection_page()}/automations",
        "new_collection": place.collection.name,
    }
    if not wants_fragment(request):
        context["tags"] = tags_of(place.collection)
    return _show(request, "automations/collection_automations.html", context)


@require_safe
@in_organization
def organization_automations(request: HttpRequest, organization: Organization) -> HttpResponse:
    wanted = _wanted(request)
    context = {
        "organization": organization,
        "automations": automations_of_organization(person(request), organization, wanted),
        "filter": wanted,
        "shows_homes": True,
        "list_page": request.path,
    }
    return _show(request, "automations/organization_automations.html", context)


def _wanted(request: HttpRequest) -> Narrowing:
    return Narrowing.read(request.GET, SORTS, state=SWITCHED)


def _context(place: HomePlace, found: AutomationList, wanted: Narrowing) -> dict[str, Any]:
    return {
        "place": place,
        "automations": found,
        "filter": wanted,
        "may_edit": place.access.has(Right.EDIT_AUTOMATION),
        "tab": "automations",
        "current_page": place.section,
    }


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    context["states"] = SWITCHED.items()
    fragment = wants_fragment(request, "automations")
    return answer(request, "automations/_automations.html" if fragment else template, context)
