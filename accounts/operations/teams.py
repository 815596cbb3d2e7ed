"""Teams and who is in them."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller, Operator
from accounts.errors import Invalid, NotAllowed
from accounts.events import reducing_access
from accounts.models import (
    Entity,
    Organization,
    OrganizationMembership,
    Team,
    TeamMembership,
    User,
)
from accounts.operations.entities import claim_entity
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
    require_team_admin(by, team)
    if role not in TeamMembership.Role.values:
        raise Invalid("team_role", "Choose admin, member or viewer.", field="role")
    if not OrganizationMembership.objects.filter(
        organization=team.organization, user=user
    ).exists():
        raise NotAllowed(
            f"{user.username} is not in {team.organization.name}. Take them in there first."
        )
    membership, _ = TeamMembership.objects.update_or_create(
        group=team, user=user, defaults={"role": role}
    )
    if user.default_entity_id is None:
        user.default_entity = team.entity
        user.save(update_fields=["default_entity"])
    return membership


@transaction.atomic
def remove_from_team(by: Caller | Operator, team: Team, user: User) -> None:
    """What came through the team ends at once. Nothing happens when they are not in it."""
    require_team_admin(by, team)
    with reducing_access(team.organization):
        TeamMembership.objects.filter(group=team, user=user).delete()
    if user.default_entity_id == team.entity_id:
        user.default_entity = user.entity
        user.save(update_fields=["default_entity"])
