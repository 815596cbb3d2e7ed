"""Deleting a project: all that is in it by its own rules, or nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.errors import Conflict, NotAllowed, NotFound
from accounts.operations.teams import add_to_team, delete_team
from artifacts.models import Artifact, Project, Run, RunFile, StorageUse
from artifacts.operations.projects import create_project
from artifacts.operations.runs import start_run
from artifacts.operations.storage_use import count_again
from registries.models import Collection, Event, Version
from registries.operations.collections import create_collection
from registries.operations.drafts import announce_version
from registries.operations.projects import delete_project
from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of, person
from tests.refusals import nothing_changes, refused
from tests.things import link, log, put


@pytest.fixture
def leader(organization, team):
    user = person("leader", organization, team=team)
    add_to_team(OPERATOR, team, user, "admin")
    return user


@pytest.fixture
def filled(project, member):
    """Two artifacts, a portfolio with a link, a run with a file, and an upload never finished."""
    by = caller_of(member)
    run = start_run(by, project)
    first = log(member, project, "one", run=run)
    log(member, project, "two", name="other")
    link(member, first.artifact, project, name="picks")
    announce_version(by, project, "announced", "dataset", "d", tags=[])
    return project


def test_a_project_ends_with_all_that_is_in_it_and_its_history_stays(filled, leader):
    told = Event.objects.count()
    delete_project(caller_of(leader), filled)
    for model in (Project, Collection, Version, Artifact, Run, RunFile):
        found = model.objects.filter(registry=None) if model is Project else model.objects.all()
        assert not found.exists(), model
    assert Event.objects.count() > told
    last = Event.objects.latest("pk")
    assert (last.kind, last.subject, last.actor) == ("project.deleted", "zoo_experiment", leader)
    connection.check_constraints()


def test_what_its_team_stores_is_counted_down(filled, leader, team):
    assert StorageUse.objects.get(entity=team.entity).bytes > 0
    delete_project(caller_of(leader), filled)
    use = StorageUse.objects.get(entity=team.entity)
    assert (use.bytes, use.files) == (0, 0)
    again = count_again(OPERATOR, team.entity)
    assert (again.bytes, again.files) == (0, 0)


def test_a_team_whose_projects_are_gone_can_end(filled, leader, team):
    delete_project(caller_of(leader), filled)
    delete_team(OPERATOR, team)


def test_what_a_registry_protects_keeps_the_whole_project_from_everybody(
    filled, registry, admin, leader, org_admin
):
    version = Version.objects.get(collection__name="zoo_dataset")
    linked = link(admin, version.artifact, registry)
    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, linked, "production")
    for user in (leader, org_admin):
        with nothing_changes(), refused(NotAllowed):
            delete_project(caller_of(user), filled, delete_aliases=True)


def test_aliases_keep_it_until_somebody_says_so(filled, member, leader):
    put(member, Version.objects.get(collection__name="other"), "best")
    with nothing_changes(), refused(Conflict, "has_aliases"):
        delete_project(caller_of(leader), filled)
    delete_project(caller_of(leader), filled, delete_aliases=True)
    assert not Project.objects.filter(registry=None).exists()


def test_links_into_a_registry_one_has_no_say_in_keep_it(
    filled, leader, org_admin, restricted_registry
):
    """The leader of the team is nobody in the restricted registry."""
    version = Version.objects.get(collection__name="zoo_dataset")
    link(org_admin, version.artifact, restricted_registry)
    with nothing_changes(), refused(NotAllowed):
        delete_project(caller_of(leader), filled, delete_aliases=True)


def test_members_of_the_team_delete_no_project_and_nobody_else_knows_of_it(
    filled, member, viewer, outsider
):
    with nothing_changes():
        with refused(NotAllowed):
            delete_project(caller_of(member), filled)
        for user in (viewer, outsider):
            with refused(NotFound):
                delete_project(caller_of(user), filled)


def test_ones_own_project_is_ones_own_to_delete(outsider, org_admin):
    own = create_project(caller_of(outsider), outsider.entity, "mine")
    log(outsider, own, "one")
    with refused(NotFound):
        delete_project(caller_of(org_admin), own)
    delete_project(caller_of(outsider), own)
    assert not Project.objects.filter(pk=own.pk).exists()


def test_a_registry_is_no_project(registry, org_admin):
    with nothing_changes(), refused(NotFound):
        delete_project(caller_of(org_admin), registry.project)


BEGUN = {
    "a run": start_run,
    "a collection": lambda by, project: create_collection(by, project, "picks", "dataset"),
    "an artifact": lambda by, project: announce_version(by, project, "a", "dataset", "d", tags=[]),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", BEGUN)
def test_what_is_begun_in_a_project_just_deleted_is_a_conflict_and_leaves_nothing(
    project, member, leader, begun
):
    """Both databases learn of it when the change ends."""
    delete_project(caller_of(leader), Project.objects.get(pk=project.pk))
    with nothing_changes(), refused(Conflict, "changed_meanwhile"):
        BEGUN[begun](caller_of(member), project)
    assert connection.get_autocommit()


def test_the_page_asks_for_the_name(filled, leader):
    client = Client()
    client.force_login(leader)
    address = reverse("delete-project", args=["smle-reg-team-2", "zoo_experiment"])
    assert "Type zoo_experiment to confirm" in client.get(address).content.decode()
    with nothing_changes():
        answer = client.post(address, {"confirmed_name": "zoo"})
    assert answer.status_code == 422
    assert "Type zoo_experiment exactly" in answer.content.decode()
    assert client.post(address, {"confirmed_name": "zoo_experiment"}).status_code == 303
    assert client.get(address).status_code == 404
