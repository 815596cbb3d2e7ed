"""Organizations and who is in them."""

from __future__ import annotations

from contextlib import nullcontext

from django.db import transaction

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.events import left_organization, organization_ending, reducing_access
from accounts.models import (
    Entity,
    Organization,
    OrganizationMembership,
    TeamMembership,
    User,
)
from accounts.operations.entities import claim_entity
from accounts.operations.handed_out_links import end_handed_out_links
from accounts.operations.locks import hold_organization, hold_user
from accounts.permissions import (
    ORGANIZATION_ADMIN,
    may_create_organization,
    require_organization_admin,
)


@transaction.atomic
def create_organization(by: Caller | Operator, name: str) -> Organization:
    """The bare organization; a person who makes it is its first admin.

    Its core registries are the matter of the floor above.
    """
    if not may_create_organization(by):
        raise NotAllowed("Only the operator of this server can create organizations.")
    organization = Organization.objects.create(entity=claim_entity(name, Entity.Kind.ORGANIZATION))
    if isinstance(by, Caller):
        OrganizationMembership.objects.create(
            organization=organization, user=by.user, role=OrganizationMembership.Role.ADMIN
        )
    return organization


@transaction.atomic
def set_organization_role(
    by: Caller | Operator, organization: Organization, user: User, role: str
) -> OrganizationMembership:
    """Takes somebody in, or changes what they are. Setting the same role changes nothing."""
    hold_organization(organization)
    require_organization_admin(by, organization)
    if role not in OrganizationMembership.Role.values:
        raise Invalid("organization_role", "Choose admin, member or viewer.", field="role")
    there = organization.memberships.filter(user=user).first()
    if there is None:
        return OrganizationMembership.objects.create(
            organization=organization, user=user, role=role
        )
    steps_down = _steps_down(there, role)
    with reducing_access(organization) if steps_down else nullcontext():
        there.role = role
        there.save(update_fields=["role"])
    if steps_down:
        end_handed_out_links(user, organization)
    return there


@transaction.atomic
def remove_from_organization(by: Caller | Operator, organization: Organization, user: User) -> None:
    """Takes somebody out of it, of its teams and of the roles given by hand in its registries.

    Nothing happens when they are not in. The service account of a team here stays: it could not
    come back, and the team would go on listing it.
    """
    hold_organization(organization)
    require_organization_admin(by, organization)
    owner = organization.teams.filter(service_accounts=user).first()
    if owner is not None:
        raise Conflict(
            "owned_by_team",
            f"{user.username} is a service account of {owner.name}. "
            "Deactivate it on the page of its team.",
        )
    was_admin = organization.memberships.filter(user=user, role=ORGANIZATION_ADMIN).exists()
    with reducing_access(organization):
        TeamMembership.objects.filter(user=user, group__team__organization=organization).delete()
        OrganizationMembership.objects.filter(user=user, organization=organization).delete()
        left_organization.send(User, organization=organization, user=user, by=by)
    if was_admin:
        end_handed_out_links(user, organization)
    _drop_lost_default(user)


@transaction.atomic
def delete_organization(by: Caller | Operator, organization: Organization) -> None:
    """Ends an organization that holds nothing any more. Its name is never given again.

    Refused while it has teams, registries with collections, webhooks or secrets: whatever is
    protected there has to go first, by its own rules.
    """
    hold_organization(organization)
    require_organization_admin(by, organization)
    team = organization.teams.order_by("name").first()
    if team is not None:
        raise Conflict(
            "organization_in_use",
            f"{organization.name} has teams, {team.name} among them. Delete them first.",
        )
    organization_ending.send(Organization, organization=organization, by=by)
    organization.invitations.all().delete()
    organization.memberships.all().delete()
    organization.delete()


def _steps_down(membership: OrganizationMembership, role: str) -> bool:
    """Only who leads an organization can be the last in charge by their role in it."""
    admin = OrganizationMembership.Role.ADMIN
    return membership.role == admin != role


def _drop_lost_default(user: User) -> None:
    """A default entity one has left falls back to oneself."""
    hold_user(user)
    if user.default_entity_id in (None, user.entity_id):
        return
    if not user.team_memberships.filter(group__team__entity=user.default_entity_id).exists():
        user.default_entity = user.entity
        user.save(update_fields=["default_entity"])
