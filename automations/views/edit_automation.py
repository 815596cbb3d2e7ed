"""The form of an automation: made, changed, and what it helps with while it is filled in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import Invalid, RegistryError
from automations.forms.automation import TypedAutomation
from automations.forms.stored_now import OF_AUTOMATION, stored_now, words_of_automation
from automations.kinds import IN_REGISTRIES, EventKind
from automations.models import Automation, Integration
from automations.operations import automations as operations
from automations.permissions import require_own_or_shared, usable_integrations
from automations.queries.matches import matches_of
from automations.templates import ACCESS_TOKEN, VARIABLES
from automations.views.places import (
    AutomationPlace,
    ScopePlace,
    at_automation,
    caller,
    in_scope,
    person,
)
from automations.views.preview import CODES_OF_PATTERNS, preview_context
from registries.forms.typed import TypedForm
from registries.operations.seen import CHANGED_MEANWHILE
from registries.roles import Right
from registries.views.answers import announce, answer, go

PAGE = "automations/edit_automation.html"
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@in_scope
def create_automation(request: HttpRequest, place: ScopePlace) -> HttpResponse:
    """`check` shows what the pattern matches and what would be sent, and saves nothing."""
    place.access.require(Right.EDIT_AUTOMATION)
    if request.method != "POST":
        return _show(request, place, TypedAutomation.fresh(request.GET))
    typed = TypedAutomation.sent(request.POST)
    if "check" in request.POST:
        return _show(request, place, typed)
    try:
        made = operations.create_automation(
            caller(request),
            typed.scope(place.home, place.name) or place.home,
            typed.values["name"],
            typed.values["event_kind"],
            typed.chosen_action(person(request), place.home),
            filter=typed.kept_filter(),
            description=typed.values["description"] or None,
            enabled=bool(typed.values["enabled"]),
        )
    except RegistryError as refusal:
        return _show(request, place, typed, refusal)
    announce(request, f"Automation “{made.name}” created.")
    return go(request, reverse("automation", args=[made.pk]))


@require_http_methods(METHODS)
@at_automation
def edit_automation(request: HttpRequest, place: AutomationPlace) -> HttpResponse:
    place.access.require(Right.EDIT_AUTOMATION)
    require_own_or_shared(caller(request), place.automation)
    if request.method != "POST":
        return _show(request, place, TypedAutomation.of(place.automation))
    typed = TypedAutomation.sent(request.POST)
    if "check" in request.POST:
        return _show(request, place, typed)
    try:
        operations.edit_automation(
            caller(request),
            place.automation,
            name=typed.values["name"],
            description=typed.values["description"],
            enabled=typed.switched(),
            scope=typed.scope(place.home, place.name) or place.home,
            kind=typed.values["event_kind"],
            filter=typed.kept_filter(),
            action=typed.chosen_action(person(request), place.home),
            seen=typed.values["seen"] or None,
        )
    except RegistryError as refusal:
        if refusal.code == CHANGED_MEANWHILE:
            return _show_stored(request, place, typed, refusal)
        return _show(request, place, typed, refusal)
    announce(request, f"Automation “{typed.values['name']}” saved.")
    return go(request, place.page)


@require_safe
@in_scope
def pattern_matches(request: HttpRequest, place: ScopePlace) -> HttpResponse:
    """The names that the pattern being typed would find."""
    place.access.require(Right.EDIT_AUTOMATION)
    typed = TypedAutomation.sent(request.GET)
    return answer(request, "automations/_matches.html", _matches(place, typed))


def _matches(place: ScopePlace, typed: TypedAutomation) -> dict[str, Any]:
    pattern = typed.values["pattern"]
    context: dict[str, Any] = {"place": place, "pattern": pattern}
    if not pattern:
        return context
    try:
        kind = typed.values["event_kind"]
        context["matches"] = matches_of(
            place.home, typed.scope(place.home, place.name), kind, pattern
        )
    except Invalid as refusal:
        # What is wrong with another field is not said beside the pattern.
        if refusal.field != "collection":
            context["matches_error"] = refusal.sentence
    return context


def _show_stored(
    request: HttpRequest, place: AutomationPlace, typed: TypedAutomation, refusal: RegistryError
) -> HttpResponse:
    """What somebody else has saved meanwhile is shown; what is saved again replaces it."""
    place.automation.refresh_from_db()
    stored = TypedAutomation.of(place.automation).values
    words = words_of_automation(place.automation)
    told = stored_now(OF_AUTOMATION, stored, typed.values, words)
    again = TypedAutomation(typed.values | {"seen": stored["seen"]})
    return _show(request, place, again, refusal, told)


def _show(
    request: HttpRequest,
    place: ScopePlace,
    typed: TypedAutomation,
    refusal: RegistryError | None = None,
    stored: str = "",
) -> HttpResponse:
    form = TypedForm.of(**typed.values)
    if refusal is not None:
        of_filter = "filter" if typed.values["filter"] else "pattern"
        beside = {"integration": typed.values["action"], "filter": of_filter}
        if refusal.code in CODES_OF_PATTERNS:
            beside[""] = of_filter
        form = TypedForm.refused(refusal, typed.values, beside)
    usable = usable_integrations(person(request), place.home).order_by("entity__name", "name")
    integrations = list(usable.values_list("kind", "pk", "name", "entity__name")[:500])
    context = {
        "place": place,
        "form": form,
        "kinds": _kinds(place, typed.values["event_kind"]),
        "webhooks": _options(integrations, Integration.Kind.WEBHOOK),
        "channels": _options(integrations, Integration.Kind.SLACK),
        "severities": Automation.Severity.choices,
        "variables": [ACCESS_TOKEN, *VARIABLES],
        "entity": place.home.entity,
        **_matches(place, typed),
        **preview_context(request, place, typed, _number_of(place)),
        "refusal": refusal,
        "stored_now": stored,
    }
    if refusal is not None:
        # Said once, beside its field.
        context["preview_error"] = ""
        context["matches_error"] = form.fields["pattern"].error or context.get("matches_error", "")
    return answer(request, PAGE, context, refusal.status if refusal else 200)


def _number_of(place: ScopePlace) -> int | None:
    return place.automation.pk if isinstance(place, AutomationPlace) else None


def _kinds(place: ScopePlace, chosen: str) -> list[tuple[str, str]]:
    """A metric and its threshold are named by the SDK: the event is offered where it stands."""
    kinds = IN_REGISTRIES if place.is_registry else tuple(EventKind)
    offered = [kind for kind in kinds if kind != EventKind.RUN_METRIC or kind.value == chosen]
    return [(kind.value, kind.label) for kind in offered]


def _options(integrations: list[tuple[str, int, str, str]], kind: str) -> list[tuple[int, str]]:
    return [(pk, f"{name} ({owner})") for of, pk, name, owner in integrations if of == kind]
