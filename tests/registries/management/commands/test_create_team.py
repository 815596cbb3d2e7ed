from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Team
from tests.refusals import nothing_changes


def create_team(*options):
    output = io.StringIO()
    call_command("create_team", *options, stdout=output)
    return output.getvalue()


def test_a_team_is_made_in_an_organization_named_in_any_case(organization):
    told = create_team("vision", "--organization", "SMLE-reg")
    assert told == "Created team vision in smle-reg.\n"
    assert Team.objects.get().organization == organization


@pytest.mark.parametrize(
    "options",
    [
        ["vision"],
        ["vision", "--organization", "unknown"],
        ["smle-reg", "--organization", "smle-reg"],
        ["a b", "--organization", "smle-reg"],
    ],
)
def test_what_is_missing_unknown_taken_or_bad_is_told(organization, options):
    with nothing_changes(), pytest.raises(CommandError):
        create_team(*options)
