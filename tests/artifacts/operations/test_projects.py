from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.models import Project
from artifacts.operations.projects import create_project, project_for_use
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused


def test_a_team_member_makes_a_project_of_the_team(team, member):
    project = create_project(caller_of(member), team.entity, "zoo", description="")
    assert (project.entity, project.created_by, project.description) == (team.entity, member, "")


def test_a_person_makes_projects_of_their_own(outsider):
    assert create_project(caller_of(outsider), outsider.entity, "own").description is None


def test_a_project_made_twice_by_hand_is_refused_and_by_use_is_the_same(project, team, member):
    with refused(Conflict, "project_exists") as refusal:
        create_project(caller_of(member), team.entity, "zoo_experiment")
    assert "already." in refusal.value.sentence
    with nothing_changes():
        assert project_for_use(caller_of(member), team.entity, "zoo_experiment") == project


def test_the_first_use_makes_a_project(team, member):
    assert project_for_use(caller_of(member), team.entity, "new").name == "new"


@pytest.mark.parametrize("make", [create_project, project_for_use])
def test_a_project_never_takes_the_name_of_a_registrys(team, member, make):
    for name in ("wandb-registry-Model", "WANDB-Registry-x"):
        with refused(Invalid, "project_name_reserved"):
            make(caller_of(member), team.entity, name)


@pytest.mark.parametrize("make", [create_project, project_for_use])
def test_nobody_makes_projects_of_an_organization_or_of_somebody_else(
    organization, team, org_admin, member, viewer, outsider, make
):
    with refused(NotFound):
        make(caller_of(org_admin), organization.entity, "zoo")
    with refused(NotFound):
        make(caller_of(org_admin), member.entity, "zoo")
    with refused(NotFound):
        make(caller_of(outsider), team.entity, "zoo")
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        make(caller_of(viewer), team.entity, "zoo")


def test_a_bad_description_makes_no_project(team, member):
    with refused(Invalid, "description_form"):
        create_project(caller_of(member), team.entity, "zoo", description="\x00")
    assert not Project.objects.filter(name="zoo").exists()
