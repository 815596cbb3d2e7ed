"""Filters: how times, sizes, names and Markdown are written."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from accounts.names import fold
from registries import fingerprints
from registries.templatetags.markdown import first_sentence, to_html

register = template.Library()
register.filter("fingerprint", fingerprints.fingerprint)

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


@register.simple_tag
def time(at: datetime | None, form: str = "ago") -> SafeString | str:
    """A moment in `form`: `ago`, `date`, or the `clock` of its day. Exact when pointed at.

    Nothing for None. Written here and not as a component: lists have hundreds.
    """
    if at is None:
        return ""
    at = at.astimezone(UTC)
    words = {"ago": ago, "date": long_date, "clock": _clock}[form](at)
    machine = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    written = f'<time datetime="{machine}" title="{exact(at)}">{words}</time>'
    return mark_safe(written)  # noqa: S308 numbers and the names of months


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


@register.simple_tag
def options(choices: Iterable[tuple[object, object] | str], chosen: object = "") -> SafeString:
    """Of a select: pairs of value and words, or words that are the value. There may be hundreds.

    Each says its value: of words alone a browser runs the spaces together.
    """
    written, wanted = [], str(chosen)
    for choice in choices:
        value, words = choice if isinstance(choice, tuple) else (choice, choice)
        selected = " selected" if str(value) == wanted else ""
        value, words = html.escape(str(value)), html.escape(str(words))
        written.append(f'<option value="{value}"{selected}>{words}</option>')
    return mark_safe("".join(written))  # noqa: S308 each part is escaped


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
def shortened(text: str, most: int) -> str:
    """Of what is longer the beginning and `…`. For digests and the like, whose letters need no
    care: Django's own looks at each of them."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


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
        return mark_safe(html.escape(name))  # noqa: S308 it is escaped
    end = start + len(fold(term))
    return mark_safe(  # noqa: S308 the three parts are escaped
        f"{html.escape(name[:start])}<mark>{html.escape(name[start:end])}</mark>"
        f"{html.escape(name[end:])}"
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
def plural(count: int, words: str) -> str:
    """`{{ 2|plural:"version,versions" }}` is `2 versions`."""
    one, many = words.split(",")
    return f"{count} {one if count == 1 else many}"


@register.filter
def at_most(count: int, most: int) -> str:
    """`{{ 1001|at_most:1000 }}` is `1,000+`: what was counted no further than that."""
    return f"{most:,}+" if count > most else str(count)
