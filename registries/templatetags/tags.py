"""Tags of collections and versions, and lists of them.

Written here and not as a component: a page of versions has a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

from accounts.addresses import address_of
from registries.icons import icon
from registries.templatetags.text import marked

register = template.Library()

LONG = 24


@register.simple_tag(name="tag")
def one_tag(
    name: str, *, href: str = "", term: str = "", field: bool = False, remove: bool = False
) -> SafeString:
    """As a link with `href`, else as text. `term` is what was searched for. `field` shows the name
    whole; `remove` adds the button that takes it off: it belongs to the form around the field.
    """
    escaped = escape(name)
    title = f' title="{escaped}"' if len(name) > LONG else ""
    inside = f'<span class="tag__name"><bdi>{marked(name, term)}</bdi></span>'
    if href:
        written = f'<a class="tag" href="{escape(href)}"{title}>{inside}</a>'
    else:
        kinds = {"field": field, "removable": remove}
        classes = " ".join(["tag", *(f"tag--{kind}" for kind, is_so in kinds.items() if is_so)])
        button = _button(escaped) if remove else ""
        written = f'<span class="{classes}"{title}>{inside}{button}</span>'
    return mark_safe(written)  # noqa: S308 each part is escaped


@register.simple_tag
def tag_list(names: Sequence[str], organization: str = "", *, most: int = 1000) -> SafeString:
    """Each a link to the search of the organization, where there is one. `most` bounds a row."""
    search = address_of("search", organization) if organization else ""
    shown: list[str] = [
        one_tag(name, href=f"{search}?q={quote(name, safe='')}" if search else "")
        for name in names[:most]
    ]
    if len(names) > most:
        shown.append(f'<span class="badges__more">{len(names)} in all</span>')
    items = "".join(f"<li>{one}</li>" for one in shown)
    return mark_safe(f'<ul class="tags">{items}</ul>')  # noqa: S308 each part is escaped


def _button(name: str) -> str:
    return (
        f'<button type="submit" class="tag__remove" name="removed" value="{name}"'
        f' aria-label="Remove tag {name}">{icon("x")}</button>'
    )
