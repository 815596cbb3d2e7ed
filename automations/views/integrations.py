"""Integrations and secrets of a person, team or organization: the page, and what its rows do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import RegistryError
from automations.models import Integration
from automations.operations import integrations as operations
from automations.operations import secrets
from automations.permissions import require_management
from automations.queries.integrations import (
    NAMES,
    SECRETS,
    SORTS,
    integrations_of,
    page_of_secrets,
)
from automations.signing import new_signing_secret
from automations.views.places import EntityPlace, at_entity, caller, person
from registries.forms.typed import TypedForm
from registries.queries.narrowing import Narrowing
from registries.views.answers import announce, answer, go, wants_fragment

PAGE = "integrations/integrations.html"
FRAGMENTS = {
    "webhook-list": "integrations/_webhook_list.html",
    "channel-list": "integrations/_channel_list.html",
    "secret-list": "integrations/_secret_list.html",
}


@require_safe
@at_entity
def integrations(request: HttpRequest, place: EntityPlace) -> HttpResponse:
    context = page_context(request, place)
    for target, template in FRAGMENTS.items():
        if wants_fragment(request, target) and (place.manages or target != "secret-list"):
            return answer(request, template, context)
    return answer(request, PAGE, context)


@require_POST
@never_cache
@at_entity
def create_secret(request: HttpRequest, place: EntityPlace) -> HttpResponse:
    """A value that was typed, or with `generate` a new signing secret, shown this once."""
    typed = {"name": request.POST.get("name", "").strip(), "value": request.POST.get("value", "")}
    made = new_signing_secret() if "generate" in request.POST else ""
    require_management(caller(request), place.entity)
    try:
        secrets.create_secret(
            caller(request), place.entity, typed["name"], made or typed["value"].strip()
        )
    except RegistryError as refusal:
        # The value is not sent back: it is written once and never shown.
        form = TypedForm.refused(refusal, typed | {"value": ""}, beside={"": "name"})
        return _section(request, place, {"secret_form": form}, refusal.status)
    announce(request, f"Secret {typed['name']} saved.")
    return _changed(request, place, {"made": made, "made_for": typed["name"]})


@require_POST
@never_cache
@at_entity
def rotate_secret(request: HttpRequest, place: EntityPlace, secret: int) -> HttpResponse:
    """Until the rotation is finished messages carry both signatures."""
    require_management(caller(request), place.entity)
    found = place.secret(person(request), secret)
    made = new_signing_secret() if "generate" in request.POST else ""
    try:
        value = made or request.POST.get("value", "").strip()
        secrets.rotate_secret(caller(request), found, value)
    except RegistryError as refusal:
        extra = {"rotating": found.pk, "rotate_error": refusal.sentence}
        return _section(request, place, extra, refusal.status)
    announce(request, f"{found.name} has a new value. The one before counts until you end it.")
    return _changed(request, place, {"made": made, "made_for": found.name})


@require_POST
@at_entity
def finish_rotation(request: HttpRequest, place: EntityPlace, secret: int) -> HttpResponse:
    require_management(caller(request), place.entity)
    found = secrets.finish_rotation(caller(request), place.secret(person(request), secret))
    announce(request, f"The value that {found.name} had before does not count any more.")
    return _changed(request, place, {})


@require_http_methods(["GET", "HEAD", "POST"])
@at_entity
def delete_secret(request: HttpRequest, place: EntityPlace, secret: int) -> HttpResponse:
    """Asks first; the address keeps which part of the list is shown."""
    require_management(caller(request), place.entity)
    found = place.secret(person(request), secret)
    if request.method != "POST":
        here = request.GET.urlencode()
        shown = {"secret": found, "secrets_here": f"?{here}" if here else ""}
        return _question(request, place, "delete_secret", shown)
    secrets.delete_secret(caller(request), found)
    announce(request, f"Secret {found.name} deleted.")
    return _changed(request, place, {})


@require_POST
@at_entity
def switch_integration(request: HttpRequest, place: EntityPlace, integration: int) -> HttpResponse:
    """`on=yes` sends again; anything else sends nothing until then."""
    require_management(caller(request), place.entity)
    found = place.integration(person(request), integration)
    if request.POST.get("on") == "yes":
        operations.switch_on(caller(request), found)
        announce(request, f"“{found.name}” sends again.")
    else:
        operations.switch_off(caller(request), found)
        announce(request, f"“{found.name}” is off: nothing is sent to it.")
    return go(request, place.page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_entity
def delete_integration(request: HttpRequest, place: EntityPlace, integration: int) -> HttpResponse:
    require_management(caller(request), place.entity)
    found = place.integration(person(request), integration)
    if request.method != "POST":
        return _question(request, place, "delete_integration", {"one": found})
    operations.delete_integration(caller(request), found)
    announce(request, f"“{found.name}” deleted. What it sent stays in the log.")
    return go(request, place.page)


def page_context(request: HttpRequest, place: EntityPlace) -> dict[str, Any]:
    user = person(request)
    wanted = Narrowing.read(request.GET, SORTS, SECRETS)
    kept = page_of_secrets(user, place.entity, wanted) if place.manages else None
    return {
        "place": place,
        "entity": place.entity,
        **_shown(request, place, Integration.Kind.WEBHOOK, "webhooks"),
        **_shown(request, place, Integration.Kind.SLACK, "slack_channels"),
        "secrets": kept,
        "secrets_filter": wanted,
        "secrets_here": "" if kept is None else wanted.at(kept.number),
        "secret_form": TypedForm.of(name="", value=""),
    }


def _shown(
    request: HttpRequest, place: EntityPlace, kind: Integration.Kind, name: str
) -> dict[str, Any]:
    """One of the lists, as the address asks for it."""
    wanted = Narrowing.read(request.GET, SORTS, NAMES[kind])
    found = integrations_of(person(request), place.entity, kind, wanted, manages=place.manages)
    return {name: found, f"{name}_filter": wanted}


def _question(
    request: HttpRequest, place: EntityPlace, name: str, asked: dict[str, Any]
) -> HttpResponse:
    """A dialog, or without script a page."""
    template = f"integrations/{'_' if wants_fragment(request) else ''}{name}.html"
    return answer(request, template, {"place": place, "entity": place.entity, **asked})


def _section(
    request: HttpRequest, place: EntityPlace, extra: dict[str, Any], status: int
) -> HttpResponse:
    template = "integrations/_secrets.html" if wants_fragment(request) else PAGE
    return answer(request, template, page_context(request, place) | extra, status)


def _changed(request: HttpRequest, place: EntityPlace, extra: dict[str, Any]) -> HttpResponse:
    """A value that is shown once is answered at once: another page could not know it."""
    if not wants_fragment(request):
        if extra.get("made"):
            return answer(request, PAGE, page_context(request, place) | extra)
        return go(request, place.page)
    context = page_context(request, place) | extra
    return answer(request, "integrations/_secrets_changed.html", context)
