"""Addresses of pages, put together from a shape that is looked up once.

`reverse()` tries patterns and quotes every part anew, for each of the hundreds of addresses of a
page. What is to be quoted, or is nothing an address of this server has, is still its to write.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse

# Nothing to quote, no part that is empty or begins with a dot.
PLAIN = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")
# Stand for the parts while a shape is looked up: numbers, since some parts take nothing else.
FIRST_STAND_IN = 730_000_001
# A converter that takes this takes whatever is plain; of others `reverse()` is asked.
ANY_TEXT = "Any-1.0"


def server_address() -> str:
    """What comes before a path where there is no request, without a slash at its end: the address
    people use, or without that setting the one of a server that is started in this environment.
    """
    return str(settings.WAYMARK_BASE_URL or settings.WAYMARK_LOCAL_URL)


def address_of(name: str, *parts: str | int) -> str:
    """What `reverse(name, args=parts)` tells; NoReverseMatch where it has no such address. Parts
    are those of a row: what a converter refuses (a number too long) is not looked for.
    """
    shape = _shape(name, len(parts))
    address = _filled(shape, parts) if shape else ""
    return address or reverse(name, args=parts)


class _Shape(NamedTuple):
    """With `%s` for a part that is text and `%d` for one that is a number."""

    text: str
    ends_in_a_path: bool


def _filled(shape: _Shape, parts: tuple[str | int, ...]) -> str:
    """Nothing where `reverse()` would quote a part or refuse it."""
    try:
        address = shape.text % parts
    except TypeError:
        return ""
    slashes = shape.text.count("/")
    if shape.ends_in_a_path:
        slashes += str(parts[-1]).count("/")
    is_whole = address.count("/") == slashes and "" not in parts
    return address if is_whole and PLAIN.fullmatch(address) else ""


@cache
def _shape(name: str, count: int) -> _Shape | None:
    """None where parts are not to be found again."""
    stand_ins = [str(FIRST_STAND_IN + number) for number in range(count)]
    address = _reversed(name, stand_ins)
    for at, one in enumerate(stand_ins):
        takes_text = _reversed(name, [*stand_ins[:at], ANY_TEXT, *stand_ins[at + 1 :]])
        address = address.replace(one, "%s" if takes_text else "%d")
    if not address or address.count("%") != count:
        return None
    return _Shape(address, count > 0 and bool(_reversed(name, [*stand_ins[:-1], "1/1"])))


def _reversed(name: str, parts: list[str]) -> str:
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""
