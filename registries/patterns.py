"""Regular expressions from outside: RE2, whose time is linear in the text.

What RE2 does not know (look-around, back-references) is refused with a sentence. A pattern
never reaches a database.
"""

from __future__ import annotations

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
