"""The badge of an alias or a version number, the mark this product is known by.

Written here and not as a component: a page of versions has a hundred, a version may carry a
thousand, and a component takes eight times as long for each.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from registries.icons import icon
from registries.templatetags.text import marked

register = template.Library()

LONG = 24


@register.simple_tag
def badge(
    name: str,
    *,
    href: str = "",
    term: str = "",
    protected: bool = False,
    number: bool = False,
    field: bool = False,
    remove: bool = False,
) -> SafeString:
    """`protected` draws an alias gray with a lock; `number` draws a version number. With `href` it
    is a link. `term` is what was searched for. `field` shows the name whole, as in the Aliases
    field. `remove` adds the button that takes it off; it belongs to the form around the field.
    """
    kinds = {"number": number, "protected": protected, "field": field, "removable": remove}
    classes = " ".join(["badge", *(f"badge--{kind}" for kind, is_so in kinds.items() if is_so)])
    title = f' title="{escape(name)}"' if len(name) > LONG and not field else ""
    lock = f'{icon("lock")}<span class="hidden-visually">protected </span>' if protected else ""
    inside = f'{lock}<span class="badge__name"><bdi>{marked(name, term)}</bdi></span>'
    if href:
        written = f'<a class="{classes}" href="{escape(href)}"{title}>{inside}</a>'
    else:
        button = _button(name) if remove else ""
        written = f'<span class="{classes}"{title}>{inside}{button}</span>'
    return mark_safe(written)  # noqa: S308 each part is escaped


@register.simple_tag
def badge_row(row: Any, href: str) -> SafeString:
    """The aliases of a version, an `AliasRow`: some, all protected ones among them, and a count."""
    shown: list[str] = [badge(one.name, protected=one.protected, href=href) for one in row.shown]
    if row.hidden:
        shown.append(f'<a class="badges__more" href="{escape(href)}">{row.hidden} more</a>')
    items = "".join(f"<li>{one}</li>" for one in shown)
    return mark_safe(f'<ul class="badges">{items}</ul>')  # noqa: S308 each part is escaped


def _button(name: str) -> str:
    name = escape(name)
    return (
        f'<button type="submit" class="badge__remove" name="alias" value="{name}"'
        f' aria-label="Remove alias {name}">{icon("x")}</button>'
    )
