"""The icons of pages, each a part of one file of pictures."""

from __future__ import annotations

from functools import cache

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


@cache
def icon(name: str, *, small: bool = True) -> SafeString:
    """As `components/icon.html` writes it. Kept: a page has hundreds of the same few."""
    classes = "icon icon--small" if small else "icon"
    address = escape(static("images/icons.svg"))
    written = f'<svg class="{classes}" aria-hidden="true"><use href="{address}#{name}"/></svg>'
    return mark_safe(written)  # noqa: S308 names are our own
