"""Regular expressions from outside: RE2, whose time is linear in the text.

What RE2 does not know (look-around, back-references) is refused with a sentence. A pattern
never reaches a database.
"""

from __future__ import annotations

from collections.abc import Callable

import re2

from accounts.errors import Invalid

LONGEST = 1000


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
