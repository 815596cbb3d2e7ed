"""Rights and rows are read anew under the lock, whatever the caller holds in hand."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import Conflict, NotFound
from registries.models import Collection, Registry, Version
from registries.named import NamedVersion
from registries.operations.collections import delete_collection, edit_collection
from registries.operations.locks import (
    hold_collection,
    hold_home,
    hold_registry,
    hold_version,
    lock_artifact,
    lock_collection,
    share_registries,
)
from registries.operations.members import add_member, remove_member
from registries.operations.registries import create_registry, delete_registry
from registries.operations.sources import delete_source
from registries.operations.versions import unlink_version
from registries.roles import Role
from tests.personas import caller_of
from tests.things import put


def test_what_is_held_is_fresh(version, member):
    stale = Version.objects.select_related("collection__project").get(pk=version.pk)
    edit_collection(caller_of(member), version.collection, name="Renamed")
    with transaction.atomic():
        held = hold_version(caller_of(member), stale)
    assert held.collection.name == held.version.collection.name == "Renamed"
    assert held.access.role == Role.MEMBER


def test_a_version_a_script_names_is_held_by_its_names_of_now(version, second_version, member):
    put(member, second_version, "best")
    by, home = caller_of(member), version.collection.project
    named = NamedVersion(home, version.collection.name, version.artifact_id)
    with transaction.atomic():
        held = hold_version(by, named, ["best", "unknown"])
    assert (held.version, held.collection, held.access.role) == (
        version,
        version.collection,
        Role.MEMBER,
    )
    assert [(alias.name, alias.version) for alias in held.aliases] == [("best", second_version)]
    edit_collection(by, version.collection, name="Renamed")
    with pytest.raises(NotFound), transaction.atomic():
        hold_version(by, named)


def test_a_version_a_script_names_is_not_held_where_it_is_not(version, source, member, outsider):
    home, name = version.collection.project, version.collection.name
    unlink_version(caller_of(member), version)
    gone = NamedVersion(home, name, source.artifact_id)
    for by in (member, outsider):
        with pytest.raises(NotFound), transaction.atomic():
            hold_version(caller_of(by), gone, ["best"])


def test_rights_are_those_of_now(registry, org_admin, guest):
    with transaction.atomic():
        assert hold_home(caller_of(guest), registry.project).role == Role.MEMBER
        remove_member(caller_of(org_admin), registry, guest)
        with pytest.raises(NotFound):
            hold_home(caller_of(guest), registry.project)


def test_what_one_does_not_see_is_not_held(registry, version, outsider):
    by = caller_of(outsider)
    for hold in (
        lambda: hold_home(by, registry.project),
        lambda: hold_registry(by, registry),
        lambda: hold_collection(by, version.collection),
        lambda: hold_version(by, version),
    ):
        with pytest.raises(NotFound), transaction.atomic():
            hold()


def test_what_is_gone_is_not_held(organization, version, source, member):
    by = caller_of(member)
    stale = Version.objects.select_related("collection__project", "artifact").get(pk=version.pk)
    own = create_registry(by, organization, "Own")
    gone = Registry.objects.get(pk=own.pk)
    delete_registry(by, own)
    unlink_version(by, version)
    with pytest.raises(NotFound), transaction.atomic():
        hold_registry(by, gone)
    with pytest.raises(Conflict), transaction.atomic():
        hold_version(by, stale)
    delete_collection(by, stale.collection)
    with pytest.raises(NotFound), transaction.atomic():
        hold_collection(by, Collection(pk=stale.collection_id, project=stale.collection.project))
    delete_source(by, source)
    with pytest.raises(NotFound), transaction.atomic():
        lock_artifact(stale.artifact.pk)


@pytest.mark.postgresql
def test_registries_are_shared_in_the_order_of_their_ids(registry, restricted_registry):
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        share_registries([restricted_registry.pk, registry.pk, registry.pk])
    [query] = queries
    assert "ORDER BY project_id FOR SHARE" in query["sql"]


@pytest.mark.postgresql
def test_the_registry_comes_before_the_collection_and_rights_after_both(version, member):
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        hold_version(caller_of(member), version)
    statements = [query["sql"] for query in queries]
    shared = next(n for n, sql in enumerate(statements) if "FOR SHARE" in sql)
    locked = next(n for n, sql in enumerate(statements) if "FOR UPDATE" in sql)
    assert shared < locked


def test_a_collection_is_locked_with_its_home(version, registry, org_admin, outsider):
    add_member(caller_of(org_admin), registry, outsider, Role.VIEWER)
    with transaction.atomic():
        held = lock_collection(version.collection_id)
    with CaptureQueriesContext(connection) as queries:
        assert held.project.registry == registry
        assert held.project.entity.name == "smle-reg"
    assert len(queries) == 0
