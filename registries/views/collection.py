"""A collection: its versions, its card, its tags; deleting it."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Conflict, Invalid, RegistryError
from registries.forms.typed import TypedForm, plain, sent
from registries.operations import collections as operations
from registries.operations.seen import CHANGED_MEANWHILE, PROTECTION_CHANGED
from registries.protection import state_of
from registries.queries.collection import SORTS, live_aliases, tags_of, versions_of
from registries.queries.narrowing import Narrowing
from registries.queries.snippets import snippet_for
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import CollectionPlace, caller, in_collection, person

PAGE = "collection/collection.html"
FRAGMENTS = {
    "versions": "collection/_versions.html",
    "card": "collection/_card.html",
    "collection-tags": "collection/_collection_tags.html",
    "use": "collection/_use.html",
}


@require_safe
@in_collection
def collection(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    """`edit` opens the card or the tags, `use` chooses the reference of the snippet."""
    context = page_context(request, place)
    if place.access.can_edit_collection():
        context["edit"] = request.GET.get("edit", "")
    for target, template in FRAGMENTS.items():
        if wants_fragment(request, target):
            return answer(request, template, context)
    return answer(request, PAGE, context)


@require_POST
@in_collection
def edit_card(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    typed = sent(request.POST, "description")
    kept = None if not typed and place.collection.description is None else typed
    seen = request.POST.get("seen")
    try:
        operations.edit_collection(caller(request), place.collection, description=kept, seen=seen)
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, {"description": typed}, beside={"": "description"})
        extra: dict[str, Any] = {"form": form, "seen": seen}
        if refusal.code == CHANGED_MEANWHILE:
            place.collection.refresh_from_db(fields=["description"])
            extra = {"form": form, "changed_meanwhile": True}
        return _refused(request, place, "card", extra, refusal)
    announce(request, "Card saved.")
    place.collection.refresh_from_db(fields=["description"])
    return _changed(request, place, "card")


@require_POST
@in_collection
def collection_tags(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    """Adds the `name`s typed, separated by commas, or removes one."""
    removed = request.POST.getlist("removed")
    typed = plain(request.POST.get("name", ""))
    added = [] if removed else [name.strip() for name in re.split(r"[,\n]", typed)]
    try:
        if not removed and not any(added):
            raise Invalid("tag_empty", "Type the name of a tag.", field="tag")
        operations.edit_collection(
            caller(request), place.collection, add_tags=filter(None, added), remove_tags=removed
        )
    except RegistryError as refusal:
        beside = {"tag": "name", "": "name"}
        form = TypedForm.refused(refusal, {"name": typed}, beside=beside)
        return _refused(request, place, "tags", {"tag_form": form}, refusal)
    announce(request, "Tags saved.")
    return _changed(request, place, "tags")


@require_http_methods(["GET", "HEAD", "POST"])
@in_collection
def delete_collection(request: HttpRequest, place: CollectionPlace) -> HttpResponse:
    live = live_aliases(place.collection, place.access)
    place.access.require_delete_collection({alias.name for alias in live})
    conflict = None
    if request.method == "POST":
        try:
            seen = request.POST.get("seen")
            operations.delete_collection(caller(request), place.collection, seen=seen)
        except Conflict as refusal:
            if refusal.code != PROTECTION_CHANGED:
                raise
            conflict, live = refusal, live_aliases(place.collection, place.access)
        else:
            announce(request, f"Collection “{place.collection.name}” deleted.")
            return go(request, place.home_page)
    protected = [alias for alias in live if alias.protected]
    context = {
        "place": place,
        "versions": place.collection.versions.count(),
        "protected": protected,
        "seen": state_of((place.collection.pk, one.name, one.counter) for one in protected),
        "conflict": conflict,
    }
    fragment = wants_fragment(request)
    name = "_delete_collection" if fragment else "delete_collection"
    return answer(request, f"collection/{name}.html", context, conflict.status if conflict else 200)


def page_context(request: HttpRequest, place: CollectionPlace) -> dict[str, Any]:
    """All that the page and its fragments show."""
    filtered = Narrowing.read(request.GET, SORTS)
    versions = versions_of(person(request), place.collection, place.access, filtered)
    live = live_aliases(place.collection, place.access)
    names = [alias.name for alias in live] or ["latest"]
    wanted = request.GET.get("use", "")
    newest = versions.rows[0].version if versions.rows else None
    return {
        "place": place,
        "collection": place.collection,
        "list": versions,
        "filter": filtered,
        "live": live,
        "has_protected": any(alias.protected for alias in live),
        "references": names,
        "snippet": snippet_for(
            place.path,
            place.whole_path,
            wanted if wanted in names else names[0],
            newest,
        ),
        "tags": tags_of(place.collection),
        "tag_form": TypedForm.of(name=""),
        "form": TypedForm.of(description=place.collection.description or ""),
        "may_delete": place.access.can_delete_collection([alias.name for alias in live]),
        "tab": "overview",
        "current_page": place.section,
    }


def _changed(request: HttpRequest, place: CollectionPlace, part: str) -> HttpResponse:
    if not wants_fragment(request):
        return go(request, f"{place.collection_page()}{'?edit=tags' if part == 'tags' else ''}")
    context = page_context(request, place)
    # Tags stay open: several are often changed in a row.
    context["edit"] = part if part == "tags" else ""
    return answer(request, f"collection/_{part}_changed.html", context)


def _refused(
    request: HttpRequest,
    place: CollectionPlace,
    part: str,
    extra: dict[str, Any],
    refusal: RegistryError,
) -> HttpResponse:
    """The form stays, with what was typed. Who has no form gets a page."""
    if not place.access.can_edit_collection():
        raise refusal
    context = {**page_context(request, place), **extra, "edit": part}
    template = FRAGMENTS["card" if part == "card" else "collection-tags"]
    if not wants_fragment(request):
        template = PAGE
    return answer(request, template, context, refusal.status)
