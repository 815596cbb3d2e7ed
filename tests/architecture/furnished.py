"""An organization with about ten of each thing, so that no list is empty."""

from __future__ import annotations

import io

import pytest

from accounts.callers import OPERATOR
from accounts.operations.api_keys import create_api_key
from accounts.operations.invitations import invite
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import edit_user
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import create_team
from artifacts.operations.projects import create_project
from artifacts.operations.runs import (
    expect_run_file,
    extend_run,
    note_use,
    receive_run_file,
    upsert_run,
)
from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.members import add_member
from registries.operations.registries import create_registry
from registries.roles import Role
from tests.architecture.automation_pages import automated
from tests.architecture.crowded import Crowd
from tests.personas import PersonFactory, caller_of
from tests.things import link, log, put


@pytest.fixture
def furnished(second_version, protected_version, admin, member, team, project, registry, org_admin):
    """What the pages of `tests.architecture.pages` show. Its admin sees them all."""
    automated(org_admin, member, second_version)
    put(member, second_version, "candidate", *(f"try-{n}" for n in range(8)))
    edit_version(caller_of(admin), second_version, add_tags=["zoo"], description="# Zoo")
    edit_collection(caller_of(member), second_version.collection, add_tags=["zoo", "animals"])
    for n in range(10):
        create_registry(caller_of(admin), registry.organization, f"Registry {n}")
        link(member, second_version.artifact, registry, name=f"Other {n}")
        link(member, log(member, project, f"text {n}").artifact, registry)
    for viewer in PersonFactory.create_batch(10, organization=registry.organization):
        add_member(caller_of(admin), registry, viewer, Role.VIEWER)
    create_project(caller_of(member), team.entity, "second_project")
    link(member, second_version.artifact, project, name="picks")
    _run(member, project, second_version.artifact)
    source = second_version.artifact.versions.get(collection__kind="sequence")
    put(member, source, "picked")
    _people(registry.organization, team, admin)
    return Crowd(registry, second_version, source, admin, team.pk)


def _run(member, project, artifact):
    """One of ten that took and made something."""
    for name in ("brisk-heron", *(f"run-{n}" for n in range(9))):
        run, _ = upsert_run(
            caller_of(member),
            project,
            name,
            config={"seed": 1},
            notes="The *first* one.",
            group="forests",
            job_type="train",
            tags=["baseline", "7 classes"],
        )
        extend_run(
            caller_of(member),
            run,
            counts={"history_line_count": 30},
            summary=None,
            state=None,
            history=['{"loss": 0.5, "accuracy": 0.25}'] * 30,
        )
        receive_run_file(
            expect_run_file(caller_of(member), run, "output.log"), io.BytesIO(b"said"), size=4
        )
        note_use(caller_of(member), project, name, artifact)
        log(member, project, name, run=run)


def _people(organization, team, admin):
    """The admin of the registry leads the organization and runs the server as well."""
    robot = create_service_account(OPERATOR, team, "robot")
    for n in range(10):
        create_team(OPERATOR, organization, f"team-{n}")
        create_service_account(OPERATOR, team, f"robot-{n}")
        for user in (admin, robot):
            create_api_key(OPERATOR, user, name=f"key {n}")
        invite(OPERATOR, organization, teams={team: "member"})
    set_organization_role(OPERATOR, organization, admin, "admin")
    edit_user(OPERATOR, admin, is_staff=True)
