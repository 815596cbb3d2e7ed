"""`{% csrf_token %}` as Django has it, written once for the dozens of forms of a page."""

from __future__ import annotations

from django.template import Library
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode

register = Library()
WRITTEN = "waymark.csrf_input"


class InputNode(CsrfTokenNode):
    def render(self, context: Context) -> str:
        request = context.get("request")
        if request is None:
            return super().render(context)
        written: str
        secret, written = request.META.get(WRITTEN, ("", ""))
        # Signing in changes it, perhaps between two templates.
        if not secret or secret != request.META.get("CSRF_COOKIE"):
            written = super().render(context)
            request.META[WRITTEN] = (request.META.get("CSRF_COOKIE"), written)
        return written


@register.tag
def csrf_token(parser: Parser, token: Token) -> InputNode:
    return InputNode()
