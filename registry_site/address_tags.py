"""`{% url %}` as Django has it, with addresses put together from their shapes."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as usual
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from accounts.addresses import address_of

register = Library()


class AddressNode(URLNode):
    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        # Names of a namespace depend on the page that is shown.
        if self.kwargs or ":" in name:
            return super().render(context)
        try:
            address = address_of(name, *[part.resolve(context) for part in self.args])
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = address
            return ""
        return conditional_escape(address) if context.autoescape else address


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    node: Any = usual(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
