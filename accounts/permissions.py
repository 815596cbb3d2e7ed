"""Who may change people, teams and organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.callers import Caller, Operator
from accounts.errors import NotAllowed, NotFound
from accounts.models import OrganizationMembership, TeamMembership

if TYPE_CHECKING:
    from accounts.models import Organization, Team, User

ORGANIZATION_ADMIN = OrganizationMembership.Role.ADMIN


def organization_role(user: User, organization: Organization) -> str | None:
    """`admin`, `member`, `viewer`, or None for whoever is not in it or not active."""
    if not user.is_active:
        return None
    return (
        OrganizationMembership.objects.filter(user=user, organization=organization)
        .values_list("role", flat=True)
        .first()
    )


def require_operator(by: Caller | Operator) -> None:
    """People and organizations are made by whoever runs the server."""
    if not isinstance(by, Operator):
        raise NotAllowed("Only the operator of this server can do this.")


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
