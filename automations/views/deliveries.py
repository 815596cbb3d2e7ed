"""The console of messages: of a registry, and each message with its attempts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Invalid
from accounts.permissions import require_organization_admin
from artifacts.models import Project
from automations.models import Automation, Delivery, Integration
from automations.operations import deliveries as operations
from automations.queries.deliveries import DeliveryFilter, deliveries_left_to, deliveries_of
from automations.queries.delivery import shown_delivery
from automations.queries.failures import switched_off_since
from automations.views.places import (
    AutomationPlace,
    DeliveryPlace,
    LeftDelivery,
    at_automation,
    at_delivery,
    caller,
    person,
)
from registries.queries.days import typed_moment
from registries.roles import Right
from registries.templatetags.text import plural
from registries.views.answers import announce, answer, go, retarget, wants_fragment
from registries.views.people.places import OrganizationPlace, among_members
from registries.views.places import HomePlace, in_home


@require_safe
@in_home
def home_deliveries(request: HttpRequest, place: HomePlace) -> HttpResponse:
    place.access.require(Right.EDIT_AUTOMATION)
    wanted = DeliveryFilter.read(request.GET)
    context = {
        "place": place,
        "filter": wanted,
        "list_page": f"{place.home_page}/messages",
        "deliveries": deliveries_of(
            person(request),
            wanted,
            request.GET.get("page", ""),
            project=place.home,
        ),
        "tab": "automations",
        "current_page": place.section,
    }
    fragment = wants_fragment(request, "deliveries")
    template = "deliveries/_deliveries.html" if fragment else "deliveries/home_deliveries.html"
    return answer(request, template, context)


@require_safe
@among_members
def organization_deliveries(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    """What registries and projects left behind that are deleted: requests and answers are for
    admins."""
    require_organization_admin(caller(request), place.organization)
    wanted, page = DeliveryFilter.read(request.GET), request.GET.get("page", "")
    context = {
        "organization": place.organization,
        "filter": wanted,
        "list_page": request.path,
        "deliveries": deliveries_left_to(person(request), place.organization, wanted, page),
    }
    fragment = wants_fragment(request, "deliveries")
    name = "_deliveries" if fragment else "organization_deliveries"
    return answer(request, f"deliveries/{name}.html", context)


@require_safe
@at_delivery
def delivery(request: HttpRequest, place: DeliveryPlace | LeftDelivery) -> HttpResponse:
    manages: bool = place.delivery.is_managed  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "place": place,
        "delivery": place.delivery,
        "shown": shown_delivery(place.delivery, whole=manages),
        "current_page": place.section,
    }
    if not wants_fragment(request, "delivery-facts"):
        context["checks_signatures"] = manages and _is_signed(place.delivery.integration)
        return answer(request, "deliveries/delivery.html", context)
    # What is read or copied from the attempts stays as it is until there is another one.
    waits = place.delivery.state == Delivery.State.PENDING
    if waits and request.GET.get("seen") == str(place.delivery.attempt_count):
        return answer(request, "deliveries/_delivery_facts.html", context)
    return retarget(answer(request, "deliveries/_delivery.html", context), "delivery")


def _is_signed(integration: Integration | None) -> bool:
    if integration is None or integration.deleted_at is not None:
        return False
    return integration.signing_secret_id is not None


@require_POST
@at_delivery
def send_again(request: HttpRequest, place: DeliveryPlace | LeftDelivery) -> HttpResponse:
    operations.send_again(caller(request), place.delivery)
    announce(request, "It is sent again, under the webhook-id it had.")
    return go(request, request.path.removesuffix("/again"))


@require_POST
@at_automation
def send_failed_again(request: HttpRequest, place: AutomationPlace) -> HttpResponse:
    _send_failed(request, place.home, place.automation)
    return go(request, place.page)


@require_POST
@in_home
def send_home_failed_again(request: HttpRequest, place: HomePlace) -> HttpResponse:
    _send_failed(request, place.home, None)
    return go(request, f"{place.home_page}/messages")


def _send_failed(request: HttpRequest, home: Project, automation: Automation | None) -> None:
    since = typed_moment(request.POST.get("since", ""))
    if since is None:
        raise Invalid("since", "Choose the time since which messages are sent again.")
    count = operations.send_failed_again(caller(request), home, since, automation=automation)
    said = f"{plural(count, 'message,messages')} sent again."
    off = switched_off_since(home, since, automation)
    if off:
        said += f" What {' and '.join(off[:3])} missed stays: switch it on first."
    announce(request, said)
