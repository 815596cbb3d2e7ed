"""People, organizations, teams and keys, as operators see them."""

from django.contrib import admin

from accounts.callers import Caller
from accounts.models import ApiKey, Invitation, OrganizationMembership, TeamMembership, User
from accounts.operations.invitations import revoke_invitation
from accounts.operations.organizations import remove_from_organization
from accounts.operations.people import deactivate_user, reactivate_user
from accounts.operations.teams import remove_from_team
from accounts.operators import OperatorAdmin, operation, register_others


def _leave_organization(by: Caller, membership: OrganizationMembership) -> None:
    remove_from_organization(by, membership.organization, membership.user)


def _leave_team(by: Caller, membership: TeamMembership) -> None:
    remove_from_team(by, membership.group.team, membership.user)


@admin.register(User)
class UserAdmin(OperatorAdmin):
    search_fields = ("username", "email", "full_name")
    list_display = ("username", "email", "full_name", "is_active", "is_staff", "last_login")
    actions = (
        operation("Deactivate", deactivate_user),
        operation("Reactivate", reactivate_user),
    )


@admin.register(ApiKey)
class ApiKeyAdmin(OperatorAdmin):
    """Its owner revokes a key; an operator deactivates the owner, which ends all keys."""

    search_fields = ("name", "prefix", "user__username")


@admin.register(Invitation)
class InvitationAdmin(OperatorAdmin):
    search_fields = ("email", "organization__entity__name")
    actions = (operation("Revoke", revoke_invitation),)

    def named(self, invitation: Invitation) -> str:
        meant_for = invitation.email or "whoever has the link"
        return f"“Invitation {invitation.pk}” of {meant_for} to {invitation.organization}"


@admin.register(OrganizationMembership)
class OrganizationMembershipAdmin(OperatorAdmin):
    search_fields = ("user__username", "organization__entity__name")
    actions = (operation("Remove from the organization", _leave_organization),)

    def named(self, membership: OrganizationMembership) -> str:
        return f"“{membership.user}” in {membership.organization}"


@admin.register(TeamMembership)
class TeamMembershipAdmin(OperatorAdmin):
    search_fields = ("user__username", "group__name")
    actions = (operation("Remove from the team", _leave_team),)
    named_by = ("group__team__organization__entity",)

    def named(self, membership: TeamMembership) -> str:
        team = membership.group.team
        return f"“{membership.user}” in {team.organization}/{team}"


register_others("accounts")
