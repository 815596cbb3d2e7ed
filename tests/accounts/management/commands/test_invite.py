from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.operations.invitations import join_as_somebody_new


def test_the_link_leads_into_organization_and_team(organization, team, capsys):
    call_command("invite", "SMLE-REG", "--role", "admin", "--team", team.name)
    token = capsys.readouterr().out.strip().rpartition("/")[2]
    user = join_as_somebody_new(token, "ada", "correct horse battery")
    assert organization.memberships.get(user=user).role == "admin"
    assert team.memberships.filter(user=user).exists()


def test_what_is_not_there_is_said(organization):
    for arguments in (["nowhere"], ["smle-reg", "--team", "nobody"], ["smle-reg", "--days", "99"]):
        with pytest.raises(CommandError, match=r"\.$"):
            call_command("invite", *arguments)
