"""People through the SDK: oneself, others, teams, organizations, keys."""

from __future__ import annotations

from accounts.callers import OPERATOR
from accounts.models import ApiKey, User
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import set_default_entity
from registries.operations.organizations import create_organization
from tests.personas import caller_of
from tests.sdk.state import unchanged


def test_one_sees_oneself_with_ones_teams_and_default_entity(sdk, member, team, registry):
    set_default_entity(caller_of(member), member, team.entity)
    answer = sdk(
        """
seen = api("member")
me = seen.viewer
answer["me"] = [me.username, me.entity, me.teams, me.admin, me.email]
answer["default"] = seen.default_entity
answer["keys"] = len(me.api_keys)
""",
        member=member,
    )
    assert answer == {
        "me": ["member", "smle-reg-team-2", ["smle-reg-team-2"], False, member.email],
        "default": "smle-reg-team-2",
        "keys": 1,
    }


def test_a_run_without_an_entity_goes_to_the_default_one(sdk, key_of, member, team, registry):
    set_default_entity(caller_of(member), member, team.entity)
    answer = sdk(
        """
with wandb.init(project="p", settings=wandb.Settings(api_key=given["key"])) as run:
    answer["entity"] = run.entity
""",
        key=key_of(member),
    )
    assert answer == {"entity": "smle-reg-team-2"}


def test_others_are_found_by_their_exact_name_without_their_mail(sdk, member, viewer):
    User.objects.filter(pk=viewer.pk).update(
        email="viewer@example.org", email_is_verified=True, full_name="Vera"
    )
    answer = sdk(
        """
seen = api("member")
found = seen.user("viewer")
answer["found"] = [found.username, found.name, found.email, found.api_keys]
answer["by mail"] = [found.username for found in seen.users("viewer@example.org")]
answer["part"] = [found.username for found in seen.users("view")]
answer["nobody"] = seen.user("nobody")
""",
        member=member,
    )
    assert answer == {
        "found": ["viewer", "Vera", None, []],
        "by mail": ["viewer"],
        "part": [],
        "nobody": None,
    }


def test_staff_finds_people_by_a_part_of_their_name(sdk, member, org_viewer, viewer):
    User.objects.filter(pk=member.pk).update(is_staff=True)
    answer = sdk(
        'answer["found"] = sorted(found.username for found in api("member").users("view"))',
        member=member,
    )
    assert answer["found"] == ["org-viewer", "viewer"]


def test_a_team_and_its_members_are_shown_to_them(sdk, member, admin, outsider, registry):
    answer = sdk(
        """
team = api("member").team("smle-reg-team-2")
answer["members"] = sorted(member.username for member in team.members)
answer["outsider"] = refusal(lambda: api("outsider").team("smle-reg-team-2").members)[0]
""",
        member=member,
        outsider=outsider,
    )
    assert answer["members"] == ["admin-of-model", "member"]
    assert answer["outsider"] == "KeyError"  # the SDK's own way to say: nothing came


def test_the_organization_is_found_by_name_or_by_itself_when_there_is_one(
    sdk, member, team, registry
):
    set_default_entity(caller_of(member), member, team.entity)
    answer = sdk(
        """
seen = api("member")
answer["named"] = [seen.organization("smle-reg").name, seen.organization().name]
answer["entity"] = seen.organization("smle-reg").org_entity.name
answer["nobody's"] = refusal(seen.organization, "nobody")[0]
answer["registries"] = [found.name for found in seen.registries()]
""",
        member=member,
    )
    assert answer == {
        "named": ["smle-reg", "smle-reg"],
        "entity": "smle-reg",
        "nobody's": "CommError",
        "registries": ["Dataset", "Model"],
    }


def test_who_is_in_two_organizations_has_to_name_one(sdk, viewer, registry):
    """The SDK asks for it; what the person then names is found."""
    set_organization_role(OPERATOR, create_organization(OPERATOR, "second"), viewer, "member")
    answer = sdk(
        """
seen = api("viewer")
answer["ambiguous"] = refusal(lambda: list(seen.registries()))[0]
answer["named"] = [
    [found.name for found in seen.registries(organization=name)] for name in ("smle-reg", "second")
]
""",
        viewer=viewer,
    )
    assert answer == {"ambiguous": "ValueError", "named": [["Dataset", "Model"]] * 2}


