"""What the settings of a registry show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import Group
from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.statements import kept
from registries.effective_roles import EffectiveRole, effective_roles
from registries.models import Alias, Collection, ProtectedAlias, Registry
from registries.permissions import Access
from registries.protection import state_of
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import AT_A_GLANCE, PageOfRows, page_read, rows_from
from registries.queries.people import named
from registries.queries.terms import spelled
from registries.roles import GRANTABLE, Role

Grantee = TypeVar("Grantee", User, Group)
MEMBERS_ON_A_PAGE = 50
PLACES_SHOWN = 20
SUGGESTED = ("production", "staging")
# Of what people and teams are both annotated with.
MEMBER_SORTS: Sorts = {
    "name": ("Name", ("member_name",)),
    "role": ("Role", ("-rank", "member_name")),
    "newest": ("Newest", ("-since",)),
}


def protected_aliases_of(registry: Registry) -> list[ProtectedAlias]:
    """Each with `used_in`, the number of collections that have it on a version."""
    return _protected_in(registry.pk)


@kept
def _protected_in(registry_id: int) -> QuerySet[ProtectedAlias]:
    used = (
        Alias.objects.filter(collection__project=OuterRef("registry"), name=OuterRef("name"))
        .order_by()
        .values("name")
        .annotate(rows=Count("pk"))
        .values("rows")
    )
    return (
        ProtectedAlias.objects.filter(registry=registry_id)
        .select_related("created_by")
        .annotate(used_in=Coalesce(Subquery(used, output_field=IntegerField()), 0))
        .order_by("created_at", "pk")
    )


@dataclass(frozen=True)
class Member:
    """A person or team with a role given by hand. `key` names them in forms.

    `chosen` is the role that a refused form asked for.
    """

    key: str
    name: str
    kind: str
    role: Role
    effective: EffectiveRole | None
    chosen: str = ""

    @property
    def selected(self) -> str:
        return self.chosen or self.role.codename

    @property
    def is_team(self) -> bool:
        return self.key.startswith("team-")

    @property
    def differs(self) -> bool:
        return self.effective is not None and self.effective.role != self.role


@dataclass(frozen=True)
class Members:
    """`here` is what a form adds to its address to come back to this page."""

    page: PageOfRows[User]
    rows: list[Member]
    total: int
    filter: Narrowing

    @property
    def is_long(self) -> bool:
        return self.total > AT_A_GLANCE

    @property
    def here(self) -> str:
        return self.filter.at(self.page.number)


def members_of(
    registry: Registry,
    wanted: Narrowing,
    chosen: Mapping[str, str] | None = None,
    was: Mapping[str, str] | None = None,
) -> Members:
    """Teams on the first page, then people with the role they have in effect.

    What a refused form had `chosen` stays so, except where the role `was` another in it: there
    the stored one is seen first.
    """
    asked = (registry.pk, wanted.texts("role"), *wanted.spelled)
    teams = [_team(group) for group in _teams(*asked)]
    people = page_read(partial(_people_from, *asked), wanted.page, MEMBERS_ON_A_PAGE)
    effective = effective_roles(registry, people.rows)
    rows = [
        Member(
            f"person-{user.pk}",
            user.username,
            _kind(user),
            Role.from_codename(user.granted),
            effective.get(user.pk),
        )
        for user in people
    ]
    first = teams if people.number == 1 else []
    shown = [_chosen(row, chosen or {}, was or {}) for row in (*first, *rows)]
    return Members(people, shown, len(teams) + people.total, wanted)


@dataclass(frozen=True)
class ProtectedPlace:
    """A protected alias and the version it points at."""

    name: str
    collection: str
    number: int


@dataclass(frozen=True)
class Contents:
    """`seen` is the state of all protected aliases, of which the first are `shown`."""

    collections: int
    versions: int
    shown: list[ProtectedPlace]
    hidden: int
    seen: str


def contents_of(registry: Registry, access: Access) -> Contents:
    """How much ends with the registry."""
    counted = Collection.objects.filter(project=registry.pk).aggregate(
        collections=Count("pk", distinct=True), versions=Count("versions")
    )
    found = Alias.objects.filter(
        collection__project=registry.pk, name__in=list(access.protected_names)
    ).order_by("collection__folded", "folded")
    rows = list(
        found.values_list("collection", "name", "counter", "collection__name", "version__number")
    )
    shown = [ProtectedPlace(row[1], row[3], row[4]) for row in rows[:PLACES_SHOWN]]
    seen = state_of((collection, name, counter) for collection, name, counter, *_ in rows)
    hidden = len(rows) - len(shown)
    return Contents(counted["collections"], counted["versions"], shown, hidden, seen)


@kept
def _people_from(
    registry_id: int, roles: tuple[str, ...], sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[User]:
    people = User.objects.filter(registrypersonrole__content_object=registry_id)
    found = people.filter(named(spellings))
    ordered = _ordered(found, "registrypersonrole", "username", roles, sort)
    return rows_from(ordered, start, MEMBERS_ON_A_PAGE)


@kept
def _teams(
    registry_id: int, roles: tuple[str, ...], sort: Sort, spellings: tuple[str, ...]
) -> QuerySet[Group]:
    teams = Group.objects.filter(registryteamrole__content_object=registry_id)
    found = teams.filter(spelled(spellings, "name"))
    counted = found.annotate(people=Count("memberships", distinct=True))
    return _ordered(counted, "registryteamrole", "name", roles, sort)


def _team(group: Any) -> Member:
    kind = f"Team, {group.people} {'person' if group.people == 1 else 'people'}"
    role = Role.from_codename(group.granted)
    return Member(f"team-{group.pk}", group.name, kind, role, None)


def _chosen(row: Member, chosen: Mapping[str, str], was: Mapping[str, str]) -> Member:
    stored = row.role.codename
    is_as_seen = was.get(row.key, stored) == stored
    return replace(row, chosen=chosen.get(row.key, "")) if is_as_seen else row


def _ordered(
    members: QuerySet[Grantee], grant: str, name: str, roles: tuple[str, ...], sort: Sort
) -> QuerySet[Grantee]:
    """With what MEMBER_SORTS order by, and the role that was `granted`."""
    codename = f"{grant}__permission__codename"
    rank = Case(*(When(**{codename: one.codename}, then=Value(one.value)) for one in GRANTABLE))
    found: Any = members.annotate(
        granted=F(codename), rank=rank, since=F(f"{grant}__pk"), member_name=F(name)
    )
    for role in roles:
        found = found.filter(granted=role)
    ordered: QuerySet[Grantee] = found.order_by(*sort.of(MEMBER_SORTS))
    return ordered


def _kind(user: User) -> str:
    if not user.is_active:
        return "Deactivated"
    return "Service account" if user.is_service_account else ""
