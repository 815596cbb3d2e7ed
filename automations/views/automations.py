"""Lists of automations: of a registry or project, a collection, an organization."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Organization
from automations.queries.automations import (
    AutomationFilter,
    AutomationList,
    automations_of_home,
    automations_of_organization,
)
from automations.queries.notes import notes_of_home
from automations.views.places import list_page_of, person
from registries.queries.collection import tags_of
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
    wanted = AutomationFilter.read(request.GET)
    page = request.GET.get("page", "")
    found = automations_of_home(person(request), place.home, wanted, page)
    context = _context(place, found, wanted) | {"list_page": list_page_of(place)}
    if not wants_fragment(request):
        context["notes"] = notes_of_home(person(request), place.home)
    return _show(request, "automations/home_automations.html", context)


@require_safe
@in_collection
def collection_automations(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    """Its own, and those of its home, which hear it too."""
    wanted = AutomationFilter.read(request.GET)
    page = request.GET.get("page", "")
    found = automations_of_home(person(request), place.home, wanted, page, place.collection)
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
    wanted = AutomationFilter.read(request.GET)
    page = request.GET.get("page", "")
    context = {
        "organization": organization,
        "automations": automations_of_organization(person(request), organization, wanted, page),
        "filter": wanted,
        "shows_homes": True,
        "list_page": request.path,
    }
    return _show(request, "automations/organization_automations.html", context)


def _context(place: HomePlace, found: AutomationList, wanted: AutomationFilter) -> dict[str, Any]:
    return {
        "place": place,
        "automations": found,
        "filter": wanted,
        "may_edit": place.access.has(Right.EDIT_AUTOMATION),
        "tab": "automations",
        "current_page": place.section,
    }


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    fragment = wants_fragment(request, "automations")
    return answer(request, "automations/_automations.html" if fragment else template, context)
