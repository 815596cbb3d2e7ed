"""Service accounts: users of scripts, without a password, owned by a team."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller, Operator
from accounts.errors import Conflict
from accounts.models import OrganizationMembership, Team, TeamMembership, User
from accounts.operations.new_users import make_user
from accounts.permissions import require_operator, require_team_admin


@transaction.atomic
def create_service_account(
    by: Caller | Operator, team: Team, name: str, *, full_name: str = ""
) -> User:
    """In the team and its organization as a member. The team's admins hand out its keys."""
    require_team_admin(by, team)
    user = make_user(name, full_name=full_name, is_service_account=True, owner_team=team)
    OrganizationMembership.objects.create(organization=team.organization, user=user)
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
