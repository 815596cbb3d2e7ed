"""Who may read and write in a project. Registries have roles of their own, one floor above."""

from __future__ import annotations

from enum import IntEnum

from django.db.models import Exists, Q, QuerySet

from accounts.callers import Caller
from accounts.errors import NotAllowed, NotFound
from accounts.models import Entity, OrganizationMembership, TeamMembership, User
from accounts.statements import prepared
from artifacts.models import Project


class ProjectRight(IntEnum):
    """Ordered: writing includes reading."""

    NONE = 0
    READ = 1
    WRITE = 2


def right_in(user: User, entity: Entity) -> ProjectRight:
    """What `user` may do in the projects of a person or a team.

    Team admins and members read and write, team viewers read, admins of the organization
    read and write; a person's projects are theirs alone. Server staff has no right here.
    """
    if not user.is_active:
        return ProjectRight.NONE
    if entity.pk == user.entity_id:
        return ProjectRight.WRITE
    if entity.kind != Entity.Kind.TEAM:
        return ProjectRight.NONE
    roles = {role for (role,) in _roles_in(user.pk, entity.pk)}
    if roles & {TeamMembership.Role.ADMIN, TeamMembership.Role.MEMBER}:
        return ProjectRight.WRITE
    if _led_organizations(user.pk, entity.pk):
        return ProjectRight.WRITE
    return ProjectRight.READ if roles else ProjectRight.NONE


@prepared
def _roles_in(user_id: int, entity_id: int) -> QuerySet[TeamMembership, tuple[str]]:
    """Of a person in a team."""
    rows = TeamMembership.objects.filter(user=user_id, group__team__entity=entity_id)
    return rows.values_list("role")


@prepared
def _led_organizations(
    user_id: int, entity_id: int
) -> QuerySet[OrganizationMembership, tuple[int]]:
    """Those of a team that the person leads: one or none."""
    return OrganizationMembership.objects.filter(
        user=user_id,
        organization__teams__entity=entity_id,
        role=OrganizationMembership.Role.ADMIN,
    ).values_list("organization")


def require_write(by: Caller, entity: Entity) -> None:
    """NotFound for whoever may not even read, NotAllowed for whoever may only read."""
    right = right_in(by.user, entity)
    if right == ProjectRight.NONE:
        raise NotFound
    if right < ProjectRight.WRITE:
        raise NotAllowed(f"Only admins and members of {entity.name} can do this.")


def may_delete_project(user: User, entity: Entity) -> bool:
    """The person whose project it is; admins of the team, and of its organization."""
    if not user.is_active:
        return False
    if entity.pk == user.entity_id:
        return True
    return bool(_leading(user.pk, entity.pk))


@prepared
def _leading(user_id: int, entity_id: int) -> QuerySet[User, tuple[int]]:
    """The person, when they lead a team or the organization it is of; else nobody."""
    admin = TeamMembership.Role.ADMIN
    teams = TeamMembership.objects.filter(user=user_id, group__team__entity=entity_id, role=admin)
    led = OrganizationMembership.objects.filter(
        user=user_id,
        organization__teams__entity=entity_id,
        role=OrganizationMembership.Role.ADMIN,
    )
    found = User.objects.filter(Exists(teams) | Exists(led), pk=user_id)
    return found.values_list("pk")


def require_delete_project(by: Caller, entity: Entity) -> None:
    """NotFound for whoever may not even read, NotAllowed for whoever does not lead the team."""
    if may_delete_project(by.user, entity):
        return
    if right_in(by.user, entity) == ProjectRight.NONE:
        raise NotFound
    raise NotAllowed(f"Only admins of {entity.name} can delete its projects.")


def projects_visible_to(user: User) -> QuerySet[Project]:
    """Ordinary projects `user` may read. Homes of registries are not among them."""
    if not user.is_active:
        return Project.objects.none()
    own_teams = TeamMembership.objects.filter(user=user).values("group__team__entity")
    led = OrganizationMembership.objects.filter(
        user=user, role=OrganizationMembership.Role.ADMIN
    ).values("organization__teams__entity")
    readable = Entity.objects.filter(
        Q(pk=user.entity_id)
        | Q(kind=Entity.Kind.TEAM, pk__in=own_teams)
        | Q(kind=Entity.Kind.TEAM, pk__in=led)
    )
    return Project.objects.filter(entity__in=readable.values("pk"))


def projects_writable_by(user: User) -> QuerySet[Project]:
    """Ordinary projects `user` may write in."""
    return Project.objects.filter(entity__in=entities_writable_by(user))


def entities_writable_by(user: User) -> QuerySet[Entity]:
    """Teams and the person in whose projects `user` may write: the rule of `right_in`, as joins."""
    if not user.is_active:
        return Entity.objects.none()
    writing = [TeamMembership.Role.ADMIN, TeamMembership.Role.MEMBER]
    own_teams = TeamMembership.objects.filter(user=user, role__in=writing)
    led = OrganizationMembership.objects.filter(
        user=user, role=OrganizationMembership.Role.ADMIN
    ).values("organization__teams__entity")
    return Entity.objects.filter(
        Q(pk=user.entity_id)
        | Q(kind=Entity.Kind.TEAM, pk__in=own_teams.values("group__team__entity"))
        | Q(kind=Entity.Kind.TEAM, pk__in=led)
    )
