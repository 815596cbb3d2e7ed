"""Members of a registry through the SDK: people and teams, all four roles."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.teams import create_team
from registries.operations.grants import role_of
from registries.operations.registries import create_registry
from registries.roles import Role
from tests.personas import caller_of, person
from tests.sdk.state import unchanged

MEMBERS = """
def registry(who, name="Sounds"):
    return api(who).registry(name, organization="smle-reg")
def members(who, name="Sounds"):
    found = registry(who, name)
    people = {member.user.username: str(member.role) for member in found.user_members()}
    return people | {member.team.name: str(member.role) for member in found.team_members()}
"""


@pytest.fixture
def sounds(org_admin, organization, registry):
    """Made by the admin of the organization: its only member by hand."""
    return create_registry(caller_of(org_admin), organization, "Sounds")


def test_people_and_teams_are_added_with_the_role_the_sdk_means(
    sdk, org_admin, viewer, service_account, team, sounds, registry
):
    answer = sdk(
        """
seen = api("org_admin")
people = [seen.user("viewer"), seen.user("trainer")]
registry("org_admin").add_members(*people, seen.team("smle-reg-team-2"))
answer["added"] = members("org_admin")
registry("org_admin").add_members(people[0])
answer["again"] = members("org_admin") == answer["added"]
answer["count"] = len(registry("org_admin").members())
""",
        before=MEMBERS,
        org_admin=org_admin,
    )
    assert answer == {
        "added": {
            "org-admin": "admin",
            "viewer": "restricted_viewer",
            "trainer": "member",
            "smle-reg-team-2": "restricted_viewer",
        },
        "again": True,
        "count": 4,
    }
    assert role_of(sounds, team) == Role.RESTRICTED_VIEWER


def test_every_role_is_given_and_taken(sdk, org_admin, viewer, team, sounds, registry):
    answer = sdk(
        """
seen = api("org_admin")
person, team = seen.user("viewer"), seen.team("smle-reg-team-2")
found = registry("org_admin")
found.add_members(person, team)
for role in ("admin", "member", "viewer", "restricted_viewer"):
    found.update_member(person, role)
    found.update_member(team, role)
    now = members("org_admin")
    assert (now["viewer"], now["smle-reg-team-2"]) == (role, role), now
answer["unknown"] = refusal(found.update_member, person, "owner")
found.remove_members(person, team)
found.remove_members(person)
answer["left"] = members("org_admin")
answer["not a member"] = refusal(found.update_member, person, "member")
""",
        before=MEMBERS,
        org_admin=org_admin,
    )
    assert answer["left"] == {"org-admin": "admin"}
    assert "owner" in answer["unknown"][1]
    assert "viewer is not a member of Sounds." in answer["not a member"][1]
    assert role_of(sounds, viewer) is None


def test_a_service_account_is_never_less_than_member(
    sdk, org_admin, service_account, sounds, registry
):
    answer = sdk(
        """
person = api("org_admin").user("trainer")
registry("org_admin").add_members(person)
for role in ("viewer", "restricted_viewer"):
    answer[role] = refusal(registry("org_admin").update_member, person, role)
""",
        before=MEMBERS,
        org_admin=org_admin,
    )
    assert all("at least a Member" in text for _, text in answer.values())
    assert role_of(sounds, service_account) == Role.MEMBER


def test_somebody_from_outside_becomes_a_guest(sdk, org_admin, outsider, sounds, registry):
    answer = sdk(
        """
answer["before"] = refusal(registry, "outsider")[0]
found = registry("org_admin")
found.add_members(api("org_admin").user("outsider"))
answer["then"] = [r.name for r in api("outsider").registries(organization="smle-reg")]
found.remove_members(api("org_admin").user("outsider"))
answer["after"] = refusal(registry, "outsider")[0]
""",
        before=MEMBERS,
        org_admin=org_admin,
        outsider=outsider,
    )
    assert answer == {"before": "CommError", "then": ["Sounds"], "after": "CommError"}


def test_nobody_but_an_admin_changes_members(sdk, personas, org_admin, registry, traffic):
    may_see = ("member", "service_account", "guest", "viewer", "org_viewer", "restricted_viewer")
    with unchanged():
        answer = sdk(
            """
person = api("org_admin").user("outsider")
admin = api("org_admin").user("admin-of-model")
for name in given["may_see"]:
    found = registry(name, "Model")
    answer[f"{name} adds"] = refusal(found.add_members, person)
    answer[f"{name} removes"] = refusal(found.remove_members, admin)
    answer[f"{name} changes"] = refusal(found.update_member, admin, "viewer")
    answer[f"{name} sees"] = members(name, "Model") == members("org_admin", "Model")
""",
            before=MEMBERS,
            may_see=may_see,
            **personas,
        )
    for what, told in answer.items():
        if what.endswith("sees"):
            assert told is True
        else:
            assert "Only admins of Model can manage members and roles." in told[1], what
    assert traffic.count("CreateRegistryMembers") == len(may_see)
    assert traffic.count("DeleteRegistryMembers") == len(may_see)


def test_the_last_admin_stays(sdk, db, organization, registry):
    """In an organization without admins the maker of a registry is all it has."""
    maker = person("maker", organization)
    create_registry(caller_of(maker), organization, "Sounds")
    other = create_team(OPERATOR, organization, "other-team")
    with unchanged():
        answer = sdk(
            """
me = api("maker").user("maker")
answer["remove"] = refusal(registry("maker").remove_members, me)
answer["change"] = refusal(registry("maker").update_member, me, "viewer")
""",
            before=MEMBERS,
            maker=maker,
        )
    assert all("needs at least one admin who can sign in" in text for _, text in answer.values())
    assert other.organization == organization
