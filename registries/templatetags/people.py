"""People and teams in lists: a round picture of their letters, and the name.

Written here and not as a component: lists have hundreds, and a component takes eight times as long.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from registries.templatetags.text import initials

register = template.Library()


@register.simple_tag
def person(name: str, *, team: bool = False) -> SafeString:
    """`team` draws the picture of a team."""
    picture = "avatar avatar--team" if team else "avatar"
    return mark_safe(  # noqa: S308 each part is escaped
        f'<span class="person"><span class="{picture}" aria-hidden="true">'
        f"{escape(initials(name))}</span>{escape(name)}</span>"
    )
