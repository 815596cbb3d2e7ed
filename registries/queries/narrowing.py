"""What the address of a list says of it: a term, an order, and what else narrows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from registries.queries.terms import Term


def in_address(values: Mapping[str, object]) -> str:
    """As they stand in an address, those left out that say nothing."""
    return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class TermAndSort:
    """`sort` is the name of an order, `usual` the one that needs no word in the address."""

    term: Term
    sort: str
    usual: str

    @classmethod
    def read(cls, address: QueryDict, sorts: Mapping[str, object]) -> TermAndSort:
        """The first of `sorts` is the usual one; an unknown one is passed over."""
        usual = next(iter(sorts))
        sort = address.get("sort", usual)
        return cls(Term.typed(address.get("filter", "")), sort if sort in sorts else usual, usual)

    @property
    def query(self) -> str:
        """As it stands in an address, without the page."""
        sort = "" if self.sort == self.usual else self.sort
        return in_address({"filter": self.term.text, "sort": sort})
