"""How a typed term finds names: on their folded form, as a substring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from django.db.models import Q

from accounts.names import fold
from accounts.stand_ins import Shape
from registries.search_index import START, WORD_BREAKS, marked, token_of_home

LONGEST_TERM = 200
SHORT = 2
_VERSION_OF = re.compile(r"(?:(?P<home>.+)/)?(?P<collection>[^/]+):(?P<alias>[^:]+)", re.DOTALL)


def askable(text: str) -> str:
    """What may be looked up: no database has NUL in a name, and PostgreSQL refuses to be asked."""
    return text.replace("\x00", "")


@dataclass(frozen=True)
class Likeness(Shape):
    """Where letters are looked for: anywhere in a name, or at its beginning and that of each word
    in it. `breaks` are the signs behind which words begin."""

    breaks: str
    anywhere: bool

    def of(self, folded: str) -> Q:
        if self.anywhere:
            return Q(folded__contains=folded)
        found = Q(folded__startswith=folded)
        for sign in self.breaks:
            found |= Q(folded__contains=sign + folded)
        return found


def spelled(spellings: Iterable[str], *columns: str) -> Q:
    """Whether one of them is somewhere in one of the columns; all fit where there are none."""
    found = Q()
    for column, spelling in product(columns, spellings):
        found |= Q(**{f"{column}__icontains": spelling})
    return found


@dataclass(frozen=True)
class Term:
    text: str

    @classmethod
    def typed(cls, text: str) -> Term:
        """As it comes from an address: no NUL, no edges, not endless. What nobody sees is none."""
        term = cls(askable(text).strip()[:LONGEST_TERM])
        return term if term else cls("")

    def __bool__(self) -> bool:
        """Joiners alone are in every name."""
        return bool(self.folded)

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def begins_names_alone(self) -> bool:
        """One or two letters of which the first stands between words: no word begins so."""
        return 0 < len(self.folded) <= SHORT and self.folded[0] in WORD_BREAKS

    @property
    def likeness(self) -> Likeness:
        return Likeness("" if len(self.folded) > SHORT else self._breaks, len(self.folded) > SHORT)

    @property
    def asked(self) -> tuple[Likeness, tuple[str, ...]]:
        """What a statement that is kept takes: where it is looked for, and its letters if any."""
        return self.likeness, (self.folded,) if self else ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """For names that are kept as they were given: with their letters composed, or with the
        signs above them apart. None of an empty term."""
        forms = (unicodedata.normalize(form, self.text) for form in ("NFC", "NFD"))
        return tuple(dict.fromkeys(form for form in forms if self))

    @property
    def _breaks(self) -> str:
        """Behind which a word begins that a short term may begin."""
        return "" if self.begins_names_alone else WORD_BREAKS

    @cached_property
    def _begun_word(self) -> re.Pattern[str]:
        return re.compile(f"[{re.escape(WORD_BREAKS)}]{re.escape(self.folded)}")

    def matches(self) -> Q:
        """Anywhere in a name; one or two letters at the beginning of it or of a word in it."""
        return self.likeness.of(self.folded)

    def is_in(self, folded: str) -> bool:
        """The same for a name that is read already."""
        if len(self.folded) > SHORT:
            return self.folded in folded
        if self.begins_names_alone:
            return folded.startswith(self.folded)
        return self._begun_word.search(WORD_BREAKS[0] + folded) is not None

    @cached_property
    def patterns(self) -> list[str]:
        """The same for LIKE, with a backslash before its own signs."""
        if len(self.folded) > SHORT:
            return [f"%{self._plain}%"]
        return [f"{self._plain}%", *self.patterns_of_words]

    @cached_property
    def patterns_of_words(self) -> list[str]:
        """Those of them that find more than the beginning of a name."""
        if len(self.folded) > SHORT:
            return self.patterns
        signs = ["\\_" if sign == "_" else sign for sign in self._breaks]
        return [f"%{sign}{self._plain}%" for sign in signs]

    @property
    def _plain(self) -> str:
        return re.sub(r"([\\%_])", r"\\\1", self.folded)

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
