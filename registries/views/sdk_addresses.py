"""Addresses as the SDK prints them. Each leads to the page of ours."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from registries.names import is_version_number
from registries.queries.projects import owner_named
from registries.views.places import (
    CollectionPlace,
    HomePlace,
    RunPlace,
    answered,
    in_collection,
    in_home,
    in_run,
    person,
)
from registries.visibility import get_registry


@require_safe
@answered
def entity(request: HttpRequest, entity: str) -> HttpResponse:
    """Of a team or person: their projects. Of an organization: its registries."""
    owner = owner_named(person(request), entity)
    if owner.kind == owner.Kind.ORGANIZATION:
        return redirect("home", owner.name)
    return redirect(f"{reverse('projects')}?{urlencode({'owner': owner.name})}")


@require_safe
@answered
def registry(request: HttpRequest, entity: str, registry: str) -> HttpResponse:
    found = get_registry(person(request), entity, registry)
    address = reverse("registry", args=[found.organization.name, found.name])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@require_safe
@in_home
def project(request: HttpRequest, place: HomePlace, page: str) -> HttpResponse:
    """A tab of the project."""
    return redirect(place.home_page)


@require_safe
@in_run
def run(request: HttpRequest, place: RunPlace, page: str) -> HttpResponse:
    """A tab of the run."""
    return redirect(place.run_page())


@require_safe
@in_collection
def collection(request: HttpRequest, place: CollectionPlace, type: str) -> HttpResponse:  # noqa: A002 part of the address
    return redirect(place.collection_page())


@require_safe
@in_collection
def version(
    request: HttpRequest,
    place: CollectionPlace,
    type: str,  # noqa: A002 part of the address
    reference: str,
) -> HttpResponse:
    """By number or alias."""
    if not is_version_number(reference):
        return redirect(place.address("alias", place.collection.name, reference))
    digits = reference[1:]
    if not digits.isascii() or len(digits) > 9:
        raise NotFound
    return redirect(place.address("version", place.collection.name, int(digits)))
