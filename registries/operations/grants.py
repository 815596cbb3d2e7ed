"""The rows behind roles: one guardian permission for each grant, its codename the role."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from accounts.callers import Caller, Operator
from accounts.models import Team, User
from registries.models import Event, Registry, RegistryPersonRole, RegistryTeamRole
from registries.operations.history import record
from registries.roles import Role


def role_of(registry: Registry, who: User | Team) -> Role | None:
    """The role given by hand, not the effective one."""
    codename = _rows(registry, who).values_list("permission__codename", flat=True).first()
    return None if codename is None else Role.from_codename(codename)


def put_grant(by: Caller, registry: Registry, who: User | Team, role: Role) -> None:
    """Gives or changes a role and records it; the same role again does neither."""
    before = role_of(registry, who)
    if before == role:
        return
    permission = Permission.objects.get(
        content_type=ContentType.objects.get_for_model(Registry), codename=role.codename
    )
    if before is not None:
        _rows(registry, who).update(permission=permission)
    elif isinstance(who, User):
        RegistryPersonRole.objects.create(content_object=registry, user=who, permission=permission)
    else:
        RegistryTeamRole.objects.create(content_object=registry, group=who, permission=permission)
    record(
        by,
        Event.Kind.MEMBER_ROLE_SET,
        registry.project,
        subject=_name(who),
        details={"role": role.codename, "before": before.codename if before else None},
    )


def drop_grant(by: Caller | Operator, registry: Registry, who: User | Team) -> None:
    """Takes the role away and records it; nothing happens when there is none."""
    before = role_of(registry, who)
    if before is None:
        return
    _rows(registry, who).delete()
    record(
        by,
        Event.Kind.MEMBER_REMOVED,
        registry.project,
        subject=_name(who),
        details={"before": before.codename},
    )


def _rows(
    registry: Registry, who: User | Team
) -> QuerySet[RegistryPersonRole] | QuerySet[RegistryTeamRole]:
    if isinstance(who, User):
        return RegistryPersonRole.objects.filter(content_object=registry, user=who)
    return RegistryTeamRole.objects.filter(content_object=registry, group=who)


def _name(who: User | Team) -> str:
    return who.username if isinstance(who, User) else who.name
