"""Settings of a registry: general, accepted types; deleting it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound, RegistryError
from registries.forms.typed import TypedForm, lines, plain, sent
from registries.models import Registry
from registries.operations import registries as operations
from registries.operations.seen import CHANGED_MEANWHILE
from registries.queries.narrowing import Narrowing
from registries.queries.settings import (
    MEMBER_SORTS,
    SUGGESTED,
    contents_of,
    members_of,
    protected_aliases_of,
)
from registries.roles import GRANTABLE, Role
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import RegistryPlace, caller, in_registry, registry_again

GENERAL_FIELDS = ("name", "description", "visibility", "default_role")
PAGE = "settings/settings.html"
DEFAULT_ROLES = [role for role in GRANTABLE if role < Role.ADMIN]


@require_safe
@in_registry
def settings(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    fragment = wants_fragment(request, "member-list")
    template = "settings/_member_list.html" if fragment else PAGE
    return answer(request, template, page_context(request, place))


@require_POST
@in_registry
def general(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    """Only what was changed in the form is saved; `was-…` beside each field is what it showed.

    A core registry's form has neither name nor sight.
    """
    typed = _changed_fields(request)
    seen = {name: plain(request.POST[f"was-{name}"]) for name in typed if _was_shown(request, name)}
    given: dict[str, Any] = dict(typed)
    if not typed.get("description") and place.registry.project.description is None:
        given.pop("description", None)
    if "name" in given:
        given["name"] = given["name"].strip()
    try:
        changed = operations.edit_registry(caller(request), place.registry, seen=seen, **given)
    except RegistryError as refusal:
        place.registry.refresh_from_db()
        stored = _general_values(place.registry)
        form = TypedForm.refused(refusal, stored | typed, beside={"": "description"})
        if refusal.code == CHANGED_MEANWHILE and refusal.field:
            # Told now: what is saved again replaces it.
            del seen[refusal.field]
        extra = {"general": form, "general_was": stored | seen, "general_refusal": refusal}
        return refused_section(request, place, "general", extra, refusal)
    announce(request, "General settings saved.")
    # The name is part of every address on the page.
    return go(request, reverse("settings", args=[place.organization.name, changed.name]))


@require_POST
@in_registry
def types(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    typed = {"types": sent(request.POST, "types")}
    typed["type_names"] = plain(request.POST.get("type_names", ""))
    seen = request.POST.get("was-types")
    names = lines(typed["type_names"])
    wanted = names if typed["types"] == "list" else None
    try:
        if wanted is None and names:
            raise Invalid(
                "types_not_listed",
                "With “All types” no names are kept. Choose “Only these types”, or empty this.",
                field="type",
            )
        operations.accept_types(caller(request), place.registry, wanted, seen=seen)
    except RegistryError as refusal:
        beside = {"type": "type_names", "": "type_names", "types": ""}
        extra = {"types": TypedForm.refused(refusal, typed, beside), "types_was": seen}
        if refusal.code == CHANGED_MEANWHILE:
            place.registry.refresh_from_db()
            extra["types_was"] = None
        return refused_section(request, place, "types", extra, refusal)
    announce(request, "Accepted types saved.")
    return changed_section(request, place, "types")


@require_http_methods(["GET", "HEAD", "POST"])
@in_registry
def delete_registry(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    """Asks for the name. Without script the question is a page."""
    place.access.require_delete_registry()
    typed = request.POST.get("confirmed_name", "")
    form = TypedForm.of(confirmed_name="")
    refusal: RegistryError | None = None
    if request.method == "POST":
        try:
            _require_name(place, typed)
            seen = request.POST.get("seen")
            operations.delete_registry(caller(request), place.registry, seen=seen)
            announce(request, f"Registry “{place.registry.name}” deleted.")
            return go(request, reverse("home", args=[place.organization.name]))
        except (Invalid, Conflict) as refused:
            refusal = refused
            form = TypedForm.refused(refusal, {"confirmed_name": typed})
    contents = contents_of(place.registry, place.access)
    context = {"place": place, "form": form, "contents": contents}
    fragment = wants_fragment(request)
    name = "_delete_registry" if fragment else "delete_registry"
    status = refusal.status if refusal else 200
    return answer(request, f"settings/{name}.html", context, status)


def page_context(request: HttpRequest, place: RegistryPlace) -> dict[str, Any]:
    registry = place.registry
    accepted = operations.accepted_types_of(registry)
    return {
        "place": place,
        "registry": registry,
        "general": TypedForm.of(**_general_values(registry)),
        "general_was": _general_values(registry),
        "accepted": accepted,
        "types": TypedForm.of(types="all" if accepted is None else "list", type_names=""),
        "protected_aliases": protected_aliases_of(registry),
        "protect_form": TypedForm.of(names=""),
        "suggested": SUGGESTED,
        "members": members_of(registry, members_wanted(request)),
        "access_form": TypedForm.of(who="", role=""),
        "default_roles": DEFAULT_ROLES,
        "roles": [(role.codename, role.label) for role in GRANTABLE],
        "current_page": "registries",
    }


def members_wanted(request: HttpRequest) -> Narrowing:
    roles = [role.codename for role in GRANTABLE]
    return Narrowing.read(request.GET, MEMBER_SORTS, role=roles)


def changed_section(request: HttpRequest, place: RegistryPlace, section: str) -> HttpResponse:
    """The section as it is now, and what was said; home for whoever sees it no more.

    Who changed something may have changed what they may do themselves.
    """
    now = registry_again(request, place)
    if now is None:
        return go(request, reverse("start"))
    if not wants_fragment(request):
        page, query = now.registry_page("settings"), request.GET.urlencode()
        shown = f"{page}?{query}" if query else page
        return go(request, f"{shown}#{section.replace('_', '-')}")
    context = {**page_context(request, now), "section": f"settings/_{section}.html"}
    return answer(request, "settings/_changed.html", context)


def refused_section(
    request: HttpRequest,
    place: RegistryPlace,
    section: str,
    extra: dict[str, Any],
    refusal: RegistryError,
) -> HttpResponse:
    """Beside the field. Who may not change the section has no form there, and gets a page."""
    if isinstance(refusal, NotAllowed | NotFound):
        raise refusal
    context = {**page_context(request, place), **extra}
    template = f"settings/_{section}.html" if wants_fragment(request) else PAGE
    return answer(request, template, context, refusal.status)


def _changed_fields(request: HttpRequest) -> dict[str, str]:
    typed = {name: plain(request.POST[name]) for name in GENERAL_FIELDS if name in request.POST}
    return {
        name: text
        for name, text in typed.items()
        if not _was_shown(request, name) or plain(request.POST[f"was-{name}"]) != text
    }


def _was_shown(request: HttpRequest, name: str) -> bool:
    return f"was-{name}" in request.POST


def _general_values(registry: Registry) -> dict[str, str]:
    return {
        "name": registry.name,
        "description": registry.project.description or "",
        "visibility": registry.visibility,
        "default_role": registry.default_role,
    }


def _require_name(place: RegistryPlace, typed: str) -> None:
    if typed.strip() != place.registry.name:
        raise Invalid(
            "name_differs",
            f"Type {place.registry.name} exactly to delete the registry.",
            field="confirmed_name",
        )
