"""The page of a project."""

from __future__ import annotations

from accounts.callers import OPERATOR
from accounts.operations.teams import add_to_team
from tests.registries.views.pages import Browser

PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}


def offered(user):
    """The names of what the head of the page leads to."""
    page = Browser(user).get("project", **PROJECT)
    return [node.text for node in page.root.one(class_="page-head__actions").all("a")]


def test_deleting_a_project_is_offered_to_those_alone_who_may(
    project, team, member, org_admin, viewer
):
    add_to_team(OPERATOR, team, viewer, "viewer")
    everything = ["Upload version", "Create collection", "Link version", "Delete project…"]
    assert offered(org_admin) == everything
    assert offered(member) == everything[:-1]
    assert offered(viewer) == []
    add_to_team(OPERATOR, team, member, "admin")
    assert offered(member) == everything
