"""Regular expressions from outside: RE2, whose time is linear in the text.

What RE2 does not know (look-around, back-references) is refused with a sentence. No database is
asked a pattern; a plain part of one may be looked for as any other term.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import re2

from accounts.errors import Invalid

LONGEST = 1000
_WITH_A_MEANING_BEYOND = "|()[]\\{}"


def pattern(text: str) -> re2._Regexp:
    if len(text) > LONGEST:
        raise Invalid("pattern_length", "A pattern has at most 1,000 characters.")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options=options)
    except re2.error as error:
        raise Invalid(
            "pattern", f"The pattern “{text[:100]}” is not supported. Patterns are RE2."
        ) from error


def literal_of(text: str) -> str:
    """The longest part that every name the pattern finds has as it stands; "" where this cannot be
    said at a glance. An index finds names by it, so that the pattern tries few."""
    if any(sign in text for sign in _WITH_A_MEANING_BEYOND):
        return ""
    # The letter before one of these may be missing.
    plain = re.sub(r".[*?]+", "\n", text, flags=re.DOTALL)
    # No name has NUL, and no database is asked for it.
    return max(re.split(r"[\n.^$+\x00]", plain), key=len)


def name_of(text: str) -> str:
    """The only name the pattern finds; "" where it may find others."""
    only = re.fullmatch(r"\^([\w -]+)\$", text)
    return only[1] if only else ""


def finder(text: str) -> Callable[[str], bool]:
    """Whether the pattern is found in a name. Invalid as `pattern`.

    A thousand of them may be asked about one alias, so this leaves out what re2's own `search`
    does beside: generators, and offsets in characters.
    """
    match, anywhere = pattern(text)._regexp.Match, re2._re2.RE2.Anchor.UNANCHORED
    nowhere = (-1, -1)

    def is_found(name: str) -> bool:
        encoded = name.encode()
        return bool(match(anywhere, encoded, 0, len(encoded))[0] != nowhere)

    return is_found
