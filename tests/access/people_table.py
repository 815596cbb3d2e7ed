"""The table of addresses of accounts, organizations and teams."""

from __future__ import annotations

from collections.abc import Mapping

from tests.access.address_rows import ANONYMOUS, HIDDEN, REFUSED, SIGN_IN, Outcome, Row, same
from tests.personas import PERSONAS

ORGANIZATION = {"organization": "smle-reg"}
TEAM = ORGANIZATION | {"team": "smle-reg-team-2"}
ROBOT = TEAM | {"account": "robot"}
TOKEN = {"token": "altered"}

# Guests and people with an own grant are in no organization.
IN_IT = frozenset({"org_admin", "admin", "member", "service_account", "viewer", "org_viewer"})
LEADERS = frozenset({"org_admin"})


def everybody(
    name: str,
    answer: Outcome,
    at: Mapping[str, str | int] | None = None,
    method: str = "GET",
    body: Mapping[str, str] | None = None,
) -> Row:
    """For whoever is signed in: it is about themself."""
    outcomes = dict.fromkeys(PERSONAS, answer) | {ANONYMOUS: SIGN_IN}
    return Row(name, outcomes, at or {}, method, body or {})


def people(
    name: str,
    answer: Outcome,
    at: Mapping[str, str | int],
    who: frozenset[str] = LEADERS,
    method: str = "GET",
    body: Mapping[str, str] | None = None,
) -> Row:
    """Done for `who`, refused to others of the organization, hidden from the rest."""
    outcomes: dict[str, Outcome] = {one: REFUSED if one in IN_IT else HIDDEN for one in PERSONAS}
    outcomes |= dict.fromkeys(who, answer) | {ANONYMOUS: SIGN_IN}
    return Row(name, outcomes, at, method, body or {})


def deed(
    name: str,
    body: Mapping[str, str],
    at: Mapping[str, str | int] = ORGANIZATION,
    answer: Outcome = 303,
    who: frozenset[str] = LEADERS,
) -> Row:
    return people(name, answer, at, who, "POST", body)


ENTRANCE = (
    same("account_signup", 403),
    same("accept-invitation", 422, TOKEN),
    same("accept-invitation", 422, TOKEN, "POST"),
    same("verify-email", 422, TOKEN),
    same("verify-email", 422, TOKEN, "POST"),
    same("account_reset_password", 200),
    same("account_reset_password_done", 200),
    same("account_reset_password_from_key", 200, {"uidb36": "1", "key": "altered"}),
    same("account_reset_password_from_key_done", 200),
    Row("mfa_authenticate", dict.fromkeys(PERSONAS, 302) | {ANONYMOUS: 302}),
    same("mfa_login_webauthn", 302),
    same("socialaccount_login_cancelled", 200),
    same("socialaccount_login_error", 401),
    same("socialaccount_signup", 302),
    same("openid_connect_login", 404, {"provider_id": "oidc"}),
    same("openid_connect_callback", 404, {"provider_id": "oidc"}),
)
ACCOUNT = (
    everybody("account", 200),
    everybody("profile", 303, method="POST", body={"full_name": "N", "email": ""}),
    everybody("default-entity", 403, method="POST", body={"default_entity": "smle-reg"}),
    everybody("create-key", 200, method="POST", body={"name": "laptop", "days": "30"}),
    everybody("revoke-key", 404, method="POST", body={"key": "{key}"}),
    everybody("mfa_index", 200),
    everybody("end-session", 303, method="POST", body={"session": "others"}),
    everybody("create-organization", REFUSED),
    everybody("create-organization", REFUSED, method="POST", body={"name": "mine"}),
    # Pages of the second step and of passwords. The personas have neither yet.
    everybody("account_reauthenticate", 403),
    everybody("account_change_password", 302),
    everybody("account_set_password", 200),
    everybody("mfa_reauthenticate", 403),
    everybody("mfa_reauthenticate_webauthn", 403),
    everybody("mfa_activate_totp", 200),
    everybody("mfa_deactivate_totp", 404),
    everybody("mfa_view_recovery_codes", 404),
    everybody("mfa_generate_recovery_codes", 200),
    everybody("mfa_download_recovery_codes", 404),
    everybody("mfa_list_webauthn", 302),
    everybody("mfa_add_webauthn", 200),
    everybody("mfa_edit_webauthn", 404, {"pk": 1}),
    everybody("mfa_remove_webauthn", 404, {"pk": 1}),
    everybody("socialaccount_connections", 200),
)
ORGANIZATIONS = (
    people("members", 200, ORGANIZATION, IN_IT),
    people("member", 200, ORGANIZATION | {"name": "granted"}),
    deed("member-role", {"member": "{colleague}", "role": "admin"}),
    deed("remove-from-organization", {"member": "{colleague}"}),
    deed("deactivate-user", {"member": "{colleague}"}, who=frozenset()),
    deed("reactivate-user", {"member": "{colleague}"}, who=frozenset()),
    people("reset-link", 200, ORGANIZATION, LEADERS, "POST", {"member": "{colleague}"}),
    people("invitations", 200, ORGANIZATION),
    deed("invite", {"email": "", "role": "admin", "team": "", "days": "7"}, answer=200),
    deed("revoke-invitation", {"invitation": "{invitation}"}),
    people("teams", 200, ORGANIZATION, IN_IT),
    deed("teams", {"name": "new-team"}),
    people("team", 200, TEAM, IN_IT),
    deed("add-to-team", {"who": "granted", "role": "member"}, TEAM),
    deed("team-role", {"member": "{team_member}", "role": "admin"}, TEAM),
    deed("remove-from-team", {"member": "{team_member}"}, TEAM),
    deed("create-service-account", {"name": "second-robot", "full_name": ""}, TEAM),
    people("delete-organization", 200, ORGANIZATION),
    people(
        "delete-organization", 422, ORGANIZATION, LEADERS, "POST", {"confirmed_name": "another"}
    ),
    people("delete-team", 200, ORGANIZATION | {"team": "empty-team"}),
    deed(
        "delete-team",
        {"confirmed_name": "empty-team"},
        ORGANIZATION | {"team": "empty-team"},
    ),
    people("service-account", 200, ROBOT),
    deed("create-service-key", {"name": "ci", "days": ""}, ROBOT, answer=200),
    deed("revoke-service-key", {"key": "{key}"}, ROBOT),
    deed("switch-service-account", {}, ROBOT),
)
PEOPLE = (*ENTRANCE, *ACCOUNT, *ORGANIZATIONS)
