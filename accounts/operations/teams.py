"""Teams and who is in them."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.events import reducing_access, team_ending
from accounts.models import (
    Entity,
    Organization,
    OrganizationMembership,
    Team,
    TeamMembership,
    User,
)
from accounts.operations.entities import claim_entity
from accounts.operations.locks import hold_organization, hold_user
from accounts.permissions import require_organization_admin, require_team_admin


@transaction.atomic
def create_team(by: Caller | Operator, organization: Organization, name: str) -> Team:
    require_organization_admin(by, organization)
    entity = claim_entity(name, Entity.Kind.TEAM)
    return Team.objects.create(name=name, entity=entity, organization=organization)


@transaction.atomic
def add_to_team(
    by: Caller | Operator,
    team: Team,
    user: User,
    role: str = TeamMembership.Role.MEMBER,
) -> TeamMembership:
    """Takes in somebody of the organization, or changes their role in the team.

    The first team joined becomes the default entity.
    """
    hold_organization(team.organization)
    require_team_admin(by, team)
    require_team_role(role)
    if not OrganizationMembership.objects.filter(
        organization=team.organization, user=user
    ).exists():
        raise NotAllowed(
            f"{user.username} is not in {team.organization.name}. Take them in there first."
        )
    return join_team(team, user, role)


def require_team_role(role: str) -> None:
    if role not in TeamMembership.Role.values:
        raise Invalid("team_role", "Choose admin, member or viewer.", field="role")


def join_team(team: Team, user: User, role: str) -> TeamMembership:
    """The row itself. Who may was judged before."""
    membership, _ = TeamMembership.objects.update_or_create(
        group=team, user=user, defaults={"role": role}
    )
    hold_user(user)
    if user.default_entity_id is None:
        user.default_entity = team.entity
        user.save(update_fields=["default_entity"])
    return membership


@transaction.atomic
def remove_from_team(by: Caller | Operator, team: Team, user: User) -> None:
    """What came through the team ends at once. Nothing happens when they are not in it."""
    hold_organization(team.organization)
    require_team_admin(by, team)
    with reducing_access(team.organization):
        TeamMembership.objects.filter(group=team, user=user).delete()
    hold_user(user)
    if user.default_entity_id == team.entity_id:
        user.default_entity = user.entity
        user.save(update_fields=["default_entity"])


@transaction.atomic
def delete_team(by: Caller | Operator, team: Team) -> None:
    """Ends the team and what hangs on it. Its name is never given again.

    Refused while it has projects, whatever they hold, or service accounts that are active.
    """
    hold_organization(team.organization)
    require_organization_admin(by, team.organization)
    if team.service_accounts.filter(is_active=True).exists():
        raise Conflict("team_in_use", f"{team.name} has service accounts. Deactivate them first.")
    User.objects.filter(default_entity=team.entity).update(default_entity=None)
    with reducing_access(team.organization):
        team_ending.send(Team, team=team, by=by)
        team.service_accounts.update(owner_team=None)
        team.memberships.all().delete()
        team.delete()
