"""How a typed term finds names: on their folded form, as a substring."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from accounts.names import fold
from registries.search_index import START, WORD_BREAKS, marked, token_of_home

LONGEST_TERM = 200
SHORT = 2
_VERSION_OF = re.compile(r"(?:(?P<home>.+)/)?(?P<collection>[^/]+):(?P<alias>[^:]+)", re.DOTALL)


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

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def begins_names_alone(self) -> bool:
        """One or two letters of which the first stands between words: no word begins so."""
        return 0 < len(self.folded) <= SHORT and self.folded[0] in WORD_BREAKS

    @property
    def _breaks(self) -> str:
        """Behind which a word begins that a short term may begin."""
        return "" if self.begins_names_alone else WORD_BREAKS

    @cached_property
    def _words(self) -> list[str]:
        return [sign + self.folded for sign in self._breaks]

    def matches(self, column: str = "folded") -> Q:
        """Anywhere in a name; one or two letters at the beginning of it or of a word in it."""
        if len(self.folded) > SHORT:
            return Q(**{f"{column}__contains": self.folded})
        found = Q(**{f"{column}__startswith": self.folded})
        for word in self._words:
            found |= Q(**{f"{column}__contains": word})
        return found

    def is_in(self, folded: str) -> bool:
        """The same for a name that is read already."""
        if len(self.folded) > SHORT:
            return self.folded in folded
        return folded.startswith(self.folded) or any(word in folded for word in self._words)

    def patterns(self) -> list[str]:
        """The same for LIKE, with a backslash before its own signs."""
        plain = re.sub(r"([\\%_])", r"\\\1", self.folded)
        if len(self.folded) > SHORT:
            return [f"%{plain}%"]
        signs = ["\\_" if sign == "_" else sign for sign in self._breaks]
        return [f"{plain}%", *(f"%{sign}{plain}%" for sign in signs)]

    def trigrams(self, homes: Iterable[int] = ()) -> str:
        """The same for SQLite's FTS5, in these projects alone when some are named. What begins
        names alone is found inside as well: the index does not tell."""
        short = len(self.folded) <= SHORT
        phrase = (START * 2 if short else "") + marked(self.folded)
        asked = f"name : {_quoted(phrase)}"
        tokens = " OR ".join(_quoted(token_of_home(home)) for home in homes)
        return f"{asked} AND home : ({tokens})" if tokens else asked

    def version(self) -> NamedVersion | None:
        """The parts of `name:alias` or `organization/registry/name:alias`, when written so."""
        parts = _VERSION_OF.fullmatch(self.text)
        if parts is None:
            return None
        owner, _, home = (parts["home"] or "").rpartition("/")
        collection, alias = Term(parts["collection"].strip()), parts["alias"].strip()
        return NamedVersion(Term(owner.strip()), Term(home.strip()), collection, alias)


@dataclass(frozen=True)
class NamedVersion:
    """`owner` and `home` are empty where any fits. `home` is a registry or its project."""

    owner: Term
    home: Term
    collection: Term
    alias: str


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
