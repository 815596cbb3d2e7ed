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

# Patterns are refused without a field: they stand in searches as well.
CODES_OF_PATTERNS = {"pattern", "pattern_length"}


@require_POST
@in_scope
def preview_message(request: HttpRequest, place: ScopePlace) -> HttpResponse:
    """Changes nothing; it is a POST because a template may be longer than an address.

    `automation` in the address is the number of the one that is changed.
    """
    place.access.require(Right.EDIT_AUTOMATION)
    number = request.GET.get("automation", "")
    automation_id = int(number) if number.isdecimal() and len(number) < 18 else None
    context = preview_context(request, place, TypedAutomation.sent(request.POST), automation_id)
    return answer(request, "automations/_preview.html", context)


def preview_context(
    request: HttpRequest,
    place: ScopePlace,
    typed: TypedAutomation,
    automation_id: int | None = None,
) -> dict[str, Any]:
    """`preview`, or `preview_error` with what is wrong and where; nothing before it is chosen, and
    nothing of a pattern: what is wrong with it stands beside it."""
    kind, action = typed.values["event_kind"], typed.values["action"]
    if kind not in EventKind.values or action not in {"webhook", "slack"}:
        return {}
    if not typed.values[action]:
        return {}
    try:
        chosen = typed.chosen_action(person(request), place.home)
        scope = typed.scope(place.home, place.name)
        wanted = typed.kept_filter()
        one = (automation_id, typed.values["name"])
        return {"preview": preview_of(place.home, scope, EventKind(kind), chosen, wanted, one)}
    except RegistryError as refusal:
        of_filter = refusal.field == "filter" or refusal.code in CODES_OF_PATTERNS
        beside = of_filter and not typed.values["filter"]
        return {} if beside else {"preview_error": refusal.sentence}
