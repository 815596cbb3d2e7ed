from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import NotAllowed, NotFound
from accounts.operations.people import deactivate_user
from accounts.operations.teams import add_to_team, create_team
from artifacts.models import Project
from artifacts.operations.projects import create_project
from artifacts.permissions import ProjectRight, projects_visible_to, require_write, right_in
from tests.personas import caller_of, person

# Team members write, admins of the organization too, nobody else sees a team's projects.
RIGHTS = {
    "org_admin": ProjectRight.WRITE,
    "admin": ProjectRight.WRITE,
    "member": ProjectRight.WRITE,
    "service_account": ProjectRight.WRITE,
    "viewer": ProjectRight.NONE,
    "org_viewer": ProjectRight.NONE,
    "restricted_viewer": ProjectRight.NONE,
    "guest": ProjectRight.NONE,
    "removed_member": ProjectRight.NONE,
    "other_admin": ProjectRight.NONE,
    "outsider": ProjectRight.NONE,
}


def test_who_reads_and_writes_in_the_projects_of_a_team(team, personas, project):
    assert {name: right_in(user, team.entity) for name, user in personas.items()} == RIGHTS


def test_what_is_visible_is_exactly_what_may_be_read(team, personas, project):
    seen = {name: project in projects_visible_to(user) for name, user in personas.items()}
    assert seen == {name: right >= ProjectRight.READ for name, right in RIGHTS.items()}


@pytest.mark.parametrize(
    ("role", "right"),
    [
        ("admin", ProjectRight.WRITE),
        ("member", ProjectRight.WRITE),
        ("viewer", ProjectRight.READ),
    ],
)
def test_the_role_in_a_team_decides(team, viewer, project, role, right):
    add_to_team(OPERATOR, team, viewer, role)
    assert right_in(viewer, team.entity) == right
    assert project in projects_visible_to(viewer)


def test_an_admin_of_the_organization_writes_though_only_viewer_of_the_team(team, org_admin):
    add_to_team(OPERATOR, team, org_admin, "viewer")
    assert right_in(org_admin, team.entity) == ProjectRight.WRITE


def test_a_persons_projects_are_theirs_alone(viewer, org_admin):
    own = create_project(caller_of(viewer), viewer.entity, "own")
    assert right_in(viewer, viewer.entity) == ProjectRight.WRITE
    assert right_in(org_admin, viewer.entity) == ProjectRight.NONE
    assert own in projects_visible_to(viewer)
    assert own not in projects_visible_to(org_admin)


def test_the_homes_of_registries_are_no_projects_of_anybody(organization, org_admin, registry):
    assert right_in(org_admin, organization.entity) == ProjectRight.NONE
    assert registry.project not in projects_visible_to(org_admin)


def test_server_staff_have_no_right_in_data_beyond_their_roles(team, outsider, project):
    outsider.is_staff = outsider.is_superuser = True
    outsider.save()
    assert right_in(outsider, team.entity) == ProjectRight.NONE
    assert projects_visible_to(outsider).count() == 0


def test_a_team_of_one_does_not_open_another(organization, team, project):
    other = create_team(OPERATOR, organization, "other-team")
    stranger = person("stranger", organization, team=other)
    assert right_in(stranger, team.entity) == ProjectRight.NONE
    assert projects_visible_to(stranger).count() == 0


def test_a_deactivated_person_has_no_right_even_in_their_own(member, project):
    create_project(caller_of(member), member.entity, "own")
    deactivate_user(OPERATOR, member)
    assert right_in(member, member.entity) == ProjectRight.NONE
    assert right_in(member, project.entity) == ProjectRight.NONE
    assert list(projects_visible_to(member)) == []
    assert Project.objects.filter(name="own").exists()


def test_who_may_read_is_told_who_may_write_and_who_may_not_read_nothing(team, viewer, outsider):
    add_to_team(OPERATOR, team, viewer, "viewer")
    with pytest.raises(NotAllowed, match="admins and members of smle-reg-team-2"):
        require_write(caller_of(viewer), team.entity)
    with pytest.raises(NotFound):
        require_write(caller_of(outsider), team.entity)
