"""The search bar: five kinds of names, of what the person may see in one organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accounts.models import Organization, User
from accounts.names import fold
from accounts.statements import prepared
from registries.models import REGISTRY_PROJECT_PREFIX, Alias, Collection, Registry, Version
from registries.queries import finds as sources
from registries.queries.aliases import natural
from registries.queries.finds import Found, Homes, finds
from registries.queries.finds import unused_rules as finds_unused
from registries.queries.paging import page_number
from registries.queries.terms import Term
from registries.visibility import registries_visible_to, registry_is_visible

COUNTED_UP_TO = 100
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

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        more = self.group.count > self.number * ROWS_OF_ONE_KIND and self.number < LAST_PAGE
        return self.number + 1 if more else None


def search(
    user: User, organization: Organization, term: Term, of_each: int = SHOWN_OF_EACH
) -> Results:
    """The first of each kind. An empty term finds nothing."""
    if not term:
        return Results(term, [])
    searched = _searched(user, organization, term)
    groups = [searched.first_aliases(of_each)]
    for kind in list(KINDS)[1:]:
        found = searched.found(kind, 0, of_each)
        groups.append(Group(kind, searched.rows(kind, found.rows), found.count))
    return Results(term, groups)


def search_one_kind(
    user: User, organization: Organization, term: Term, kind: str, page: str
) -> KindOfResults:
    """A page of one kind. Protected aliases that are on no version stand below the first page."""
    searched = _searched(user, organization, term)
    number = min(page_number(page), LAST_PAGE)
    start = (number - 1) * ROWS_OF_ONE_KIND
    found = searched.found(kind, start, ROWS_OF_ONE_KIND)
    unused = searched.unused_rules(COUNTED_UP_TO + 1) if kind == "aliases" else []
    shown = searched.rows(kind, found.rows)
    rows = [*shown, *(unused[:ROWS_OF_ONE_KIND] if number == 1 else [])]
    return KindOfResults(Group(kind, rows, start + found.count + len(unused)), number)


@dataclass(frozen=True)
class _Searched:
    """One term among the registries one person sees: their names by id. Those that are `fitting`
    have it in their own name, in order."""

    registries: dict[int, str]
    fitting: list[int]
    homes: Homes
    term: Term

    def found(self, kind: str, start: int, size: int) -> Found:
        """`size` of them from `start` on, in the order they are shown."""
        if kind != "registries":
            found = finds(SOURCES[kind], self.term, self.homes, start, size, COUNTED_UP_TO + 1)
            # A registry may have been made since it was asked which ones the person sees.
            known = [row for row in found.rows if row.home in self.registries]
            return Found(known, found.count)
        counted = len(self.fitting[start : start + COUNTED_UP_TO + 1])
        return Found(self.fitting[start : start + size], counted)

    def rows(self, kind: str, found: list[Any]) -> list[dict[str, Any]]:
        """What a page tells of them."""
        return (
            self._registries(found) if kind == "registries" else [self._row(one) for one in found]
        )

    def first_aliases(self, of_each: int) -> Group:
        """Protected ones first. Of those on no version one is shown; it leads to the settings."""
        found = self.found("aliases", 0, of_each)
        # Beyond what is counted one tells as much as a hundred.
        unused = self.unused_rules(max(1, COUNTED_UP_TO + 1 - found.count))
        room = of_each - 1 if unused else of_each
        rows = [*self.rows("aliases", found.rows[:room]), *unused][:of_each]
        return Group("aliases", rows, found.count + len(unused))

    def unused_rules(self, most: int) -> list[dict[str, Any]]:
        """Protected aliases that match and are on no version."""
        return [
            {"name": rule.name, "registry": self.registries[rule.registry_id]}
            for rule in finds_unused(self.term, self.homes, most)
            if rule.registry_id in self.registries
        ]

    def _registries(self, found: list[int]) -> list[dict[str, Any]]:
        if not found:
            return []
        shown = Collection.objects.filter(project__in=found).order_by()
        counts = dict(shown.values_list("project").annotate(rows=Count("pk")))
        return [
            {"id": pk, "name": self.registries[pk], "collections": counts.get(pk, 0)}
            for pk in found
        ]

    def _row(self, found: Any) -> dict[str, Any]:
        columns = {name: value for name, value in vars(found).items() if name != "_state"}
        return columns | {"registry": self.registries[found.home]}


def _searched(user: User, organization: Organization, term: Term) -> _Searched:
    rows = _all_registries(user, organization.pk)
    seen = {pk: name for pk, name, _, is_seen in rows if is_seen}
    hidden = [pk for pk, _, _, is_seen in rows if not is_seen]
    fitting = [pk for pk, _, folded, is_seen in rows if is_seen and term.is_in(folded)]
    fitting.sort(key=lambda pk: natural(seen[pk]))
    return _Searched(seen, fitting, Homes(list(seen), organization.pk, hidden), term)


@prepared
def _all_registries(
    user: User, organization_id: int
) -> QuerySet[Registry, tuple[int, str, str, str]]:
    """All of the organization; the last column tells whether `user` sees it."""
    # A word: numbers and truth values would each be converted, a thousand times.
    is_seen = Case(When(registry_is_visible(user), then=Value("seen")), default=Value(""))
    everything = Registry.objects.filter(organization=organization_id).annotate(is_seen=is_seen)
    return everything.order_by("folded").values_list("pk", "name", "folded", "is_seen")


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
