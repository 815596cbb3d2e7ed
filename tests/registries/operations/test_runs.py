"""The end of a run: what goes with it, what stays, what keeps it."""

from __future__ import annotations

import io

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from artifacts.models import Artifact, HistoryLine, Run, RunFile, StorageUse
from artifacts.operations.runs import (
    expect_run_file,
    extend_run,
    note_use,
    receive_run_file,
    start_run,
)
from registries.models import Event, Version
from registries.operations.drafts import announce_version
from registries.operations.protected_aliases import protect_aliases
from registries.operations.runs import delete_run
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import link, log, put


@pytest.fixture
def run(member, project) -> Run:
    """It logged, used and keeps something, and has begun to log more."""
    by = caller_of(member)
    run = start_run(by, project)
    extend_run(by, run, counts={}, summary=None, state=None, history=['{"loss": 1}'])
    receive_run_file(expect_run_file(by, run, "notes.txt"), io.BytesIO(b"notes"), size=5)
    other = log(member, project, "two", name="other")
    note_use(by, project, run.name, other.artifact)
    announce_version(by, project, "announced", "dataset", "d", tags=[], run=run)
    return run


@pytest.fixture
def made(run, member, project) -> Version:
    return log(member, project, "one", run=run)


def test_what_it_made_stays_without_it(run, made, member):
    before = Artifact.objects.count()
    delete_run(caller_of(member), run)
    for model in (Run, RunFile, HistoryLine):
        assert not model.objects.exists(), model
    assert Artifact.objects.count() == before
    assert Artifact.objects.filter(versions=made.pk, run=None).exists()
    last = Event.objects.latest("pk")
    assert (last.kind, last.subject, last.actor) == ("run.deleted", run.name, member)
    connection.check_constraints()


def test_its_files_are_counted_down(run, team, member):
    before = StorageUse.objects.get(entity=team.entity).bytes
    delete_run(caller_of(member), run)
    assert StorageUse.objects.get(entity=team.entity).bytes == before - 5


def test_what_it_made_goes_with_it_when_that_is_asked(run, made, registry, member):
    linked = link(member, made.artifact, registry)
    put(member, linked, "best")
    delete_run(caller_of(member), run, with_artifacts=True)
    assert not Version.objects.filter(pk__in=[made.pk, linked.pk]).exists()
    assert not Artifact.objects.filter(pk=made.artifact_id).exists()
    assert Version.objects.filter(collection__name="other").exists()


@pytest.mark.parametrize("with_artifacts", [False, True])
def test_it_stays_while_what_it_made_carries_a_protected_alias(
    run, made, registry, admin, member, with_artifacts
):
    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, link(member, made.artifact, registry), "production")
    with refused(NotAllowed) as refusal:
        delete_run(caller_of(admin), run, with_artifacts=with_artifacts)
    assert "carries a protected alias in Model" in refusal.value.sentence


def test_all_stays_when_one_of_what_it_made_may_not_be_deleted(
    run, made, restricted_registry, org_admin, member
):
    log(member, run.project, "three", name="third", run=run)
    link(org_admin, made.artifact, restricted_registry)
    with refused(NotAllowed) as refusal:
        delete_run(caller_of(member), run, with_artifacts=True)
    assert "A registry you cannot see links this version." in refusal.value.sentence
