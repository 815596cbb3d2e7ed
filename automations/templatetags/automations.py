"""Tags: what the pages of a registry or project say of its automations beside their own list."""

from __future__ import annotations

from typing import Any

from django import template

from automations.queries.automations import AutomationCounts, counts_of_home

register = template.Library()


@register.simple_tag(takes_context=True)
def automation_counts(context: dict[str, Any], place: Any) -> AutomationCounts:
    """`{% automation_counts place as counts %}`: `counts.automations`, `counts.notes`."""
    return counts_of_home(context["user"], place.home)
