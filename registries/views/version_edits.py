"""Tags, description and metadata of a version. They belong to its artifact."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.errors import Invalid, RegistryError
from registries.forms.metadata import read_metadata
from registries.forms.typed import TypedForm, plain, sent
from registries.operations.edits import edit_version
from registries.operations.seen import CHANGED_MEANWHILE
from registries.views.answers import announce, answer, go, retarget, wants_fragment
from registries.views.places import VersionPlace, caller, in_version, read_again
from registries.views.version import PAGE, page_context


@require_POST
@in_version
def version_tags(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """Adds the `name`s typed, separated by commas, or removes one."""
    removed = request.POST.getlist("removed")
    typed = plain(request.POST.get("name", ""))
    added = [] if removed else [name.strip() for name in re.split(r"[,\n]", typed)]
    try:
        if not removed and not any(added):
            raise Invalid("tag_empty", "Type the name of a tag.", field="tag")
        edit_version(
            caller(request), place.version, add_tags=filter(None, added), remove_tags=removed
        )
    except RegistryError as refusal:
        beside = {"tag": "name", "": "name"}
        form = TypedForm.refused(refusal, {"name": typed}, beside=beside)
        return _refused(request, place, "tags", {"tag_form": form}, refusal)
    return _changed(request, place, "tags", "Tags saved.")


@require_POST
@in_version
def description(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    typed = sent(request.POST, "description")
    # An empty field where there never was a description leaves it so.
    kept = None if not typed and place.version.artifact.description is None else typed
    try:
        edit_version(caller(request), place.version, description=kept, seen=_seen(request))
    except RegistryError as refusal:
        return _not_saved(request, place, "description", typed, refusal)
    return _changed(request, place, "description", "Description saved.")


@require_POST
@in_version
def metadata(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    typed = sent(request.POST, "metadata")
    try:
        wanted = read_metadata(typed)
        edit_version(caller(request), place.version, metadata=wanted, seen=_seen(request))
    except RegistryError as refusal:
        return _not_saved(request, place, "metadata", typed, refusal)
    return _changed(request, place, "metadata", "Metadata saved.")


def _seen(request: HttpRequest) -> str | None:
    """The fingerprint of what the form showed."""
    return request.POST.get("seen")


def _not_saved(
    request: HttpRequest, place: VersionPlace, part: str, typed: str, refusal: RegistryError
) -> HttpResponse:
    """What somebody else has saved meanwhile is shown; what is saved again replaces it."""
    form = TypedForm.refused(refusal, {part: typed}, beside={"": part})
    if refusal.code != CHANGED_MEANWHILE:
        return _refused(request, place, part, {"form": form, "seen": _seen(request)}, refusal)
    place = read_again(request, place)
    return _refused(request, place, part, {"form": form, "changed_meanwhile": True}, refusal)


def _changed(request: HttpRequest, place: VersionPlace, part: str, sentence: str) -> HttpResponse:
    announce(request, sentence)
    if not wants_fragment(request):
        return go(request, place.version_page())
    context = page_context(request, read_again(request, place))
    return answer(request, f"version/_version_{part}_changed.html", context)


def _refused(
    request: HttpRequest,
    place: VersionPlace,
    part: str,
    extra: dict[str, Any],
    refusal: RegistryError,
) -> HttpResponse:
    """The form stays, with what was typed. Who has no form gets a page."""
    if not place.access.can_edit_version(place.carried):
        raise refusal
    context = page_context(request, place)
    context |= {"shown": context["form"], **extra, "edit": part}
    if not wants_fragment(request):
        return answer(request, PAGE, context, refusal.status)
    if part == "tags":
        fragment = answer(request, "version/_add_tag.html", context, refusal.status)
        return retarget(fragment, "add-tag")
    return answer(request, f"version/_version_{part}.html", context, refusal.status)
