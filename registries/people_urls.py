"""The account, and the people of organizations."""

from __future__ import annotations

from django.urls import path

from registries.views import addresses  # noqa: F401 registers the converters used below
from registries.views.people import (
    account,
    invitations,
    members,
    organizations,
    service_accounts,
    sign_in,
    teams,
)

ACCOUNT = "settings"
ORGANIZATION = "orgs/<name:organization>"
MEMBERS = f"{ORGANIZATION}/members"
TEAM = f"{ORGANIZATION}/teams/<name:team>"
SERVICE_ACCOUNT = f"{TEAM}/service-accounts/<name:account>"

urlpatterns = [
    path("accounts/signup/", organizations.sign_up, name="account_signup"),
    path("accounts/invitation/<str:token>", invitations.accept, name="accept-invitation"),
    # The account
    path(ACCOUNT, account.account, name="account"),
    path(f"{ACCOUNT}/profile", account.profile, name="profile"),
    path(f"{ACCOUNT}/default-entity", account.default_entity, name="default-entity"),
    path(f"{ACCOUNT}/keys", account.create_key, name="create-key"),
    path(f"{ACCOUNT}/keys/revoke", account.revoke_key, name="revoke-key"),
    path(f"{ACCOUNT}/sign-in", sign_in.sign_in_methods, name="mfa_index"),
    path(f"{ACCOUNT}/sessions/end", sign_in.end_session, name="end-session"),
    path(
        f"{ACCOUNT}/organizations/new",
        organizations.create_organization,
        name="create-organization",
    ),
    path(f"{ORGANIZATION}/delete", organizations.delete, name="delete-organization"),
    # People of an organization
    path(MEMBERS, members.members, name="members"),
    path(f"{MEMBERS}/of/<name:name>", members.member, name="member"),
    path(f"{MEMBERS}/role", members.member_role, name="member-role"),
    path(f"{MEMBERS}/remove", members.remove, name="remove-from-organization"),
    path(f"{MEMBERS}/deactivate", members.deactivate, name="deactivate-user"),
    path(f"{MEMBERS}/reactivate", members.reactivate, name="reactivate-user"),
    path(f"{MEMBERS}/reset-link", members.reset_link, name="reset-link"),
    path(f"{ORGANIZATION}/invitations", invitations.invitations, name="invitations"),
    path(f"{ORGANIZATION}/invitations/new", invitations.invite, name="invite"),
    path(f"{ORGANIZATION}/invitations/revoke", invitations.revoke, name="revoke-invitation"),
    # Teams
    path(f"{ORGANIZATION}/teams", teams.teams, name="teams"),
    path(TEAM, teams.team, name="team"),
    path(f"{TEAM}/members/add", teams.add, name="add-to-team"),
    path(f"{TEAM}/members/role", teams.member_role, name="team-role"),
    path(f"{TEAM}/members/remove", teams.remove, name="remove-from-team"),
    path(f"{TEAM}/service-accounts", teams.create_account, name="create-service-account"),
    path(f"{TEAM}/delete", teams.delete, name="delete-team"),
    path(SERVICE_ACCOUNT, service_accounts.service_account, name="service-account"),
    path(f"{SERVICE_ACCOUNT}/keys", service_accounts.create_key, name="create-service-key"),
    path(f"{SERVICE_ACCOUNT}/keys/revoke", service_accounts.revoke_key, name="revoke-service-key"),
    path(f"{SERVICE_ACCOUNT}/switch", service_accounts.switch, name="switch-service-account"),
]
