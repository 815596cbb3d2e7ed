"""What the address of a list says of it: a term, an order, a page, and what else narrows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models.expressions import OrderBy
from django.http import QueryDict

from accounts.stand_ins import Shape
from registries.queries.terms import Term, askable

# Name of an order in the address → its words, and what it orders by. The first is the usual one.
Sorts = Mapping[str, tuple[str, tuple[str | OrderBy, ...]]]
LONGEST_CHOICE = 128


@dataclass(frozen=True)
class Sort(Shape):
    """An order, as a statement that is kept takes it: `name` is one of `sorts`."""

    name: str

    def of(self, sorts: Sorts) -> tuple[str | OrderBy, ...]:
        return sorts[self.name][1]


def in_address(values: Mapping[str, object]) -> str:
    """As they stand in an address, those left out that say nothing."""
    return urlencode({name: value for name, value in values.items() if value})


def sort_in(address: QueryDict, sorts: Mapping[str, object], name: str = "sort") -> str:
    """Of `sorts` the one that is asked for; the first for one that is unknown."""
    asked = address.get(name, "")
    return asked if asked in sorts else next(iter(sorts))


@dataclass(frozen=True)
class Names:
    """Of a list's parts in the address: the second list of a page has names of its own."""

    term: str = "filter"
    sort: str = "sort"
    page: str = "page"


ONLY_LIST = Names()


@dataclass(frozen=True)
class Narrowing:
    """`sort` is one of `sorts`. `chosen` has "" for what is not chosen."""

    term: Term
    sort: str
    page: str
    sorts: Sorts
    chosen: Mapping[str, str] = field(default_factory=dict)
    names: Names = ONLY_LIST

    @classmethod
    def read(
        cls,
        address: QueryDict,
        sorts: Sorts,
        names: Names = ONLY_LIST,
        **choices: Collection[str] | None,
    ) -> Narrowing:
        """`choices` are what may be chosen under each name, None for any text. What is unknown
        is passed over."""
        return cls(
            term=Term.typed(address.get(names.term, "")),
            sort=sort_in(address, sorts, names.sort),
            page=address.get(names.page, ""),
            sorts=sorts,
            chosen={name: _chosen(address, name, offered) for name, offered in choices.items()},
            names=names,
        )

    @property
    def order(self) -> tuple[str | OrderBy, ...]:
        return self.sorts[self.sort][1]

    @property
    def asked(self) -> tuple[Sort, tuple[str, ...]]:
        """What a statement that is kept takes: the order, and the term if there is one."""
        return Sort(self.sort), (self.term.text,) if self.term else ()

    @property
    def spelled(self) -> tuple[Sort, tuple[str, ...]]:
        """The same with each spelling of the term, for names that are kept as they were given."""
        return Sort(self.sort), self.term.spellings

    def texts(self, name: str) -> tuple[str, ...]:
        """The same of a choice: none where nothing is chosen."""
        return (self.chosen[name],) if self.chosen[name] else ()

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The orders there are: name and words."""
        return [(name, words) for name, (words, _) in self.sorts.items()]

    @property
    def narrows(self) -> bool:
        return bool(self.narrowed)

    @property
    def narrowed(self) -> str:
        """As it stands in an address, without order and page."""
        return in_address({self.names.term: self.term.text, **self.chosen})

    @property
    def query(self) -> str:
        """As it stands in an address, without the page."""
        usual = self.sort == next(iter(self.sorts))
        sort = {} if usual else {self.names.sort: self.sort}
        return in_address({self.names.term: self.term.text, **self.chosen, **sort})

    def at(self, page: int) -> str:
        """What a form adds to its address, so that its answer shows this page of the list."""
        shown = in_address({self.names.page: page})
        return f"?{self.query}&{shown}" if self.query else f"?{shown}"


def _chosen(address: QueryDict, name: str, offered: Collection[str] | None) -> str:
    asked = askable(address.get(name, ""))[:LONGEST_CHOICE]
    return asked if offered is None or asked in offered else ""
