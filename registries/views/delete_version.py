"""Deleting a logged version with its links, and a whole artifact. Asks first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict, NotFound
from registries.forms.typed import TypedForm
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
    form = TypedForm()
    if request.method == "POST":
        try:
            delete_source(caller(request), place.version, delete_aliases=_with_aliases(request))
            announce(request, f"{place.collection.name}:{place.version.label} deleted.")
            return go(request, place.collection_page())
        except Conflict as refusal:
            form = _beside_the_box(refusal)
    links = links_of_artifact(person(request), place.version.artifact_id)
    return _ask(request, place, "delete-version", links, form)


@require_http_methods(["GET", "HEAD", "POST"])
@in_collection
def delete_artifact(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    if not place.is_sequence:
        raise NotFound
    place.access.require(Right.DELETE_COLLECTION)
    form = TypedForm()
    if request.method == "POST":
        try:
            sequence = place.collection
            delete_sequence(caller(request), sequence, delete_aliases=_with_aliases(request))
            announce(request, f"Artifact “{sequence.name}” deleted.")
            return go(request, place.home_page)
        except Conflict as refusal:
            form = _beside_the_box(refusal)
    links = links_of_sequence(person(request), place.collection.pk)
    return _ask(request, place, "delete-artifact", links, form)


def _with_aliases(request: HttpRequest) -> bool:
    return "aliases" in request.POST


def _beside_the_box(refusal: Conflict) -> TypedForm:
    """For the question again: whoever answered it had not said that aliases may end."""
    if refusal.code != "has_aliases":
        raise refusal
    return TypedForm.refused(refusal, {"aliases": ""}, beside={"": "aliases"})


def _ask(
    request: HttpRequest,
    place: CollectionPlace,
    page: str,
    links: LinksOfVersion,
    form: TypedForm,
) -> HttpResponse:
    context = {"place": place, "links": links, "form": form, "current_page": place.section}
    name = page.replace("-", "_")
    fragment = "_" if wants_fragment(request) else ""
    status = Conflict.status if form.fields else 200
    return answer(request, f"{name}/{fragment}{name}.html", context, status)
