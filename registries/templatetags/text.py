"""Filters: how times, sizes, names and Markdown are written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.names import fold
from registries.templatetags.markdown import first_sentence, to_html

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = ("kB", "MB", "GB", "TB", "PB")


@register.filter
def ago(at: datetime | None) -> str:
    """`3 h ago` up to a day, `Yesterday`, `2 d ago` up to a week, then the date."""
    if at is None:
        return ""
    now = timezone.now()
    seconds = (now - at).total_seconds()
    if seconds < MINUTE:
        return "Just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    days = (now.astimezone(UTC).date() - at.astimezone(UTC).date()).days
    if days == 1:
        return "Yesterday"
    return f"{days} d ago" if days < 7 else short_date(at)


@register.filter
def short_date(at: datetime) -> str:
    """`12 Nov`, with the year when it is another."""
    at = at.astimezone(UTC)
    this_year = at.year == timezone.now().astimezone(UTC).year
    return f"{at.day} {at:%b}" if this_year else long_date(at)


@register.filter
def long_date(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y}"


@register.filter
def exact(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


@register.filter
def machine_time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@register.filter
def clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M}"


@register.filter
def size(count: int | None) -> str:
    """Bytes in decimal units: `9.7 kB`."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    amount, units = count / 1000, list(UNITS)
    while round(amount, 1) >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{amount:.1f} {units[0]}"


@register.filter
def initials(name: str) -> str:
    """`ZT` for `zoo-trainer`, `M` for `mira`."""
    words = [word for word in re.split(r"[-_. ]+", name) if word]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def marked(name: str, term: str) -> SafeString:
    """The name with what was searched for in <mark>. Escaped."""
    start = fold(name).find(fold(term)) if term else -1
    # Folding may change lengths; then nothing is marked rather than the wrong letters.
    if start < 0 or len(fold(name)) != len(name):
        return escape(name)
    end = start + len(fold(term))
    return mark_safe(  # noqa: S308 the three parts are escaped
        f"{escape(name[:start])}<mark>{escape(name[start:end])}</mark>{escape(name[end:])}"
    )


@register.filter
def as_json(value: Any) -> str:
    """On one line, with the letters people wrote."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def markdown(text: str | None, highest_heading: int = 3) -> SafeString:
    """`{{ text|markdown:2 }}` where only the page's title stands above it."""
    return to_html(text or "", highest_heading)


@register.filter
def first_line(text: str | None) -> str:
    """The first sentence of a card without its markup, for lists."""
    return first_sentence(text or "")


@register.filter
def path_segment(name: str) -> str:
    return quote(name, safe="")


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ 2|plural:"version,versions" }}` is `2 versions`."""
    one, many = words.split(",")
    return f"{count} {one if count == 1 else many}"


@register.filter
def at_most(count: int, most: int) -> str:
    """`{{ 1001|at_most:1000 }}` is `1,000+`: what was counted no further than that."""
    return f"{most:,}+" if count > most else str(count)
