"""The projects of a team with who made them: as many statements for many makers as for one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import set_default_entity
from accounts.operations.teams import add_to_team, create_team
from artifacts.operations.projects import create_project
from tests.personas import caller_of, person
from tests.wandb_api.test_sdk_documents import documents


@pytest.fixture
def add(team, organization):
    """`add("ada")`: a person of the team with that name, and a project they made."""

    def added(*names: str) -> None:
        for name in names:
            user = person(name, organization)
            add_to_team(OPERATOR, team, user, "member")
            create_project(caller_of(user), team.entity, f"of-{name}")

    return added


def page_of(ask, user):
    with CaptureQueriesContext(connection) as captured:
        answer = ask(user, documents()["GET_PROJECTS_GQL"], entity="smle-reg-team-2")
    assert answer.status == 200, answer.sentences
    nodes = [edge["node"] for edge in answer.data["models"]["edges"]]
    return {node["name"]: node["user"] for node in nodes}, len(captured)


def test_a_page_takes_as_many_statements_for_many_makers(ask, member, add):
    add("ada", "bo")
    page_of(ask, member)
    few, statements = page_of(ask, member)
    add("cy", "di", "eve")
    many, more_statements = page_of(ask, member)
    assert {name: maker["username"] for name, maker in many.items()} == {
        f"of-{name}": name for name in ("ada", "bo", "cy", "di", "eve")
    }
    assert len(few) == 2
    assert more_statements == statements
    teams = many["of-ada"]["teams"]["edges"]
    assert [edge["node"]["name"] for edge in teams] == ["smle-reg-team-2"]


def test_a_registry_that_came_with_the_organization_was_made_by_nobody(ask, member, registry):
    asked = {"entity": "smle-reg", "name": "wandb-registry-Model"}
    answer = ask(member, documents()["GET_PROJECT_GQL"], **asked)
    assert answer.data["project"]["user"] is None


def test_teams_of_others_are_shown_as_far_as_the_caller_is_in_them(
    ask, member, org_admin, organization, add
):
    add("ada")
    other = create_team(OPERATOR, organization, "others")
    add_to_team(OPERATOR, other, User.objects.get(username="ada"), "member")

    def teams_seen_by(user):
        edges = page_of(ask, user)[0]["of-ada"]["teams"]["edges"]
        return [edge["node"]["name"] for edge in edges]

    set_default_entity(OPERATOR, User.objects.get(username="ada"), other.entity)
    assert page_of(ask, member)[0]["of-ada"]["entity"] == "ada"
    assert teams_seen_by(member) == ["smle-reg-team-2"]
    assert teams_seen_by(org_admin) == ["others", "smle-reg-team-2"]
