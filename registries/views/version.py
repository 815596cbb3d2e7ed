"""A version's page, and the permanent address of an alias."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from accounts.names import composed
from registries.forms.typed import TypedForm
from registries.names import LATEST
from registries.permissions import may_edit_content, may_open
from registries.queries.link_version import registries_for
from registries.queries.narrowing import Narrowing
from registries.queries.snippets import Snippet, snippet_for
from registries.queries.version import (
    FILE_SORTS,
    FILES,
    files_of,
    history_of,
    pointed_at,
    tags_of,
)
from registries.views.answers import answer, wants_fragment
from registries.views.places import CollectionPlace, VersionPlace, in_collection, in_version, person

PAGE = "version/version.html"
FRAGMENTS = {
    "version-tags": "version/_version_tags.html",
    "version-description": "version/_version_description.html",
    "version-metadata": "version/_version_metadata.html",
    "version-file-list": "version/_version_file_list.html",
    "use": "version/_use.html",
}
MOST_SEGMENTS = 5


@require_safe
@in_version
def version(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """`edit` opens one part for editing, `use` chooses the reference of the snippet."""
    context = page_context(request, place)
    if context["may_edit"]:
        context["edit"] = request.GET.get("edit", "")
    for target, template in FRAGMENTS.items():
        if wants_fragment(request, target):
            return answer(request, template, context)
    return answer(request, PAGE, context)


@require_safe
@never_cache
@in_collection
def alias(request: HttpRequest, place: CollectionPlace, alias: str) -> HttpResponse:
    """To the version the alias points at now."""
    number = pointed_at(place.collection, composed(alias))
    if number is None:
        raise NotFound
    return redirect(place.address("version", place.collection.name, number))


def page_context(request: HttpRequest, place: VersionPlace) -> dict[str, Any]:
    """All that the page and its fragments show."""
    snippet = _snippet(place, request.GET.get("use", ""))
    references = _references(place)
    files_wanted = Narrowing.read(request.GET, FILE_SORTS, FILES)
    return {
        "place": place,
        "version": place.version,
        "artifact": place.version.artifact,
        "may_edit": _may_edit(place),
        "may_open": may_open(place.access, place.home, place.version.artifact),
        "may_change_aliases": place.access.can_change_alias(LATEST),
        "may_unlink": place.access.can_unlink(place.carried),
        "tags": tags_of(place.version),
        "files": files_of(place.version, files_wanted),
        "filter": files_wanted,
        "history": history_of(person(request), place.version),
        "snippet": snippet,
        "references": references[:MOST_SEGMENTS],
        "more_references": references[MOST_SEGMENTS:],
        "takers": _takers(request, place),
        "link_query": _link_query(place),
        "alias_form": TypedForm.of(name=""),
        "tag_form": TypedForm.of(name=""),
        "form": TypedForm.of(
            description=place.version.artifact.description or "",
            metadata=json.dumps(place.version.artifact.metadata, ensure_ascii=False, indent=2),
        ),
        "current_page": place.section,
    }


def _may_edit(place: VersionPlace) -> bool:
    closed: bool = place.version.closed  # type: ignore[attr-defined]
    return (
        not closed
        and place.access.can_edit_version(place.carried)
        and may_edit_content(place.access, place.home, place.version.artifact)
    )


def _references(place: VersionPlace) -> list[str]:
    """The number first: it never moves. Then the aliases."""
    return [place.version.label, *(alias.name for alias in place.aliases)]


def _takers(request: HttpRequest, place: VersionPlace) -> list[str]:
    """Registries a logged version may be linked into from here."""
    if not place.is_sequence or place.organization is None:
        return []
    return registries_for(person(request), place.organization, place.version.artifact.type)


def _link_query(place: VersionPlace) -> str:
    """What stands chosen on the page that links it."""
    return urlencode(
        {
            "team": place.owner_name,
            "project": place.home.name,
            "artifact": place.collection.name,
            "version": place.version.label,
        }
    )


def _snippet(place: VersionPlace, wanted: str) -> Snippet:
    reference = wanted if wanted in place.carried else place.version.label
    return snippet_for(place.path, place.whole_path, reference, place.version)
