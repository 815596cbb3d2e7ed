"""The search bar: five kinds of names, of what the person may see in one organization."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organization, User
from accounts.names import fold
from accounts.statements import prepared
from registries.models import REGISTRY_PROJECT_PREFIX, Alias, ProtectedAlias, Version
from registries.queries import sources
from registries.queries.finds import Found, Homes, finds
from registries.queries.finds import unused_rules as finds_unused
from registries.queries.paging import page_number
from registries.queries.searched_registries import (
    COUNTED_UP_TO,
    NamedRegistry,
    fitting,
    homes_of,
    named,
)
from registries.queries.terms import Term
from registries.visibility import registries_visible_to

SHOWN_OF_EACH = 5
SHOWN_WHILE_TYPING = 3
ROWS_OF_ONE_KIND = 20
# Whoever has not found it by then types more of the name.
LAST_PAGE = 25

# In the order of the page: what stands in the address, the heading, one, many.
KINDS = {
    "aliases": ("Aliases", "alias", "aliases"),
    "registries": ("Registries", "registry", "registries"),
    "collections": ("Collections", "collection", "collections"),
    "version-tags": ("Version tags", "version tag", "version tags"),
    "collection-tags": ("Collection tags", "collection tag", "collection tags"),
}

SOURCES = {
    "aliases": sources.ALIASES,
    "collections": sources.COLLECTIONS,
    "version-tags": sources.VERSION_TAGS,
    "collection-tags": sources.COLLECTION_TAGS,
}


@dataclass(frozen=True)
class Group:
    """The finds of one kind, the keys of a row differing by kind. `count` stops at 101."""

    kind: str
    rows: list[dict[str, Any]]
    count: int

    @property
    def heading(self) -> str:
        return KINDS[self.kind][0]

    @property
    def name(self) -> str:
        return KINDS[self.kind][2]

    @property
    def counted(self) -> str:
        return _counted(self.count)

    @property
    def has_more(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True)
class Results:
    term: Term
    groups: list[Group]

    @property
    def counted(self) -> str:
        """All finds together; inexact as soon as one kind is."""
        total = sum(min(group.count, COUNTED_UP_TO) for group in self.groups)
        inexact = any(group.count > COUNTED_UP_TO for group in self.groups)
        return f"{total}+" if inexact else str(total)

    @property
    def found(self) -> list[Group]:
        return [group for group in self.groups if group.count]


@dataclass(frozen=True)
class KindOfResults:
    """One kind alone, paged. Pages go as far as finds are ordered."""

    group: Group
    number: int
    is_last: bool

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return None if self.is_last or self.number == LAST_PAGE else self.number + 1


def search(
    user: User, organization: Organization, term: Term, of_each: int = SHOWN_OF_EACH
) -> Results:
    """The first of each kind. An empty term finds nothing."""
    if not term:
        return Results(term, [])
    searched = _Searched(user, organization.pk, homes_of(user, organization.pk), term)
    finds_of = {kind: searched.found(kind, 0, of_each) for kind in KINDS}
    # Beyond what is counted one tells as much as a hundred.
    unused = searched.unused_rules(max(1, COUNTED_UP_TO + 1 - finds_of["aliases"].count))
    told = searched.told(finds_of, unused)
    aliases = told["aliases"]
    # Of those on no version one is shown; it leads to the settings.
    room = of_each - 1 if aliases.unused else of_each
    told["aliases"] = replace(aliases, rows=[*aliases.rows[:room], *aliases.unused][:of_each])
    return Results(term, [Group(kind, told[kind].rows, told[kind].count) for kind in KINDS])


def search_one_kind(
    user: User, organization: Organization, term: Term, kind: str, page: str
) -> KindOfResults:
    """A page of one kind. Protected aliases that are on no version are a list of their own, read
    page by page as well: each page has its part of them below the others."""
    searched = _Searched(user, organization.pk, homes_of(user, organization.pk), term)
    wanted = min(page_number(page), LAST_PAGE)
    # One more than the page has, and no fewer than are counted.
    most = max(COUNTED_UP_TO, wanted * ROWS_OF_ONE_KIND) + 1
    unused = searched.unused_rules(most) if kind == "aliases" else []
    number, found = searched.page(kind, wanted, len(unused))
    told = searched.told({kind: found}, unused)[kind]
    start, stop = (number - 1) * ROWS_OF_ONE_KIND, number * ROWS_OF_ONE_KIND
    group = Group(kind, [*told.rows, *told.unused[start:stop]], told.count)
    is_last = max(found.count, len(told.unused)) <= stop
    return KindOfResults(group, number, is_last)


@dataclass(frozen=True)
class _Told:
    """Rows of pages; those of protected aliases that are on no version apart. `count` has both."""

    rows: list[dict[str, Any]]
    unused: list[dict[str, Any]]
    count: int


@dataclass(frozen=True)
class _Searched:
    """One term among the registries one person sees."""

    user: User
    organization_id: int
    homes: Homes
    term: Term

    def found(self, kind: str, start: int, size: int) -> Found:
        """`size` of them from `start` on, in the order they are shown; of registries the ids."""
        if kind == "registries":
            return Found(*fitting(self.user, self.organization_id, self.term, start, size))
        return finds(SOURCES[kind], self.term, self.homes, start, size, COUNTED_UP_TO + 1)

    def page(self, kind: str, number: int, others: int) -> tuple[int, Found]:
        """The page of this number, or the last of those that are counted when it has nothing, with
        the count of all. `others` are paged beside these."""
        start = (number - 1) * ROWS_OF_ONE_KIND
        found = self.found(kind, start, ROWS_OF_ONE_KIND)
        if found.rows or number == 1:
            return number, replace(found, count=start + found.count)
        first = self.found(kind, 0, ROWS_OF_ONE_KIND)
        if others > start:
            return number, replace(first, rows=[])
        last = max(1, -(-max(first.count, others) // ROWS_OF_ONE_KIND))
        return (1, first) if last == 1 else self.page(kind, min(last, number - 1), others)

    def unused_rules(self, most: int) -> list[ProtectedAlias]:
        """Protected aliases that match and are on no version."""
        return finds_unused(self.term, self.homes, most)

    def told(self, finds_of: dict[str, Found], unused: list[ProtectedAlias]) -> dict[str, _Told]:
        """What pages tell of all that, by kind. Rights are read last: a registry may have been
        made, or hidden, since it was asked which ones the person sees."""
        homes = {rule.registry_id for rule in unused}
        for kind, found in finds_of.items():
            homes |= {_home(kind, row) for row in found.rows}
        fitting_ones = finds_of["registries"].rows if "registries" in finds_of else []
        registries = named(self.user, homes, fitting_ones)
        told = {kind: _told(kind, found, registries) for kind, found in finds_of.items()}
        if unused:
            rules = [
                {"name": rule.name, "registry": registries[rule.registry_id].name}
                for rule in unused
                if rule.registry_id in registries
            ]
            of = told["aliases"]
            told["aliases"] = _Told(of.rows, rules, of.count + len(rules))
        return told


def _told(kind: str, found: Found, registries: dict[int, NamedRegistry]) -> _Told:
    rows = [_row(kind, row, registries) for row in found.rows if _home(kind, row) in registries]
    return _Told(rows, [], found.count - (len(found.rows) - len(rows)))


def _home(kind: str, row: Any) -> int:
    return int(row if kind == "registries" else row.home)


def _row(kind: str, row: Any, registries: dict[int, NamedRegistry]) -> dict[str, Any]:
    registry = registries[_home(kind, row)]
    if kind == "registries":
        return {"id": row, "name": registry.name, "collections": registry.collections}
    columns = {name: value for name, value in vars(row).items() if name != "_state"}
    return columns | {"registry": registry.name}


def find_versions(user: User, organization: Organization, term: Term) -> list[Version]:
    """The first that `name:v3`, `name:alias` or either behind `registry/` names, by registry."""
    named = term.version()
    if named is None or (named.owner and named.owner.folded != fold(organization.name)):
        return []
    folded, alias = named.collection.folded, named.alias
    digits = alias[1:] if alias[:1] in {"v", "V"} else ""
    is_number = digits.isdecimal() and digits.isascii() and len(digits) < 10
    if named.home:
        which = Q(number=int(digits)) if is_number else _is_called(folded, alias)
        home = named.home.folded.removeprefix(REGISTRY_PROJECT_PREFIX)
        found = _versions_in(user, organization.pk, folded).filter(which)
        return list(found.filter(collection__project__registry__folded=home)[:SHOWN_OF_EACH])
    if is_number:
        return _versions_numbered(user, organization.pk, folded, int(digits))
    return _versions_called(user, organization.pk, folded, alias)


@prepared
def _versions_numbered(
    user: User, organization_id: int, folded: str, number: int
) -> QuerySet[Version]:
    return _versions_in(user, organization_id, folded).filter(number=number)[:SHOWN_OF_EACH]


@prepared
def _versions_called(
    user: User, organization_id: int, folded: str, alias: str
) -> QuerySet[Version]:
    found = _versions_in(user, organization_id, folded)
    return found.filter(_is_called(folded, alias))[:SHOWN_OF_EACH]


def _is_called(folded: str, alias: str) -> Q:
    """By collection and name, as aliases are kept: a version may have thousands."""
    aliases = Alias.objects.filter(collection__folded=folded, name=alias)
    return Q(pk__in=aliases.values("version"))


def _versions_in(user: User, organization_id: int, folded: str) -> QuerySet[Version]:
    found = Version.objects.filter(
        collection__project__registry__in=registries_visible_to(user).filter(
            organization=organization_id
        ),
        collection__folded=folded,
    )
    by_registry = found.order_by("collection__project__registry__folded", "collection__name")
    return by_registry.select_related("collection__project__registry")


def _counted(count: int) -> str:
    return f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count)
