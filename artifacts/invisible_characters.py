"""Characters that leave no mark: names that differ by one of them look the same."""

from __future__ import annotations

import re
import unicodedata

from accounts.errors import Invalid
from accounts.names import SELECTORS

# What Unicode calls default ignorable, but for the format characters, which names judge by their
# category. Then two signs that are blank: a pattern of braille without dots, a note without a head.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff\u2800\U0001d159]"
)
# What can be drawn as an emoji and is in no category of signs. Keys are emoji in their cap alone.
OTHER_EMOJI = "\u203c\u2049\u2139\u2194\u25fb\u25fc\u25fd\u25fe\u2934\u2935\u3030"
KEYS = "#*0123456789"
KEYCAP = "\u20e3"


def refuse_invisible(name: str, what: str, field: str = "name") -> None:
    """Invalid for a new name that has one. What is stored with one stays and can be removed."""
    found = invisible_in(name)
    if found:
        raise Invalid(
            "name_invisible",
            f"A {what} has no character that nobody sees; this has {found}.",
            field=field,
        )


def invisible_in(name: str) -> str:
    """The first of them as `U+FE0F`; "" of a name without."""
    found = (one for one in INVISIBLE.finditer(name) if not _shapes_emoji(name, one.start()))
    return next((f"U+{ord(one[0]):04X}" for one in found), "")


def _shapes_emoji(text: str, position: int) -> bool:
    """A selector behind a sign says whether that is drawn as text or as an emoji."""
    before, behind = text[max(position - 1, 0) : position], text[position + 1 : position + 2]
    if text[position] not in SELECTORS or not before:
        return False
    if before in KEYS:
        return behind == KEYCAP
    return before in OTHER_EMOJI or unicodedata.category(before) == "So"
