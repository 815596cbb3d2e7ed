"""The address people and scripts reach this server by."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def server_address(context: Context) -> str:
    """Without a slash at its end: the operator's setting, else that of the request."""
    if settings.WAYMARK_BASE_URL:
        return str(settings.WAYMARK_BASE_URL).rstrip("/")
    request = context["request"]
    return f"{request.scheme}://{request.get_host()}"
