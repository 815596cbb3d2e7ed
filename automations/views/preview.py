"""What would be sent, while the form is filled in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.errors import RegistryError
from automations.forms.automation import TypedAutomation
from automations.kinds import EventKind
from automations.queries.preview import preview_of
from automations.views.places import ScopePlace, in_scope, person
from registries.roles import Right
from registries.views.answers import answer


@require_POST
@in_scope
def preview_message(request: HttpRequest, place: ScopePlace) -> HttpResponse:
    """Changes nothing; it is a POST because a template may be longer than an address."""
    place.access.require(Right.EDIT_AUTOMATION)
    context = preview_context(request, place, TypedAutomation.sent(request.POST))
    return answer(request, "automations/_preview.html", context)


def preview_context(
    request: HttpRequest, place: ScopePlace, typed: TypedAutomation
) -> dict[str, Any]:
    """`preview`, or `preview_error` with what is wrong and where; nothing before it is chosen."""
    kind, action = typed.values["event_kind"], typed.values["action"]
    if kind not in EventKind.values or action not in {"webhook", "slack"}:
        return {}
    if not typed.values[action]:
        return {}
    try:
        chosen = typed.chosen_action(person(request), place.home)
        scope = typed.scope(place.home, place.name)
        wanted = typed.kept_filter()
        return {"preview": preview_of(place.home, scope, EventKind(kind), chosen, wanted)}
    except RegistryError as refusal:
        return {"preview_error": refusal.sentence}