def test_keys_are_made_and_revoked_and_shown_once(sdk, member):
    answer = sdk(
        """
me = api("member").viewer
answer["key"] = me.generate_api_key("for the night")
works = wandb.Api(api_key=answer["key"]).viewer
answer["works"] = works.username
answer["listed"] = [name for name in works.api_keys if answer["key"].startswith(name[:4])]
answer["revoked"] = works.delete_api_key(answer["listed"][0])
answer["then"] = refusal(lambda: wandb.Api(api_key=answer["key"]).viewer.username)
""",
        member=member,
    )
    assert answer["works"] == "member"
    assert len(answer["listed"]) == 1
    assert answer["key"] not in answer["listed"]
    assert answer["revoked"] is True
    assert "This API key is unknown, expired or revoked." in answer["then"][1]
    assert ApiKey.objects.get(name="for the night").revoked_at is not None


def test_staff_makes_people_who_have_no_password_yet(sdk, member, viewer):
    User.objects.filter(pk=member.pk).update(is_staff=True)
    answer = sdk(
        """
made = api("member").create_user("nora.long@example.org")
answer["made"] = made.username
answer["again"] = refusal(api("member").create_user, "nora.long@example.org")
answer["twin"] = api("member").create_user("nora.long@example.com").username
answer["no staff"] = refusal(api("viewer").create_user, "vera@example.org")
""",
        member=member,
        viewer=viewer,
    )
    made = User.objects.get(email="nora.long@example.org")
    assert (answer["made"], answer["twin"]) == ("nora.long", "nora.long-2")
    assert not made.has_usable_password()
    assert "Somebody else uses nora.long@example.org." in answer["again"][1]
    assert "Only the operator of this server can do this." in answer["no staff"][1]
    assert not User.objects.filter(email="vera@example.org").exists()


def test_an_admin_of_the_organization_makes_a_team_and_fills_it(
    sdk, org_admin, viewer, outsider, registry
):
    answer = sdk(
        """
seen = api("org_admin")
team = seen.create_team("night-shift")
answer["alone"] = [(member.username, member.admin) for member in team.members]
answer["invited"] = team.invite("viewer", admin=True)
answer["again"] = team.invite("viewer")
answer["outsider"] = team.invite("outsider")
robot = team.create_service_account("Nightly training!")
answer["robot"] = (robot.username, robot.name, robot.account_type)
answer["members"] = sorted(member.username for member in team.members)
answer["left"] = next(m for m in team.members if m.username == "viewer").delete()
team.load(force=True)
answer["then"] = sorted(member.username for member in team.members)
answer["removed twice"] = [m for m in team.members if m.username == "org-admin"][0].delete()
""",
        org_admin=org_admin,
    )
    assert answer == {
        "alone": [["org-admin", True]],
        "invited": True,
        "again": False,
        "outsider": False,
        "robot": ["Nightly-training", "Nightly training!", "SERVICE"],
        "members": ["Nightly-training", "org-admin", "viewer"],
        "left": True,
        "then": ["Nightly-training", "org-admin"],
        "removed twice": True,
    }
    assert not outsider.team_memberships.exists()


def test_who_leads_nothing_makes_no_team_and_changes_none(sdk, member, viewer, registry, traffic):
    with unchanged():
        answer = sdk(
            """
seen = api("member")
answer["team"] = refusal(lambda: seen.create_team("mine").members)[0]
team = seen.team("smle-reg-team-2")
answer["invite"] = team.invite("viewer")
answer["robot"] = team.create_service_account("robot")
answer["removed"] = [found.delete() for found in team.members]
""",
            member=member,
        )
    assert answer == {"team": "KeyError", "invite": False, "robot": None, "removed": [False]}
    assert traffic.count("CreateTeam") == traffic.count("CreateInvite") == 1
