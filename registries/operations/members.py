"""Members of a registry: the roles given by hand. The only writer of them, with `grants`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid
from accounts.models import OrganizationMembership, Team, TeamMembership, User
from accounts.names import entity_key
from accounts.operations.locks import hold_organization
from accounts.people_named import people_named
from registries.models import Registry, RegistryPersonRole
from registries.operations.grants import drop_grant, put_grant, role_of
from registries.operations.locks import hold_registry
from registries.operations.seen import refuse_unseen_roles
from registries.roles import Right, Role


@transaction.atomic
def add_member(by: Caller, registry: Registry, who: User | Team, role: Role) -> Role:
    """Gives a first role. For who has one by hand already nothing changes.

    The answer is the one they had, NONE for whoever is new.
    """
    held, access = hold_registry(by, registry)
    access.require(Right.MANAGE_MEMBERS)
    _refuse_unfit(held, who, role)
    before = role_of(held, who)
    if before is None:
        put_grant(by, held, who, role)
    return before or Role.NONE


def set_role(by: Caller, registry: Registry, who: User | Team, role: Role) -> None:
    """Changes the role of a member; Invalid for whoever was not added before."""
    set_roles(by, registry, {who: role})


@transaction.atomic
def set_roles(
    by: Caller,
    registry: Registry,
    roles: Mapping[User | Team, Role],
    *,
    seen: Mapping[User | Team, str] | None = None,
) -> None:
    """All or none. Whether an admin is left is asked of the end, so that two may change places.

    `seen` are the roles that the caller was shown: Conflict when one is neither that nor wanted.
    """
    hold_organization(registry.organization)
    held, access = hold_registry(by, registry)
    access.require(Right.MANAGE_MEMBERS)
    if seen:
        refuse_unseen_roles({who: role_of(held, who) for who in seen}, seen, roles)
    for who, role in roles.items():
        _refuse_unfit(held, who, role)
        if role_of(held, who) is None:
            raise Invalid("not_a_member", f"{who} is not a member of {held.name}.", field="who")
        put_grant(by, held, who, role)
    require_an_admin(held)


@transaction.atomic
def remove_member(by: Caller, registry: Registry, who: User | Team) -> None:
    """Takes the role given by hand away; nothing happens when there is none."""
    hold_organization(registry.organization)
    held, access = hold_registry(by, registry)
    access.require(Right.MANAGE_MEMBERS)
    drop_grant(by, held, who)
    require_an_admin(held)


def find_grantee(registry: Registry, named: str) -> User | Team:
    """Who is named exactly: a team of the organization, or any active user.

    People are named by name, verified e-mail or id.

    Invalid when nobody is.
    """
    named = named.strip()
    team = Team.objects.filter(
        organization=registry.organization, entity__name__lower=entity_key(named)
    ).first()
    if team is not None:
        return team
    by_id = Q(pk=int(named)) if named.isdecimal() and len(named) < 18 else Q(pk=None)
    people = User.objects.filter(is_active=True)
    user = people.filter(people_named(named)).first() or people.filter(by_id).first()
    if user is None:
        raise Invalid(
            "nobody",
            f"Nobody here is named “{named}”. Type the exact name or confirmed e-mail of a person, "
            f"or the name of a team of {registry.organization.name}.",
            field="who",
        )
    return user


def require_an_admin(registry: Registry) -> None:
    """Conflict when nobody who can sign in would be left to administer the registry."""
    refuse_lost(without_admin(Registry.objects.filter(pk=registry.pk)))


def refuse_lost(registries: Iterable[Registry]) -> None:
    for registry in registries:
        raise Conflict(
            "last_admin",
            f"{registry.name} needs at least one admin who can sign in. "
            "Make somebody else an admin first.",
        )


def without_admin(registries: QuerySet[Registry]) -> QuerySet[Registry]:
    """Those that nobody who can sign in administers. Admins of the organization count."""
    admin = Role.ADMIN.codename
    can_sign_in = User.objects.filter(is_active=True, is_service_account=False).values("pk")
    leads_organization = OrganizationMembership.objects.filter(
        organization=OuterRef("organization"),
        role=OrganizationMembership.Role.ADMIN,
        user__in=can_sign_in,
    )
    in_admin_team = TeamMembership.objects.filter(
        group__registryteamrole__content_object=OuterRef("pk"),
        group__registryteamrole__permission__codename=admin,
        user__in=can_sign_in,
    )
    has_grant = RegistryPersonRole.objects.filter(
        content_object=OuterRef("pk"), permission__codename=admin, user__in=can_sign_in
    )
    return registries.exclude(
        Exists(leads_organization) | Exists(in_admin_team) | Exists(has_grant)
    ).order_by("name")


def _refuse_unfit(registry: Registry, who: User | Team, role: Role) -> None:
    if role == Role.NONE:
        raise Invalid("role", "Choose one of the roles offered.", field="role")
    if isinstance(who, Team):
        if who.organization_id != registry.organization_id:
            raise Invalid("nobody", "Only teams of the organization can be added.", field="who")
        return
    if not who.is_active:
        raise Invalid("inactive", f"{who.username} has been deactivated.", field="who")
    if who.is_service_account and role < Role.MEMBER:
        raise Invalid(
            "service_account_role",
            f"{who.username} is a service account, which is at least a Member.",
            field="role",
        )
