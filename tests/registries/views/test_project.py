"""The page of a project, and the way to what is in it."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.teams import add_to_team
from tests.registries.views.pages import COLLECTION, Browser

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


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("project", {}),
        ("upload", {}),
        ("project-create-collection", {}),
        ("project-link-version-anywhere", {}),
        ("project-collection", {"collection": "zoo_dataset"}),
        ("project-version", {"collection": "zoo_dataset", "number": 0}),
        ("project-lineage", {"collection": "zoo_dataset", "number": 0}),
        ("project-view-file", {"collection": "zoo_dataset", "number": 0, "file": "zoo.csv"}),
    ],
)
def test_every_page_of_a_project_is_below_projects(name, below, source, member):
    page = Browser(member).get(name, **PROJECT, **below)
    steps = [node.text for node in page.root.one("nav", class_="crumbs").all("li")]
    assert steps[:3] == ["Projects", "smle-reg-team-2", "zoo_experiment"]


def test_a_page_of_a_registry_is_below_its_organization(version, member):
    page = Browser(member).get("version", **COLLECTION, number=0)
    steps = [node.text for node in page.root.one("nav", class_="crumbs").all("li")]
    assert steps == ["smle-reg", "Model", "Zoo_Classifier_Models", "v0"]
