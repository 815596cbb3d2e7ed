"""Linking a version: team, project, artifact, version, step by step; then the aliases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid, RegistryError
from registries.forms.typed import TypedForm, lines, plain
from registries.models import Collection, Version
from registries.operations.versions import LinkOutcome
from registries.operations.versions import link_version as link
from registries.queries.link_version import Source, collections_for, source_for
from registries.roles import Right
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import (
    CollectionPlace,
    HomePlace,
    caller,
    in_collection,
    in_home,
    person,
)
from registries.visibility import linkable_versions

PAGE = "link_version/link_version.html"


@require_http_methods(["GET", "HEAD", "POST"])
@in_collection
def link_version(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    """Into this collection."""
    return _link(request, place, place.collection)


@require_http_methods(["GET", "HEAD", "POST"])
@in_home
def link_version_anywhere(request: HttpRequest, place: HomePlace) -> HttpResponse:
    """Into a collection that is chosen, or made by the link."""
    return _link(request, place, None)


def _link(request: HttpRequest, place: HomePlace, collection: Collection | None) -> HttpResponse:
    place.access.require(Right.LINK)
    if request.method != "POST":
        form = TypedForm.of(collection="", aliases="")
        return _show(request, place, collection, request.GET, form)
    typed = {name: plain(request.POST.get(name, "")) for name in ("collection", "aliases")}
    name = collection.name if collection else typed["collection"].strip()
    try:
        source = _source(request, place)
        outcome = link(
            caller(request),
            source.artifact,
            place.home,
            name,
            lines(typed["aliases"]),
        )
    except RegistryError as refusal:
        beside = {"alias": "aliases", "name": "collection"}
        form = TypedForm.refused(refusal, typed, beside=beside)
        return _show(request, place, collection, request.POST, form, refusal.status)
    announce(request, _said(outcome))
    version = outcome.version
    return go(request, place.address("version", version.collection.name, version.number))


def _source(request: HttpRequest, place: HomePlace) -> Version:
    """The version chosen, if the person may link it here."""
    chosen = request.POST.get("source", "")
    versions = linkable_versions(person(request), place.access.registry)
    version = (
        versions.filter(pk=int(chosen)).select_related("artifact__project__entity").first()
        if chosen.isdecimal() and len(chosen) < 18
        else None
    )
    if version is None:
        raise Invalid("no_source", "Choose a version to link.")
    return version


def _show(
    request: HttpRequest,
    place: HomePlace,
    collection: Collection | None,
    chosen: QueryDict,
    form: TypedForm,
    status: int = 200,
) -> HttpResponse:
    source = source_for(person(request), place.access.registry, collection, chosen)
    context: dict[str, Any] = {
        "place": place,
        "collection": collection,
        "source": source,
        "collections": _collections(place, collection, source),
        "form": form,
        "current_page": place.section,
    }
    fragment = wants_fragment(request, "link-version")
    template = "link_version/_link_version.html" if fragment else PAGE
    return answer(request, template, context, status)


def _collections(place: HomePlace, collection: Collection | None, source: Source) -> list[str]:
    if collection is not None or source.version is None:
        return []
    return collections_for(place.home, source.version.artifact.type)


def _said(outcome: LinkOutcome) -> str:
    version = outcome.version
    if outcome.is_new:
        return f"Linked as {version.label}."
    return f"This version was linked already, as {version.label}."
