"""The effective role: the highest of what a person gets from anywhere, and from where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat

from accounts.models import OrganizationMembership, TeamMembership, User
from accounts.stand_ins import evenly
from accounts.statements import Asking, kept, prepared
from registries.models import Registry, RegistryPersonRole, RegistryTeamRole
from registries.roles import GRANTABLE, Role

ORGANIZATION = OrganizationMembership.Role


class EffectiveRole(NamedTuple):
    """`source` says where the role comes from, in words for the settings page."""

    role: Role
    source: str


NO_ROLE = EffectiveRole(Role.NONE, "")


def effective_role_in(user: User, registry: Registry) -> EffectiveRole:
    """One query, read anew at each call: a role taken away counts at once."""
    row = registry_with_sources(user, registry.pk)
    return NO_ROLE if row is None else role_of_row(user, row)


def registry_with_sources(user: User, project_id: int) -> Registry | None:
    """The registry of a project, with what `role_of_row()` reads; None for other projects."""
    return next(iter(_with_sources(user, project_id)), None)


def sources_asking(user: User, project_id: int) -> Asking:
    """The same registry, in a list, to be asked together with more."""
    return _with_sources.asking(user, project_id)


@prepared
def _with_sources(user: User, project_id: int) -> QuerySet[Registry]:
    registries = Registry.objects.select_related("project__entity", "organization__entity")
    return with_sources(registries.filter(pk=project_id), user)


def with_sources(registries: QuerySet[Registry], user: User) -> QuerySet[Registry]:
    """Annotates what `role_of_row()` reads, for one person and many registries."""
    team_roles = (
        RegistryTeamRole.objects.filter(
            content_object=OuterRef("pk"), group__memberships__user=user.pk
        )
        .annotate(rank=_rank("permission__codename"))
        .order_by("-rank", "group__name")
    )
    return registries.annotate(
        organization_role=Subquery(
            OrganizationMembership.objects.filter(
                organization=OuterRef("organization"), user=user.pk
            ).values("role")
        ),
        own_role=Subquery(
            RegistryPersonRole.objects.filter(content_object=OuterRef("pk"), user=user.pk).values(
                "permission__codename"
            )
        ),
        # In one: each subquery of its own goes through all of its tables.
        best_team=Subquery(
            team_roles.values_list(Concat("permission__codename", Value(" "), "group__name"))[:1]
        ),
    )


def role_of_row(user: User, row: Registry) -> EffectiveRole:
    """The highest role of a registry annotated by `with_sources()`."""
    if not user.is_active:
        return NO_ROLE
    team_role, _, team_name = (row.best_team or "").partition(" ")  # type: ignore[attr-defined]
    return _highest(
        row,
        row.organization_role,  # type: ignore[attr-defined]
        row.own_role,  # type: ignore[attr-defined]
        team_role,
        team_name,
    )


def effective_roles(registry: Registry, people: Iterable[User]) -> dict[int, EffectiveRole]:
    """Of many people in one registry, by user id, in two queries whatever their number."""
    ids = evenly(person.pk for person in people)
    by_team = {
        user_id: (codename, team) for user_id, codename, team in _team_roles(registry.pk, ids)
    }
    direct = _direct_roles(registry.pk, registry.organization_id, ids)
    return {
        user_id: _highest(registry, organization_role, own, *by_team.get(user_id, (None, None)))
        if is_active
        else NO_ROLE
        for user_id, is_active, organization_role, own in direct
    }


@kept
def _direct_roles(
    registry_id: int, organization_id: int, people: tuple[int, ...]
) -> QuerySet[User, Any]:
    """Id, whether active, the role in the organization and the one given in the registry."""
    return User.objects.filter(pk__in=people).values_list(
        "pk",
        "is_active",
        Subquery(
            OrganizationMembership.objects.filter(
                organization=organization_id, user=OuterRef("pk")
            ).values("role")
        ),
        Subquery(
            RegistryPersonRole.objects.filter(
                content_object=registry_id, user=OuterRef("pk")
            ).values("permission__codename")
        ),
    )


@kept
def _team_roles(registry_id: int, people: tuple[int, ...]) -> QuerySet[TeamMembership, Any]:
    """User id, role and team; the best of each person last."""
    return (
        TeamMembership.objects.filter(
            user__in=people, group__registryteamrole__content_object=registry_id
        )
        .annotate(rank=_rank("group__registryteamrole__permission__codename"))
        .order_by("rank", "-group__name")
        .values_list("user_id", "group__registryteamrole__permission__codename", "group__name")
    )


def _highest(
    registry: Registry,
    organization_role: str | None,
    own_role: str | None,
    team_role: str | None,
    team_name: str | None,
) -> EffectiveRole:
    """Ties go to the first: a grant explains more than a default does."""
    sources = [NO_ROLE]
    if own_role:
        sources.append(EffectiveRole(Role.from_codename(own_role), "grant"))
    if organization_role == ORGANIZATION.ADMIN:
        sources.append(EffectiveRole(Role.ADMIN, "organization role"))
    if team_role:
        sources.append(EffectiveRole(Role.from_codename(team_role), f"team {team_name}"))
    sources.append(_default_role(registry, organization_role))
    return max(sources, key=lambda effective: effective.role)


def _default_role(registry: Registry, organization_role: str | None) -> EffectiveRole:
    """Members of the organization have it where the registry is visible to them.

    Its viewers get at most Viewer this way.
    """
    if organization_role is None or registry.visibility != Registry.Visibility.ORGANIZATION:
        return NO_ROLE
    role = Role.from_codename(registry.default_role)
    if organization_role == ORGANIZATION.VIEWER:
        role = min(role, Role.VIEWER)
    return EffectiveRole(role, "default role")


def _rank(codename_path: str) -> Case:
    return Case(
        *(When(**{codename_path: role.codename}, then=Value(int(role))) for role in GRANTABLE),
        default=Value(0),
        output_field=IntegerField(),
    )
