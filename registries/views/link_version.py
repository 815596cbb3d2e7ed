"""Linking a version: team, project, artifact, version, step by step; then the aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict, Invalid, RegistryError
from registries.forms.typed import TypedForm, lines, plain
from registries.models import Collection, Version
from registries.names import valid_aliases, valid_collection_name
from registries.operations.versions import link_version as link
from registries.permissions import Access
from registries.queries.link_version import (
    COLUMNS,
    Source,
    collections_for,
    source_for,
    where_it_goes,
)
from registries.roles import Right
from registries.views.alias_questions import Asked, asked_of, counters_shown
from registries.views.answers import (
    announce_changes,
    answer,
    go,
    retarget,
    wants_fragment,
)
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


@dataclass(frozen=True)
class Planned:
    """What the link would make: which number, and which protected aliases it would bring there.

    `target` is None for a collection that is yet to be made.
    """

    source: Version
    name: str
    aliases: list[str]
    target: Collection | None
    there: Version | None
    asked: list[Asked]

    @property
    def number(self) -> int:
        if self.there is not None:
            return self.there.number
        return self.target.next_number if self.target else 0

    @property
    def changing(self) -> list[Asked]:
        return [line for line in self.asked if line.number != self.number]

    def asks(self, access: Access) -> bool:
        return any(
            line.moves_to(self.number) and access.can_change_alias(line.name) for line in self.asked
        )


def _link(request: HttpRequest, place: HomePlace, collection: Collection | None) -> HttpResponse:
    """Moving a protected alias asks first."""
    place.access.require(Right.LINK)
    # In an address: the way back from the question, for browsers without script.
    form = request.POST if request.method == "POST" else request.GET
    typed = {name: plain(form.get(name, "")) for name in ("collection", "aliases")}
    if request.method != "POST":
        return _show(request, place, collection, form, TypedForm.of(**typed))
    try:
        planned = _planned(request, place, collection, typed)
        if "confirmed" not in request.POST and planned.asks(place.access):
            return _question(request, place, typed, planned)
        return _linked(request, place, planned)
    except RegistryError as refusal:
        if isinstance(refusal, Conflict) and refusal.code == "alias_moved":
            planned = _planned(request, place, collection, typed)
            return _question(request, place, typed, planned, refusal)
        beside = {"alias": "aliases", "name": "collection"}
        refused = TypedForm.refused(refusal, typed, beside=beside)
        return _show(request, place, collection, form, refused, refusal.status)


def _planned(
    request: HttpRequest,
    place: HomePlace,
    collection: Collection | None,
    typed: dict[str, str],
) -> Planned:
    source = _source(request, place)
    aliases = valid_aliases(lines(typed["aliases"]))
    name = collection.name if collection else typed["collection"].strip()
    # Read anew when the question is asked again.
    target, there = where_it_goes(place.home, valid_collection_name(name), source.artifact)
    asked = asked_of(target, place.access, filter(place.access.is_protected, aliases))
    return Planned(source, name, aliases, target, there, asked)


def _linked(request: HttpRequest, place: HomePlace, planned: Planned) -> HttpResponse:
    outcome = link(
        caller(request),
        planned.source.artifact,
        place.home,
        planned.name,
        planned.aliases,
        expected=_expected(request, planned),
    )
    typed = [change for change in outcome.changes if change.name in planned.aliases]
    told = [change for change in typed if change.changed or not outcome.is_new]
    announce_changes(request, "link_version/_linked.html", {"outcome": outcome, "changes": told})
    version = outcome.version
    return go(request, place.address("version", version.collection.name, version.number))


def _expected(request: HttpRequest, planned: Planned) -> Mapping[str, int]:
    """What the question showed; where none was needed, the state that needed none."""
    if "confirmed" in request.POST:
        return counters_shown(request)
    return {line.name: line.counter for line in planned.asked}


def _question(
    request: HttpRequest,
    place: HomePlace,
    typed: dict[str, str],
    planned: Planned,
    conflict: Conflict | None = None,
) -> HttpResponse:
    steps = {name: request.POST.get(name, "") for name in (*COLUMNS, "version")}
    context = {
        "place": place,
        "planned": planned,
        "carried": {"source": str(planned.source.pk), **steps, **typed},
        "address": request.path,
        "way_back": f"{request.path}?{urlencode(steps | typed)}",
        "conflict": conflict,
        "current_page": place.section,
    }
    status = conflict.status if conflict else 200
    if wants_fragment(request):
        fragment = answer(request, "link_version/_confirm_link.html", context, status)
        return retarget(fragment, "dialog", "innerHTML")
    return answer(request, "link_version/confirm_link.html", context, status)


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
