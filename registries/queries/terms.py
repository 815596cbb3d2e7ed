"""How a typed term finds names: on their folded form, as a substring."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from accounts.names import fold

LONGEST_TERM = 200
SHORT = 2
WORD_BREAKS = " _-."
_VERSION_OF = re.compile(r"(?P<collection>.+):(?P<alias>[^:]+)", re.DOTALL)


def askable(text: str) -> str:
    """What may be looked up: no database has NUL in a name, and PostgreSQL refuses to be asked."""
    return text.replace("\x00", "")


@dataclass(frozen=True)
class Term:
    text: str

    @classmethod
    def typed(cls, text: str) -> Term:
        """As it comes from an address: no NUL, no edges, not endless."""
        return cls(askable(text).strip()[:LONGEST_TERM])

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def folded(self) -> str:
        return fold(self.text)

    def matches(self, column: str = "folded") -> Q:
        """Anywhere in a name; one or two letters at the beginning of it or of a word in it."""
        if len(self.folded) > SHORT:
            return Q(**{f"{column}__contains": self.folded})
        found = Q(**{f"{column}__startswith": self.folded})
        for word_break in WORD_BREAKS:
            found |= Q(**{f"{column}__contains": word_break + self.folded})
        return found

    def version(self) -> tuple[Term, str] | None:
        """The two sides of `name:alias`, when it is written so."""
        parts = _VERSION_OF.fullmatch(self.text)
        if parts is None:
            return None
        return Term(parts["collection"].strip()), parts["alias"].strip()
