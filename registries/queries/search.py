"""The search bar: five kinds of names, of what the person may see in one organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

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

# In the order of the page: what stands in the address, the heading, one, many.
KINDS = {
    "aliases": ("Aliases", "alias", "aliases"),
    "registries": ("Registries", "registry", "registries"),
    "collections": ("Collections", "collection", "collections"),
    "version-tags": ("Version tags", "version tag", "version tags"),
    "collection-tags": ("Collection tags", "collection tag", "collection tags"),
}


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
    groups = []
    for kind, rows in _queries(user, organization, term).items():
        found = list(rows[: COUNTED_UP_TO + 1])
        groups.append(Group(kind, found[:of_each], len(found)))
    return Results(term, _with_unused(groups, user, organization, term, of_each))


def search_one_kind(
    user: User, organization: Organization, term: Term, kind: str, page: str
) -> KindOfResults:
    rows = _queries(user, organization, term)[kind]
    number = page_number(page)
    start = (number - 1) * ROWS_OF_ONE_KIND
    found = list(rows[start : start + COUNTED_UP_TO + 1])
    group = Group(kind, found[:ROWS_OF_ONE_KIND], start + len(found))
    if kind == "aliases" and number == 1:
        group = _with_unused([group], user, organization, term, ROWS_OF_ONE_KIND)[0]
    return KindOfResults(group, number)


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


def _queries(
    user: User, organization: Organization, term: Term
) -> dict[str, QuerySet[Any, dict[str, Any]]]:
    visible = _visible(user, organization)
    registry_name = F("collection__project__registry__name")
    return {
        "aliases": _aliases(visible, term),
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


def _aliases(visible: QuerySet[Registry], term: Term) -> QuerySet[Any, dict[str, Any]]:
    """Protected ones first."""
    protecting = ProtectedAlias.objects.filter(
        registry=OuterRef("collection__project__registry"), name=OuterRef("name")
    )
    return (
        Alias.objects.filter(term.matches(), collection__project__registry__in=visible)
        .annotate(protected=Exists(protecting), registry=F("collection__project__registry__name"))
        .order_by("-protected", "folded", "-changed_at")
        .values(
            "name",
            "protected",
            "registry",
            "changed_at",
            collection_name=F("collection__name"),
            number=F("version__number"),
        )
    )


def _version_tags(visible: QuerySet[Registry], term: Term) -> QuerySet[Any, dict[str, Any]]:
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


def _rows(rows: QuerySet[Any], **names: F) -> QuerySet[Any]:
    return rows.annotate(**names).order_by("folded", "pk")


def _with_unused(
    groups: list[Group], user: User, organization: Organization, term: Term, of_each: int
) -> list[Group]:
    """Adds the protected aliases that are on no version; they lead to the settings."""
    used = Alias.objects.filter(
        collection__project__registry=OuterRef("registry"), name=OuterRef("name")
    )
    unused = list(
        ProtectedAlias.objects.filter(
            term.matches(), ~Exists(used), registry__in=_visible(user, organization)
        )
        .order_by("folded", "pk")
        .values("name", registry_name=F("registry__name"))[: COUNTED_UP_TO + 1]
    )
    extra = [
        {"name": row["name"], "registry": row["registry_name"], "protected": True} for row in unused
    ]
    first, *others = groups
    # Those on versions come first; one row is kept for a name that is on none.
    room = max(0, of_each - min(len(extra), 1 + max(0, of_each - 1 - len(first.rows))))
    rows = [*first.rows[:room], *extra[: of_each - len(first.rows[:room])]]
    return [Group(first.kind, rows, first.count + len(extra)), *others]


def _visible(user: User, organization: Organization) -> QuerySet[Registry]:
    return registries_visible_to(user).filter(organization=organization)


def _counted(count: int) -> str:
    return f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count)
