"""Deleting a logged version with its links, and a whole artifact. Asks first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import NotFound
from registries.operations.sources import delete_sequence, delete_source
from registries.queries.links import LinksOfVersion, links_of_artifact, links_of_sequence
from registries.roles import Right
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import (
    CollectionPlace,
    VersionPlace,
    caller,
    in_collection,
    in_version,
    person,
)


@require_http_methods(["GET", "HEAD", "POST"])
@in_version
def delete_version(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    if not place.is_sequence:
        raise NotFound
    place.access.require(Right.UNLINK)
    if request.method == "POST":
        delete_source(caller(request), place.version, delete_aliases=_with_aliases(request))
        announce(request, f"{place.collection.name}:{place.version.label} deleted.")
        return go(request, place.collection_page())
    links = links_of_artifact(person(request), place.version.artifact_id)
    return _ask(request, place, "delete-version", links)


@require_http_methods(["GET", "HEAD", "POST"])
@in_collection
def delete_artifact(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    if not place.is_sequence:
        raise NotFound
    place.access.require(Right.DELETE_COLLECTION)
    if request.method == "POST":
        delete_sequence(caller(request), place.collection, delete_aliases=_with_aliases(request))
        announce(request, f"Artifact “{place.collection.name}” deleted.")
        return go(request, place.home_page)
    links = links_of_sequence(person(request), place.collection.pk)
    return _ask(request, place, "delete-artifact", links)


def _with_aliases(request: HttpRequest) -> bool:
    return "aliases" in request.POST


def _ask(
    request: HttpRequest, place: CollectionPlace, page: str, links: LinksOfVersion
) -> HttpResponse:
    context = {"place": place, "links": links, "current_page": place.section}
    name = page.replace("-", "_")
    fragment = "_" if wants_fragment(request) else ""
    return answer(request, f"{name}/{fragment}{name}.html", context)
