"""What the settings of a registry show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib.auth.models import Group
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from registries.effective_roles import EffectiveRole, effective_roles
from registries.models import Alias, Collection, ProtectedAlias, Registry
from registries.queries.paging import PageOfRows, page_of
from registries.roles import Role

MEMBERS_ON_A_PAGE = 50
SUGGESTED = ("production", "staging")


def protected_aliases_of(registry: Registry) -> list[ProtectedAlias]:
    """Each with `used_in`, the number of collections that have it on a version."""
    used = (
        Alias.objects.filter(collection__project=OuterRef("registry"), name=OuterRef("name"))
        .order_by()
        .values("name")
        .annotate(rows=Count("pk"))
        .values("rows")
    )
    return list(
        registry.protected_aliases.select_related("created_by")
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
    page: PageOfRows[User]
    rows: list[Member]
    total: int


def members_of(registry: Registry, page: str, chosen: Mapping[str, str] | None = None) -> Members:
    """Teams first, then a page of people with the role they have in effect."""
    teams = _teams(registry)
    people = page_of(_people(registry), page, MEMBERS_ON_A_PAGE)
    effective = effective_roles(registry, people.rows)
    rows = [
        Member(
            f"person-{user.pk}",
            user.username,
            _kind(user),
            Role.from_codename(user.granted),  # type: ignore[attr-defined]
            effective.get(user.pk),
        )
        for user in people
    ]
    shown = [replace(row, chosen=(chosen or {}).get(row.key, "")) for row in (*teams, *rows)]
    return Members(people, shown, len(teams) + people.total)


@dataclass(frozen=True)
class Contents:
    collections: int
    versions: int


def contents_of(registry: Registry) -> Contents:
    """How much ends with the registry."""
    counted = Collection.objects.filter(project=registry.pk).aggregate(
        collections=Count("pk", distinct=True), versions=Count("versions")
    )
    return Contents(counted["collections"], counted["versions"])


def _people(registry: Registry) -> QuerySet[User]:
    return (
        User.objects.filter(registrypersonrole__content_object=registry)
        .annotate(granted=F("registrypersonrole__permission__codename"))
        .order_by("username")
    )


def _teams(registry: Registry) -> list[Member]:
    groups = (
        Group.objects.filter(registryteamrole__content_object=registry)
        .annotate(
            granted=F("registryteamrole__permission__codename"),
            people=Count("memberships", distinct=True),
        )
        .order_by("name")
    )
    return [
        Member(
            f"team-{group.pk}",
            group.name,
            f"Team, {group.people} {'person' if group.people == 1 else 'people'}",
            Role.from_codename(group.granted),
            None,
        )
        for group in groups
    ]


def _kind(user: User) -> str:
    if not user.is_active:
        return "Deactivated"
    return "Service account" if user.is_service_account else ""
