"""How many queries each page costs: written down, small, and the same however much there is."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.operations.api_keys import create_api_key
from accounts.operations.invitations import invite
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import edit_user
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import create_team
from artifacts.operations.projects import create_project
from artifacts.operations.runs import expect_run_file, note_use, receive_run_file, upsert_run
from registries.models import Event
from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.members import add_member
from registries.operations.registries import create_registry
from registries.roles import Role
from tests.access.address_table import ROWS, SIGN_IN
from tests.architecture.automation_pages import (
    AUTOMATION_PAGES,
    FORMS_OF_INTEGRATIONS,
    automated,
    crowd_automations,
    ids_for,
)
from tests.architecture.crowded import Crowd, crowd
from tests.personas import caller_of, person
from tests.things import link, log, put

MOST_QUERIES = 12
LINK = "?team=smle-reg-team-2&project=zoo_experiment&artifact=zoo_dataset&version=v1"

ORGANIZATION = {"organization": "smle-reg"}
TEAM = ORGANIZATION | {"team": "smle-reg-team-2"}
REGISTRY = ORGANIZATION | {"registry": "Model"}
COLLECTION = REGISTRY | {"collection": "Zoo_Classifier_Models"}
VERSION = COLLECTION | {"number": 1}
PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
RUN = PROJECT | {"run": "brisk-heron"}
SEQUENCE = PROJECT | {"collection": "zoo_dataset"}
PORTFOLIO = PROJECT | {"collection": "picks"}
PRINTED = {"type": "dataset", "collection": "zoo_dataset"}
LOGGED = SEQUENCE | {"number": 1}

# The admin is in the team; below, the pages of its project.
PROJECT_PAGES: dict[tuple[str, str], tuple[dict[str, str | int], int]] = {
    ("storage", ""): (ORGANIZATION, 7),
    ("projects", ""): ({}, 6),
    ("projects", "?filter=zoo&owner=smle-reg-team-2&sort=name"): ({}, 6),
    ("create-project", ""): ({}, 4),
    ("project", ""): (PROJECT, 8),
    ("project", "?filter=o&type=dataset&sort=newest"): (PROJECT, 7),
    ("project-history", ""): (PROJECT, 8),
    ("export-project-history", ""): (PROJECT, 5),
    ("delete-project", ""): (PROJECT, 12),
    ("upload", ""): (PROJECT, 6),
    ("runs", ""): (PROJECT, 6),
    ("runs", "?filter=r&state=running&sort=name"): (PROJECT, 6),
    ("run", ""): (RUN, 10),
    ("download-run-file", ""): (RUN | {"file": "output.log"}, 6),
    ("project-create-collection", ""): (PROJECT, 5),
    ("project-link-version-anywhere", ""): (PROJECT, 9),
    ("project-collection", ""): (SEQUENCE, 11),
    ("project-collection", "?filter=zoo"): (SEQUENCE, 11),
    ("project-collection-history", ""): (SEQUENCE, 11),
    ("project-export-collection-history", ""): (SEQUENCE, 6),
    ("project-put-back", ""): (SEQUENCE | {"event": "{logged_change}"}, 7),
    ("project-delete-collection", ""): (PORTFOLIO, 8),
    ("project-link-version", ""): (PORTFOLIO, 10),
    ("project-alias", ""): (SEQUENCE | {"alias": "latest"}, 6),
    ("project-version", ""): (LOGGED, 11),
    ("project-version", "?edit=metadata"): (LOGGED, 11),
    ("project-alias-options", "?name=o"): (LOGGED, 8),
    ("project-confirm-alias", "?alias=latest"): (LOGGED, 9),
    ("project-unlink-version", ""): (PORTFOLIO | {"number": 0}, 8),
    ("project-view-file", ""): (LOGGED | {"file": "zoo.csv"}, 9),
    ("project-lineage", ""): (LOGGED, 11),
    ("project-download-file", ""): (LOGGED | {"file": "zoo.csv"}, 8),
    ("delete-version", ""): (LOGGED, 12),
    ("delete-artifact", ""): (SEQUENCE, 10),
    ("sdk-entity", ""): ({"entity": "smle-reg-team-2"}, 3),
    ("sdk-project", ""): (PROJECT | {"page": "workspace"}, 4),
    ("sdk-run", ""): (RUN | {"page": "overview"}, 5),
    ("sdk-collection", ""): (PROJECT | PRINTED, 5),
    ("sdk-version", ""): (PROJECT | PRINTED | {"reference": "v1"}, 5),
    ("sdk-registry", ""): ({"entity": "smle-reg", "registry": "model"}, 3),
    ("sdk-home", ""): ({"entity": "smle-reg", "registry": "Model"}, 3),
}

# Page and the rest of its address → what stands in the address, queries for an admin.
PAGES: dict[tuple[str, str], tuple[dict[str, str | int], int]] = {
    ("start", ""): ({}, 3),
    ("account", ""): ({}, 7),
    ("mfa_index", ""): ({}, 6),
    ("create-organization", ""): ({}, 3),
    ("members", ""): (ORGANIZATION, 5),
    ("members", "?filter=some&role=member&page=2"): (ORGANIZATION, 5),
    ("member", ""): (ORGANIZATION | {"name": "member"}, 5),
    ("invitations", ""): (ORGANIZATION, 7),
    ("teams", ""): (ORGANIZATION, 4),
    ("teams", "?filter=team"): (ORGANIZATION, 4),
    ("team", ""): (TEAM, 7),
    ("service-account", ""): (TEAM | {"account": "robot"}, 9),
    ("delete-organization", ""): (ORGANIZATION, 4),
    ("delete-team", ""): (TEAM, 6),
    ("home", ""): (ORGANIZATION, 8),
    ("search", ""): (ORGANIZATION, 3),
    ("search", "?q=crowd"): (ORGANIZATION, 9),
    ("search", "?q=o"): (ORGANIZATION, 9),
    ("search", "?q=Zoo_Classifier_Models:latest"): (ORGANIZATION, 10),
    ("search", "?q=production&kind=aliases"): (ORGANIZATION, 6),
    ("search", "?q=crowd&kind=collections"): (ORGANIZATION, 5),
    ("search-preview", "?q=pro"): (ORGANIZATION, 9),
    ("search-preview", "?q=Zoo_Classifier_Models:v1"): (ORGANIZATION, 10),
    ("create-registry", ""): (ORGANIZATION, 4),
    ("registry", ""): (REGISTRY, 10),
    ("registry", "?filter=o&type=dataset&sort=newest"): (REGISTRY, 10),
    ("registry-history", ""): (REGISTRY, 9),
    ("registry-history", "?alias=cand&person=member&kind=alias"): (REGISTRY, 9),
    ("export-registry-history", "?format=json"): (REGISTRY, 6),
    ("create-collection", ""): (REGISTRY, 6),
    ("link-version-anywhere", ""): (REGISTRY, 10),
    ("link-version-anywhere", LINK): (REGISTRY, 11),
    ("settings", ""): (REGISTRY, 11),
    ("delete-registry", ""): (ORGANIZATION | {"registry": "Registry 1"}, 7),
    ("collection", ""): (COLLECTION, 12),
    ("collection", "?filter=zoo"): (COLLECTION, 12),
    ("collection-history", ""): (COLLECTION, 12),
    ("collection-history", "?kind=alias"): (COLLECTION, 12),
    ("collection-history", "?page=2&since=2020-01-01"): (COLLECTION, 11),
    ("export-collection-history", ""): (COLLECTION, 7),
    ("put-back", ""): (COLLECTION | {"event": "{change}"}, 8),
    ("delete-collection", ""): (COLLECTION, 9),
    ("link-version", ""): (COLLECTION, 11),
    ("link-version", LINK): (COLLECTION, 11),
    ("alias", ""): (COLLECTION | {"alias": "latest"}, 7),
    ("version", ""): (VERSION, 12),
    ("version", "?edit=metadata"): (VERSION, 12),
    ("alias-options", "?name="): (VERSION, 10),
    ("alias-options", "?name=o"): (VERSION, 10),
    ("confirm-alias", "?alias=production"): (VERSION, 10),
    ("unlink-version", ""): (VERSION, 9),
    ("view-file", ""): (VERSION | {"file": "zoo.csv"}, 10),
    ("lineage", ""): (VERSION, 12),
    ("download-file", ""): (VERSION | {"file": "zoo.csv"}, 9),
    **PROJECT_PAGES,
    **AUTOMATION_PAGES,
}

# What shows no page of the organization, and a stream that reads while it is sent.
NOT_COUNTED = {
    "authorize",
    "download-version",
    "project-download-version",
    *FORMS_OF_INTEGRATIONS,
    "upload-file",
    "file-image",
    "project-file-image",
}
WITHOUT_THE_FRAME = ("account_", "mfa_", "socialaccount_")


def test_every_page_is_counted():
    pages = {row.name for row in ROWS if row.method == "GET" and SIGN_IN in row.outcomes.values()}
    bare = {name for name in pages if name.startswith(WITHOUT_THE_FRAME)} - {"mfa_index"}
    assert {name for name, _ in PAGES} == pages - NOT_COUNTED - bare


@pytest.fixture
def counted(second_version, protected_version, admin, member, team, project, registry, org_admin):
    """About ten of each thing, so that no list is empty."""
    automated(org_admin, member, second_version)
    put(member, second_version, "candidate", *(f"try-{n}" for n in range(8)))
    edit_version(caller_of(admin), second_version, add_tags=["zoo"], description="# Zoo")
    edit_collection(caller_of(member), second_version.collection, add_tags=["zoo", "animals"])
    for n in range(10):
        create_registry(caller_of(admin), registry.organization, f"Registry {n}")
        link(member, second_version.artifact, registry, name=f"Other {n}")
        link(member, log(member, project, f"text {n}").artifact, registry)
        add_member(
            caller_of(admin), registry, person(f"person-{n}", registry.organization), Role.VIEWER
        )
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
        run, _ = upsert_run(caller_of(member), project, name, config={"seed": 1})
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


def count(client: Client) -> dict[tuple[str, str], int]:
    """By page. The first visit is not counted: it notes the organization in the session."""
    return {page: (visit(client, page), visit(client, page))[1] for page in PAGES}


def visit(client: Client, page: tuple[str, str]) -> int:
    name, query = page
    address = reverse(name, kwargs=_filled(PAGES[page][0])) + query
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code in {200, 302}, address
        response.getvalue()
    return len(captured)


def _filled(at: dict[str, str | int]) -> dict[str, str | int]:
    if "event" not in at:
        return at | ids_for(at)
    alias = "picked" if "project" in at else "production"
    changes = Event.objects.filter(alias=alias, collection__isnull=False)
    return at | {"event": changes.latest("pk").pk}


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(counted):
    admin = Client()
    admin.force_login(counted.by)
    few = count(admin)
    crowd(counted)
    crowd_automations()
    many = count(admin)
    assert few == {page: queries for page, (_, queries) in PAGES.items()}
    assert many == few
    assert max(few.values()) <= MOST_QUERIES
