from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey, Organization, User
from accounts.operations.api_keys import user_of_api_key
from accounts.permissions import organization_role
from tests.personas import person
from tests.refusals import nothing_changes

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""

    def type_in(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return type_in


def create_user(*options):
    output = io.StringIO()
    call_command("create_user", *options, stdout=output)
    return output.getvalue().splitlines()


def test_a_person_is_made_without_password_key_or_organization():
    assert create_user("mira") == ["Created mira."]
    user = User.objects.get()
    assert not user.has_usable_password()
    assert not user.is_staff
    assert not user.api_keys.exists()
    assert not user.organizations.exists()


def test_the_organization_and_the_team_are_made_when_they_are_missing():
    create_user("mira", "--organization", "smle-reg", "--org-role", "admin", "--team", "vision")
    user, organization = User.objects.get(), Organization.objects.get()
    assert organization_role(user, organization) == "admin"
    assert [row.group.name for row in user.team_memberships.all()] == ["vision"]
    assert organization.registries.count() == 2
    assert user.default_entity.name == "vision"


def test_what_is_there_is_found_without_regard_to_case(organization, team):
    create_user("mira", "--organization", "SMLE-REG", "--team", "Smle-Reg-Team-2")
    create_user("MIRA", "--organization", "smle-reg")
    assert User.objects.filter(username__iexact="mira").count() == 1
    assert Organization.objects.count() == 1
    assert team.memberships.count() == 1


def test_for_somebody_who_exists_what_is_named_is_added_and_the_rest_left(organization, typed):
    typed(f"{GOOD}\n")
    create_user("mira", "--email", "mira@example.org", "--password-stdin", "--staff")
    create_user("mira", "--organization", "smle-reg", "--org-role", "admin")
    assert create_user("mira", "--organization", "smle-reg", "--team", "vision") == [
        "mira exists.",
        "mira is admin of smle-reg.",
        "mira is in vision.",
    ]
    user = User.objects.get(username="mira")
    assert user.check_password(GOOD)
    assert user.is_staff
    assert user.email == "mira@example.org"


def test_the_same_again_changes_nothing(organization):
    options = ("mira", "--organization", "smle-reg", "--org-role", "viewer", "--team", "vision")
    create_user(*options)
    with nothing_changes():
        create_user(*options)


def test_a_role_in_a_team_is_not_lowered_by_naming_the_team_again(organization, team):
    create_user("mira", "--organization", "smle-reg", "--team", team.name)
    team.memberships.update(role="admin")
    create_user("mira", "--organization", "smle-reg", "--team", team.name)
    assert team.memberships.get().role == "admin"


def test_the_new_key_is_the_last_line_alone_and_works():
    lines = create_user("mira", "--api-key")
    assert user_of_api_key(lines[-1]).username == "mira"
    assert lines[-1] not in str(list(ApiKey.objects.values()))


def test_a_key_on_standard_input_goes_on_working_and_is_not_printed(typed):
    secret = "local-" + "a1B2" * 10
    typed(f"{secret}\n")
    lines = create_user("trainer", "--service-account", "--api-key-stdin")
    assert user_of_api_key(secret).is_service_account
    assert secret not in "\n".join(lines)


def test_a_key_its_owner_has_already_is_no_reason_to_stop(typed):
    for _ in range(2):
        typed("k" * 40)
        create_user("trainer", "--api-key-stdin")
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["no spaces"], ""),
        (["graphql"], ""),
        (["mira", "--password-stdin"], "short\n"),
        (["mira", "--password-stdin"], ""),
        (["mira", "--api-key-stdin"], "k" * 39),
        (["mira", "--api-key-stdin"], ""),
        (["mira", "--email", "no address"], ""),
        (["mira", "--service-account", "--password-stdin"], GOOD),
        (["mira", "--team", "vision"], ""),
        (["mira", "--org-role", "admin"], ""),
        (["mira", "--organization", "mira"], ""),
        (["mira", "--organization", "new", "--team", "new"], ""),
        (["mira", "--organization", "a b"], ""),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_makes_nothing_of_it(options, text, typed):
    typed(text)
    with nothing_changes(), pytest.raises(CommandError, match=r"\.$"):
        create_user(*options)


@pytest.mark.parametrize(
    "option", [["--org-role", "owner"], ["--password-stdin", "--api-key-stdin"]]
)
def test_options_that_make_no_sense_are_refused(option):
    with nothing_changes(), pytest.raises(CommandError):
        create_user("mira", "--organization", "smle-reg", *option)


def test_a_person_does_not_become_a_service_account():
    create_user("mira")
    with nothing_changes(), pytest.raises(CommandError, match="a person already"):
        create_user("mira", "--service-account")


def test_the_last_admin_of_an_organization_is_not_demoted_by_the_way(organization):
    person("mira", organization, "admin")
    with nothing_changes(), pytest.raises(CommandError, match="at least one admin"):
        create_user("mira", "--organization", "smle-reg", "--org-role", "viewer", "--staff")


def test_the_name_of_a_team_is_no_persons(organization, team):
    with nothing_changes(), pytest.raises(CommandError, match="taken"):
        create_user("SMLE-reg-team-2")
