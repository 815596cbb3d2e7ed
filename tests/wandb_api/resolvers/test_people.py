"""Who is in a team is told to those the team is shown to."""

from __future__ import annotations

import pytest

TEAMS = """query Q {
  project(entityName: "smle-reg", name: "wandb-registry-Model") {
    teamMembers { team { name members { username } } role { name } }
  }
}"""


@pytest.mark.parametrize(
    ("persona", "is_told"),
    [
        ("org_admin", True),
        ("member", True),
        ("viewer", False),
        ("org_viewer", False),
        ("guest", False),
        ("restricted_viewer", False),
    ],
)
def test_a_registry_names_its_teams_and_their_people_to_who_is_in_them(
    ask, personas, persona, is_told
):
    (granted,) = ask(personas[persona], TEAMS).data["project"]["teamMembers"]
    names = {member["username"] for member in granted["team"].pop("members")}
    assert granted == {"team": {"name": "smle-reg-team-2"}, "role": {"name": "member"}}
    assert names == ({"admin-of-model", "member", "trainer"} if is_told else set())
