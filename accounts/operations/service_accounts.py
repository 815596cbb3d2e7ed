"""Service accounts: users of scripts, without a password, owned by a team."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller, Operator
from accounts.errors import Conflict
from accounts.models import Organization, OrganizationMembership, Team, TeamMembership, User
from accounts.operations.locks import hold_organization
from accounts.operations.new_users import make_user
from accounts.permissions import organization_role, require_operator, require_team_admin


@transaction.atomic
def create_service_account(
    by: Caller | Operator, team: Team, name: str, *, full_name: str = ""
) -> User:
    """In the team and its organization as a member. The team's admins hand out its keys.

    Where its maker is a viewer of the organization, so is the account: its keys give nobody more.
    """
    hold_organization(team.organization)
    require_team_admin(by, team)
    user = make_user(name, full_name=full_name, is_service_account=True, owner_team=team)
    OrganizationMembership.objects.create(
        organization=team.organization, user=user, role=_role_by(by, team.organization)
    )
    TeamMembership.objects.create(group=team, user=user)
    user.default_entity = team.entity
    user.save(update_fields=["default_entity"])
    return user


@transaction.atomic
def adopt_service_account(by: Caller | Operator, team: Team, user: User) -> None:
    """Gives the team an account that no team owns, made by the operator alone."""
    require_operator(by)
    if not user.is_service_account or user.owner_team_id not in (None, team.pk):
        raise Conflict("not_free", f"{user.username} is not a service account without a team.")
    user.owner_team = team
    user.save(update_fields=["owner_team"])


def _role_by(by: Caller | Operator, organization: Organization) -> str:
    roles = OrganizationMembership.Role
    if isinstance(by, Operator):
        return roles.MEMBER
    own = organization_role(by.user, organization)
    return roles.MEMBER if own in {roles.MEMBER, roles.ADMIN} else roles.VIEWER
