"""One automation: what it does, switched on and off, deleted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from automations.operations import automations as operations
from automations.queries.automations import AutomationRow
from automations.queries.deliveries import DeliveryFilter, deliveries_of
from automations.views.places import AutomationPlace, at_automation, caller, person
from registries.roles import Right
from registries.views.answers import announce, answer, go, wants_fragment

PAGE = "automations/automation.html"


@require_safe
@at_automation
def automation(request: HttpRequest, place: AutomationPlace) -> HttpResponse:
    """Its messages are below, for those who may edit it."""
    wanted = DeliveryFilter.read(request.GET)
    context = {
        "place": place,
        "row": AutomationRow(place.automation),
        "automation": place.automation,
        "may_edit": place.may_edit,
        "filter": wanted,
        "list_page": place.page,
        "current_page": place.section,
    }
    if place.may_edit:
        context["deliveries"] = deliveries_of(
            person(request), wanted, request.GET.get("page", ""), automation=place.automation
        )
    fragment = wants_fragment(request, "deliveries") and place.may_edit
    return answer(request, "deliveries/_deliveries.html" if fragment else PAGE, context)


@require_POST
@at_automation
def switch_automation(request: HttpRequest, place: AutomationPlace) -> HttpResponse:
    """`on=yes` or off."""
    place.access.require(Right.EDIT_AUTOMATION)
    on = request.POST.get("on") == "yes"
    operations.edit_automation(caller(request), place.automation, enabled=on)
    announce(request, f"“{place.automation.name}” is {'on' if on else 'off'}.")
    return go(request, place.page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_automation
def delete_automation(request: HttpRequest, place: AutomationPlace) -> HttpResponse:
    place.access.require(Right.EDIT_AUTOMATION)
    if request.method == "POST":
        operations.delete_automation(caller(request), place.automation)
        announce(request, f"Automation “{place.automation.name}” deleted.")
        return go(request, place.list_page)
    context = {"place": place, "automation": place.automation}
    name = "_delete_automation" if wants_fragment(request) else "delete_automation"
    return answer(request, f"automations/{name}.html", context)
