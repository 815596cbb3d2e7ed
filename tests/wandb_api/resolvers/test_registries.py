"""Members of a registry: nobody is looked up for who may not manage them."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.teams import create_team
from tests.refusals import nothing_changes
from wandb_api.identifiers import encode

UNKNOWN = 987654
MUTATION = "mutation M($input: {type}!) {{ {name}(input: $input) {{ success }} }}"


def person_of(number):
    return encode("User", number)


def team_of(number):
    return encode("Entity", number)


ASKED = {
    "createProjectMembers": [("userIds", person_of), ("teamIds", team_of)],
    "deleteProjectMembers": [("userIds", person_of), ("teamIds", team_of)],
    "updateProjectMember": [("userId", person_of)],
    "updateProjectTeamMember": [("teamId", team_of)],
}


@pytest.mark.parametrize(
    ("name", "key", "id_of"), [(name, *each) for name, keys in ASKED.items() for each in keys]
)
def test_who_may_not_manage_members_gets_one_answer_whoever_is_named(
    ask, restricted_viewer, registry, outsider, organization, name, key, id_of
):
    hidden = create_team(OPERATOR, organization, "hidden-team")
    existing = outsider.pk if id_of is person_of else hidden.entity_id
    query = MUTATION.format(type=name[0].upper() + name[1:] + "Input", name=name)
    ask(restricted_viewer, "{ viewer { id } }")

    def answer_about(number):
        who = id_of(number)
        given = {"projectId": encode("Project", registry.pk), key: [who] if "Ids" in key else who}
        role = {f"{key[:4]}ProjectRole": "viewer"} if name.startswith("update") else {}
        with nothing_changes():
            return ask(restricted_viewer, query, input=given | role)

    about_somebody, about_nobody = answer_about(existing), answer_about(UNKNOWN)
    assert about_somebody == about_nobody
    assert about_nobody.status == 403
    assert about_nobody.sentence == "Only admins of Model can manage members and roles."
