"""The rows of people, teams, organizations and keys."""

from __future__ import annotations

from accounts.callers import OPERATOR
from accounts.models import Organization
from accounts.operations import api_keys as keys
from accounts.operations import (
    emails,
    invitations,
    people,
    reset_links,
    service_accounts,
    sessions,
    teams,
)
from accounts.operations import organizations as orgs
from accounts.operations import sign_in_links as links
from registries.operations import organizations as organizations_with_registries
from tests.access.operation_table import (
    ANYBODY,
    NOBODY,
    NOBODY_KNOWS_OF_IT,
    ORGANIZATION_ADMINS,
    Row,
)
from tests.access.stage import Stage


def empty_twin(stage: Stage) -> Organization:
    """Another organization of the same people, made and undone within the cell."""
    twin = orgs.create_organization(OPERATOR, "twin")
    for membership in stage.organization.memberships.select_related("user"):
        orgs.set_organization_role(OPERATOR, twin, membership.user, membership.role)
    return twin


ACCOUNTS: list[Row] = [
    Row(orgs.create_organization, "one", NOBODY, lambda by, s: orgs.create_organization(by, "n")),
    Row(
        organizations_with_registries.create_organization,
        "with registries",
        NOBODY,
        lambda by, s: organizations_with_registries.create_organization(by, "n"),  # type: ignore[arg-type]
    ),
    Row(
        orgs.set_organization_role,
        "take in",
        ORGANIZATION_ADMINS,
        lambda by, s: orgs.set_organization_role(by, s.organization, s.somebody, "viewer"),
    ),
    Row(
        orgs.set_organization_role,
        "make oneself admin",
        ORGANIZATION_ADMINS,
        lambda by, s: orgs.set_organization_role(by, s.organization, by.user, "admin"),
    ),
    Row(
        orgs.remove_from_organization,
        "somebody",
        ORGANIZATION_ADMINS,
        lambda by, s: orgs.remove_from_organization(by, s.organization, s.somebody),
    ),
    Row(people.create_user, "one", NOBODY, lambda by, s: people.create_user(by, "n")),
    Row(
        people.edit_user,
        "oneself to staff",
        NOBODY,
        lambda by, s: people.edit_user(by, by.user, is_staff=True),
    ),
    Row(
        people.deactivate_user,
        "somebody",
        NOBODY,
        lambda by, s: people.deactivate_user(by, s.somebody),
    ),
    Row(people.set_theme, "one's own", ANYBODY, lambda by, s: people.set_theme(by, "dark")),
    Row(
        people.set_default_entity,
        "one's own",
        ANYBODY,
        lambda by, s: people.set_default_entity(by, by.user, by.user.entity),
    ),
    Row(
        people.set_default_entity,
        "of somebody else",
        NOBODY,
        lambda by, s: people.set_default_entity(by, s.somebody, s.somebody.entity),
    ),
    Row(
        keys.create_api_key,
        "one's own",
        ANYBODY,
        lambda by, s: keys.create_api_key(by, by.user),
    ),
    Row(
        keys.create_api_key,
        "of somebody else",
        NOBODY,
        lambda by, s: keys.create_api_key(by, s.somebody),
    ),
    Row(
        keys.register_api_key,
        "of somebody else",
        NOBODY,
        lambda by, s: keys.register_api_key(by, s.somebody, "k" * 40),
    ),
    Row(
        keys.revoke_api_key,
        "of somebody else",
        NOBODY_KNOWS_OF_IT,
        lambda by, s: keys.revoke_api_key(by, s.key),
    ),
    Row(
        links.create_sign_in_link,
        "one's own",
        NOBODY,
        lambda by, s: links.create_sign_in_link(by, by.user),
    ),
    Row(
        emails.create_email_link,
        "for the address of somebody else",
        NOBODY,
        lambda by, s: emails.create_email_link(by, s.somebody),
    ),
    Row(
        reset_links.create_reset_link,
        "for somebody of the organization",
        "✓ 403 403 403 | 403 403 | 404 404 | 404 404 404",
        lambda by, s: reset_links.create_reset_link(by, s.somebody),
    ),
    Row(
        teams.create_team,
        "one",
        ORGANIZATION_ADMINS,
        lambda by, s: teams.create_team(by, s.organization, "n"),
    ),
    Row(
        teams.add_to_team,
        "somebody",
        ORGANIZATION_ADMINS,
        lambda by, s: teams.add_to_team(by, s.team, s.somebody),
    ),
    Row(
        teams.remove_from_team,
        "a member",
        ORGANIZATION_ADMINS,
        lambda by, s: teams.remove_from_team(by, s.team, s.team_member),
    ),
    Row(
        teams.delete_team,
        "that holds nothing",
        ORGANIZATION_ADMINS,
        lambda by, s: teams.delete_team(by, s.empty_team),
    ),
    Row(
        orgs.delete_organization,
        "that holds nothing",
        ORGANIZATION_ADMINS,
        lambda by, s: orgs.delete_organization(by, empty_twin(s)),
    ),
    Row(
        people.edit_profile,
        "one's own",
        ANYBODY,
        lambda by, s: people.edit_profile(by, by.user, full_name="N"),
    ),
    Row(
        people.edit_profile,
        "of somebody else",
        NOBODY,
        lambda by, s: people.edit_profile(by, s.somebody, email="n@example.org"),
    ),
    Row(
        people.reactivate_user,
        "somebody",
        NOBODY,
        lambda by, s: people.reactivate_user(by, s.somebody),
    ),
    Row(
        people.deactivate_user,
        "a service account of the team",
        ORGANIZATION_ADMINS,
        lambda by, s: people.deactivate_user(by, s.robot),
    ),
    Row(
        keys.create_api_key,
        "of a service account of the team",
        ORGANIZATION_ADMINS,
        lambda by, s: keys.create_api_key(by, s.robot),
    ),
    Row(
        service_accounts.create_service_account,
        "one",
        ORGANIZATION_ADMINS,
        lambda by, s: service_accounts.create_service_account(by, s.team, "n"),
    ),
    Row(
        service_accounts.adopt_service_account,
        "of a team",
        NOBODY,
        lambda by, s: service_accounts.adopt_service_account(by, s.team, s.robot),
    ),
    Row(
        invitations.invite,
        "somebody",
        ORGANIZATION_ADMINS,
        lambda by, s: invitations.invite(by, s.organization, role="admin"),
    ),
    Row(
        invitations.invite_to_team,
        "somebody of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: invitations.invite_to_team(by, s.team, "somebody"),
    ),
    Row(
        invitations.invite_to_team,
        "somebody new",
        ORGANIZATION_ADMINS,
        lambda by, s: invitations.invite_to_team(by, s.team, "n@example.org"),
    ),
    Row(
        invitations.revoke_invitation,
        "an open one",
        ORGANIZATION_ADMINS,
        lambda by, s: invitations.revoke_invitation(by, s.invitation),
    ),
    Row(
        sessions.end_session,
        "of somebody else",
        ANYBODY,
        lambda by, s: sessions.end_session(by, 0),
    ),
    Row(
        sessions.end_other_sessions,
        "one's own",
        ANYBODY,
        lambda by, s: sessions.end_other_sessions(by, kept=""),
    ),
]
