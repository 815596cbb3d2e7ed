"""Who may change people, teams and organizations, and whose teams are shown to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.callers import Caller, Operator
from accounts.errors import NotAllowed, NotFound
from accounts.events import reaches_beyond
from accounts.models import OrganizationMembership, Team, TeamMembership
from accounts.statements import prepared

if TYPE_CHECKING:
    from accounts.models import Organization, User

ORGANIZATION_ADMIN = OrganizationMembership.Role.ADMIN


def organization_role(user: User, organization: Organization) -> str | None:
    """`admin`, `member`, `viewer`, or None for whoever is not in it or not active."""
    if not user.is_active:
        return None
    found = _roles(user.pk, organization.pk)
    return found[0][0] if found else None


@prepared
def _roles(user_id: int, organization_id: int) -> QuerySet[OrganizationMembership, tuple[str]]:
    rows = OrganizationMembership.objects.filter(user=user_id, organization=organization_id)
    return rows.values_list("role")


def is_operator(by: Caller | Operator) -> bool:
    """Whoever runs the server, on it or, as active staff, in the browser."""
    return isinstance(by, Operator) or (by.user.is_staff and by.user.is_active)


def require_operator(by: Caller | Operator) -> None:
    """People and organizations are made, and people deactivated, by whoever runs the server.

    This opens no registry or project: staff has no role there beyond those given to it.
    """
    if not is_operator(by):
        raise NotAllowed("Only the operator of this server can do this.")


def require_command_line(by: Caller | Operator) -> None:
    """What would let staff act as somebody else takes a shell on the server."""
    if not isinstance(by, Operator):
        raise NotAllowed("Only whoever runs this server can do this, on the server itself.")


def require_organization_admin(by: Caller | Operator, organization: Organization) -> None:
    """NotFound for whoever is not in it: it does not exist for them."""
    if isinstance(by, Operator):
        return
    role = organization_role(by.user, organization)
    if role is None:
        raise NotFound
    if role != ORGANIZATION_ADMIN:
        raise NotAllowed(f"Only admins of {organization.name} can do this.")


def require_team_admin(by: Caller | Operator, team: Team) -> None:
    """Admins of the team, or of its organization."""
    if isinstance(by, Operator):
        return
    leads_team = TeamMembership.objects.filter(
        user=by.user, user__is_active=True, group=team, role=TeamMembership.Role.ADMIN
    ).exists()
    if not leads_team:
        require_organization_admin(by, team.organization)


def require_self(by: Caller | Operator, user: User) -> None:
    """What only the person (or the operator for them) may change."""
    if isinstance(by, Caller) and by.user.pk != user.pk:
        raise NotAllowed(f"Only {user.username} can do this.")


def may_create_organization(by: Caller | Operator) -> bool:
    """Operators, and everybody who can sign in where the operator says so in the settings."""
    if is_operator(by):
        return True
    user = by.user if isinstance(by, Caller) else None
    opened: bool = settings.WAYMARK_OPEN_ORGANIZATIONS
    return opened and user is not None and user.is_active and not user.is_service_account


def require_key_holder(by: Caller | Operator, user: User) -> None:
    """A person's keys are their own; those of a service account its team's admins look after."""
    if user.owner_team is not None and not (isinstance(by, Caller) and by.user.pk == user.pk):
        require_team_admin(by, user.owner_team)
    else:
        require_self(by, user)


def require_may_deactivate(by: Caller | Operator, user: User) -> None:
    """Operators; for a service account also the admins of the team that owns it."""
    if user.owner_team is not None and not is_operator(by):
        require_team_admin(by, user.owner_team)
    else:
        require_operator(by)


def require_may_hand_out_reset_link(by: Caller | Operator, user: User) -> None:
    """An admin of the one organization whose members `user` is among, or the command line.

    Whoever sets somebody's password can be them, so it must open nothing the admin has no say
    in: no other organization, no registry as a guest, no rights of staff. What is the person's
    alone (their own projects) it does open: without mail there is no other way back in for them.
    """
    if isinstance(by, Operator):
        return
    shared = by.user.organization_memberships.filter(organization__members=user)
    own = shared.select_related("organization__entity") if by.user.is_active else []
    if not own:
        raise NotFound
    led = [one.organization for one in own if one.role == ORGANIZATION_ADMIN]
    if not led:
        raise NotAllowed(f"Only admins of an organization {user.username} is in can do this.")
    organization = led[0]
    elsewhere = user.organization_memberships.exclude(organization=organization).exists()
    if user.is_staff or elsewhere or reaches_beyond(user, organization):
        raise NotAllowed(
            f"{user.username} has rights outside {organization.name}. "
            "Only the operator of this server can hand out a link for them."
        )


def teams_shown_to(user: User) -> QuerySet[Team]:
    """Of others' teams: those one is in too, or leads as an admin of their organization."""
    led = OrganizationMembership.objects.filter(user=user, role=ORGANIZATION_ADMIN).values(
        "organization"
    )
    return Team.objects.filter(Q(memberships__user=user) | Q(organization__in=led))
