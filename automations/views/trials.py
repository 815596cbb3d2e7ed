"""Test: one sample at once, and its answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from automations.models import DeliveryAttempt
from automations.operations import trials as operations
from automations.permissions import require_management
from automations.queries.delivery import ShownAttempt
from automations.views.places import (
    AutomationPlace,
    EntityPlace,
    at_automation,
    at_entity,
    caller,
    person,
)
from registries.roles import Right
from registries.views.answers import answer, retarget, wants_fragment


@require_POST
@at_entity
def test_integration(request: HttpRequest, place: EntityPlace, integration: int) -> HttpResponse:
    require_management(caller(request), place.entity)
    found = place.integration(person(request), integration)
    attempt = operations.try_integration(caller(request), found)
    return _shown(request, attempt, found.name, place.page)


@require_POST
@at_automation
def test_automation(request: HttpRequest, place: AutomationPlace) -> HttpResponse:
    """With the last real event, or a sample before the first."""
    place.access.require(Right.EDIT_AUTOMATION)
    attempt = operations.try_automation(caller(request), place.automation)
    return _shown(request, attempt, place.automation.name, place.page)


def _shown(request: HttpRequest, attempt: DeliveryAttempt, name: str, back: str) -> HttpResponse:
    context = {
        "one": ShownAttempt(attempt),
        "attempt": attempt,
        "works": attempt.status is not None and 200 <= attempt.status < 300,
        "name": name,
        "back": back,
    }
    if wants_fragment(request):
        fragment = answer(request, "deliveries/_trial.html", context)
        return retarget(fragment, "dialog", "innerHTML")
    return answer(request, "deliveries/trial.html", context)
