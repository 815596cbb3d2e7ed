"""The search bar: five kinds of names, of what the person may see in one organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, QuerySet, Value, When

from accounts.models import Organization, User
from artifacts.models import ArtifactTag
from registries.models import (
    Alias,
    Collection,
    CollectionTag,
    ProtectedAlias,
    Registry,
    Version,
)
from registries.queries.paging import page_number
from registries.queries.terms import Term
from registries.visibility import registries_visible_to

COUNTED_UP_TO = 100
SHOWN_OF_EACH = 5
SHOWN_WHILE_TYPING = 3
ROWS_OF_ONE_KIND = 20
MOST_RULES = 1000

# In the order of the page: what stands in the address, the heading, one, many.
KINDS = {
    "aliases": ("Aliases", "alias", "aliases"),
    "registries": ("Registries", "registry", "registries"),
    "collections": ("Collections", "collection", "collections"),
    "version-tags": ("Version tags", "version tag", "version tags"),
    "collection-tags": ("Collection tags", "collection tag", "collection tags"),
}


# Dictionaries of what one row shows; the keys differ by kind.
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Group:
    """The finds of one kind. `count` stops at 101."""

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
    """One kind alone, paged. Pages go as far as the count is exact."""

    group: Group
    number: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        more = self.group.count > self.number * ROWS_OF_ONE_KIND
        return self.number + 1 if more else None


def search(
    user: User, organization: Organization, term: Term, of_each: int = SHOWN_OF_EACH
) -> Results:
    """The first of each kind. An empty term finds nothing."""
    if not term:
        return Results(term, [])
    visible = _visible(user, organization)
    groups = [_first_aliases(visible, term, of_each)]
    for kind, rows in _other_kinds(visible, term).items():
        found = list(rows[: COUNTED_UP_TO + 1])
        groups.append(Group(kind, found[:of_each], len(found)))
    return Results(term, groups)


def search_one_kind(
    user: User, organization: Organization, term: Term, kind: str, page: str
) -> KindOfResults:
    """A page of one kind. Protected aliases that are on no version stand below the first page."""
    visible, number = _visible(user, organization), page_number(page)
    start = (number - 1) * ROWS_OF_ONE_KIND
    stop = start + COUNTED_UP_TO + 1
    unused: list[dict[str, Any]] = []
    if kind == "aliases":
        rules = _protecting(visible, term)
        found = _marked(_aliases(visible, term, rules)[start:stop], rules)
        unused = _unused(rules)
    else:
        found = list(_other_kinds(visible, term)[kind][start:stop])
    rows = [*found[:ROWS_OF_ONE_KIND], *(unused if number == 1 else [])]
    return KindOfResults(Group(kind, rows, start + len(found) + len(unused)), number)


def find_version(user: User, organization: Organization, term: Term) -> Version | None:
    """What `collection:v3` or `collection:alias` names, when exactly one version is."""
    parts = term.version()
    if parts is None:
        return None
    collection, alias = parts
    versions = Version.objects.filter(
        collection__project__registry__in=_visible(user, organization),
        collection__folded=collection.folded,
    ).select_related("collection__project__registry")
    number = alias[1:] if alias[:1] in {"v", "V"} else ""
    if number.isdecimal() and number.isascii() and len(number) < 10:
        versions = versions.filter(number=int(number))
    else:
        versions = versions.filter(aliases__name=alias)
    found = list(versions[:2])
    return found[0] if len(found) == 1 else None


def _protecting(visible: QuerySet[Registry], term: Term) -> list[dict[str, Any]]:
    """Protected aliases that match, and whether any version has one."""
    used = Alias.objects.filter(
        collection__project__registry=OuterRef("registry"), name=OuterRef("name")
    )
    rules: Rows = (
        ProtectedAlias.objects.filter(term.matches(), registry__in=visible)
        .annotate(used=Exists(used))
        .order_by("folded", "pk")
        .values("name", "used", registry_name=F("registry__name"))
    )
    return list(rules[:MOST_RULES])


def _first_aliases(visible: QuerySet[Registry], term: Term, of_each: int) -> Group:
    """Protected ones first. Of those on no version, which lead to the settings, one is shown."""
    rules = _protecting(visible, term)
    found = _marked(_aliases(visible, term, rules)[: COUNTED_UP_TO + 1], rules)
    unused = _unused(rules)
    room = of_each - 1 if unused else of_each
    rows = [*found[:room], *unused][:of_each]
    return Group("aliases", rows, len(found) + len(unused))


def _marked(aliases: Rows, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    protected = {(rule["registry_name"], rule["name"]) for rule in rules}
    return [{**row, "protected": (row["registry"], row["name"]) in protected} for row in aliases]


def _unused(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": rule["name"], "registry": rule["registry_name"]}
        for rule in rules
        if not rule["used"]
    ]


def _aliases(visible: QuerySet[Registry], term: Term, rules: list[dict[str, Any]]) -> Rows:
    names = {rule["name"] for rule in rules}
    first = Case(When(name__in=names, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        Alias.objects.filter(term.matches(), collection__project__registry__in=visible)
        .annotate(registry=F("collection__project__registry__name"))
        .order_by(first, "folded", "-changed_at")
        .values(
            "name",
            "registry",
            "changed_at",
            collection_name=F("collection__name"),
            number=F("version__number"),
        )
    )


def _other_kinds(visible: QuerySet[Registry], term: Term) -> dict[str, Rows]:
    registry_name = F("collection__project__registry__name")
    return {
        "registries": visible.filter(term.matches())
        .annotate(collections=Count("project__collections"))
        .order_by("folded")
        .values("name", "collections"),
        "collections": _rows(
            Collection.objects.filter(term.matches(), project__registry__in=visible),
            registry=F("project__registry__name"),
        ).values("name", "type", "registry"),
        "version-tags": _version_tags(visible, term),
        "collection-tags": _rows(
            CollectionTag.objects.filter(term.matches(), collection__project__registry__in=visible),
            registry=registry_name,
        ).values("name", "registry", collection_name=F("collection__name")),
    }


def _version_tags(visible: QuerySet[Registry], term: Term) -> Rows:
    """Of versions in registries. A tag of an artifact that several link is found at each."""
    versions = "artifact__versions__collection__project__registry"
    return (
        ArtifactTag.objects.filter(**{f"{versions}__in": visible})
        .filter(term.matches())
        .order_by("folded", "pk")
        .values(
            "name",
            registry=F(f"{versions}__name"),
            collection_name=F("artifact__versions__collection__name"),
            number=F("artifact__versions__number"),
        )
    )


def _rows(rows: QuerySet[Any], **names: F) -> Rows:
    named: Rows = rows.annotate(**names).order_by("folded", "pk")
    return named


def _visible(user: User, organization: Organization) -> QuerySet[Registry]:
    return registries_visible_to(user).filter(organization=organization)


def _counted(count: int) -> str:
    return f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count)
