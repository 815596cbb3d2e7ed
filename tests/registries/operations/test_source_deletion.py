"""Logged versions and sequences: their end, and what stands in its way."""

from __future__ import annotations

from itertools import product

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team, remove_from_team
from artifacts.models import Artifact
from artifacts.operations.projects import create_project
from registries.models import Collection, Event, Registry, Version
from registries.operations import endings
from registries.operations.aliases import remove_aliases
from registries.operations.sources import (
    delete_sequence,
    delete_source,
)
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import aliases_of, history, link, log, put


def test_the_links_end_with_their_source_numbers_burned_and_latest_moved_down(
    source, version, second_version, second_source, registry, project, member
):
    collection = version.collection
    delete_source(caller_of(member), second_source)
    assert list(Version.objects.order_by("pk")) == [source, version]
    assert aliases_of(collection) == aliases_of(source.collection) == {"latest": "v0"}
    assert Artifact.objects.count() == 1
    assert log(member, project, "third").number == 2
    assert link(member, log(member, project, "third").artifact, registry).number == 2


def test_each_end_is_told_in_its_own_home_naming_the_source(source, version, member):
    before = Event.objects.count()
    delete_source(caller_of(member), source)
    told = Event.objects.order_by("pk").values_list("kind", "home_name", "number", "subject")
    assert list(told)[before:] == [
        ("alias.removed", "Model", None, ""),
        ("version.unlinked", "Model", 0, "zoo_dataset:v0"),
        ("alias.removed", "zoo_experiment", None, ""),
        ("version.unlinked", "zoo_experiment", 0, "zoo_dataset:v0"),
    ]


def test_the_source_of_a_protected_version_is_deleted_by_nobody(
    protected_version, source, member, admin, org_admin
):
    for delete_aliases, user in product((False, True), (member, admin, org_admin)):
        with refused(NotAllowed, "protected_version") as refusal:
            delete_source(caller_of(user), source, delete_aliases=delete_aliases)
        assert "before a registry admin takes the alias off" in refusal.value.sentence
        with refused(NotAllowed, "protected_version"):
            delete_sequence(caller_of(user), source.collection, delete_aliases=delete_aliases)
    remove_aliases(caller_of(admin), protected_version, ["production"])
    delete_source(caller_of(member), source)


@pytest.mark.parametrize("where", ["source", "version"])
def test_an_alias_on_the_source_or_a_link_keeps_it_unless_the_caller_says_so(
    source, version, member, where
):
    put(member, source if where == "source" else version, "best")
    with refused(Conflict, "has_aliases") as refusal:
        delete_source(caller_of(member), source)
    assert "best" in refusal.value.sentence
    delete_source(caller_of(member), source, delete_aliases=True)
    assert not Version.objects.exists()


def test_a_team_deletes_nothing_that_a_registry_they_are_no_members_of_points_at(
    source, member, org_admin
):
    link(org_admin, source.artifact, Registry.objects.get(name="Dataset"), name="Zoo")
    with refused(NotAllowed) as refusal:
        delete_source(caller_of(member), source, delete_aliases=True)
    assert "Dataset links this version" in refusal.value.sentence
    delete_source(caller_of(org_admin), source)


def test_the_name_of_a_hidden_registry_that_links_it_is_not_told(
    source, restricted_registry, member, org_admin
):
    link(org_admin, source.artifact, restricted_registry, "secret-alias")
    with refused(NotAllowed) as refusal:
        delete_source(caller_of(member), source)
    assert "Secret" not in refusal.value.sentence
    assert "secret-alias" not in refusal.value.sentence
    with refused(NotAllowed):
        delete_sequence(caller_of(member), source.collection, delete_aliases=True)


@pytest.mark.parametrize("end", [delete_source, delete_sequence])
def test_a_link_in_somebodys_own_project_keeps_nothing_and_ends_with_its_source(
    source, viewer, team, member, end
):
    add_to_team(OPERATOR, team, viewer, "viewer")
    own = create_project(caller_of(viewer), viewer.entity, "mine")
    link(viewer, source.artifact, own, name="kept")
    remove_from_team(OPERATOR, team, viewer)
    end(caller_of(member), source if end is delete_source else source.collection)
    assert not Version.objects.exists()
    ended = Event.objects.filter(home_name="mine", kind="version.unlinked").get()
    assert ended.subject == "zoo_dataset:v0"


@pytest.mark.parametrize("end", [delete_source, delete_sequence])
def test_an_alias_in_a_project_one_does_not_see_keeps_it_without_being_named(
    source, viewer, team, member, end
):
    add_to_team(OPERATOR, team, viewer, "viewer")
    own = create_project(caller_of(viewer), viewer.entity, "mine")
    put(viewer, link(viewer, source.artifact, own, name="kept"), "acquisition")
    remove_from_team(OPERATOR, team, viewer)
    thing = source if end is delete_source else source.collection
    with refused(Conflict, "has_aliases") as refusal:
        end(caller_of(member), thing)
    assert "acquisition" not in refusal.value.sentence
    assert "not shared with you" in refusal.value.sentence
    put(member, source, "best")
    with refused(Conflict, "has_aliases") as refusal:
        end(caller_of(member), thing)
    assert "best, others that are not shared with you" in refusal.value.sentence
    assert "acquisition" not in refusal.value.sentence
    end(caller_of(member), thing, delete_aliases=True)
    assert not Version.objects.exists()


def test_who_may_not_write_at_the_source_deletes_it_by_no_way(source, version, guest, viewer, team):
    for user in (guest, viewer):
        with refused(NotFound):
            delete_source(caller_of(user), source)
        with refused(NotFound):
            delete_sequence(caller_of(user), source.collection)
    with refused(NotAllowed) as refusal:
        delete_source(caller_of(guest), version)
    assert "A registry you cannot see" not in refusal.value.sentence
    assert "zoo_experiment" not in refusal.value.sentence
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        delete_source(caller_of(viewer), source)
    with refused(NotAllowed):
        delete_sequence(caller_of(viewer), source.collection)


def test_a_version_deleted_twice_is_gone(source, member):
    stale = Version.objects.get(pk=source.pk)
    delete_source(caller_of(member), source)
    with refused(Conflict, "version_gone"):
        delete_source(caller_of(member), stale)


def test_a_sequence_ends_with_all_its_versions_and_their_links(
    source, second_version, registry, member
):
    delete_sequence(caller_of(member), source.collection)
    assert not Version.objects.exists()
    assert not Artifact.objects.exists()
    assert list(Collection.objects.values_list("kind", flat=True)) == ["portfolio"]
    assert history()[-1] == "collection.deleted"


def test_a_sequence_ends_whole_or_not_at_all(source, second_version, admin, member, registry):
    """v1 alone is protected; v0 must not have gone before that was seen."""
    put(member, second_version, "best")
    with refused(Conflict, "has_aliases"):
        delete_sequence(caller_of(member), source.collection)


def test_latest_of_a_portfolio_goes_to_the_highest_version_that_a_deleted_artifact_leaves(
    source, version, second_version, registry, project, member, monkeypatch
):
    monkeypatch.setattr(endings, "AT_ONCE", 1)
    other = log(member, project, "of another artifact", name="zoo_others")
    kept = link(member, other.artifact, registry)
    last = link(member, log(member, project, "third").artifact, registry)
    put(member, last, "best")
    changed = Collection.objects.get(pk=last.collection.pk).changed_at
    before = Event.objects.count()
    delete_sequence(caller_of(member), source.collection, delete_aliases=True)
    assert list(last.collection.versions.all()) == [kept]
    assert aliases_of(last.collection) == {"latest": kept.label}
    assert list(Artifact.objects.all()) == [other.artifact]
    assert Collection.objects.get(pk=last.collection.pk).changed_at > changed
    told = list(Event.objects.order_by("pk").values_list("kind", "home_name", "alias"))[before:]
    assert told == [
        ("alias.moved", "Model", "latest"),
        ("version.unlinked", "Model", ""),
        ("version.unlinked", "Model", ""),
        ("alias.removed", "Model", "best"),
        ("version.unlinked", "Model", ""),
        ("version.unlinked", "zoo_experiment", ""),
        ("version.unlinked", "zoo_experiment", ""),
        ("alias.removed", "zoo_experiment", "latest"),
        ("version.unlinked", "zoo_experiment", ""),
        ("collection.deleted", "zoo_experiment", ""),
    ]


def test_of_many_aliases_in_the_way_some_are_named(source, member):
    put(member, source, *(f"fold-{n:02}" for n in range(25)))
    with refused(Conflict, "has_aliases") as refusal:
        delete_sequence(caller_of(member), source.collection)
    assert "fold-19 and others. Take them off first." in refusal.value.sentence
    assert "fold-20" not in refusal.value.sentence


def test_a_portfolio_is_not_deleted_as_a_sequence_with_its_sources(
    version, source, project, member, admin, outsider
):
    picked = link(member, source.artifact, project, name="picked")
    for user, collection in ((admin, version.collection), (member, picked.collection)):
        with refused(Invalid, "not_a_sequence"):
            delete_sequence(caller_of(user), collection)
    with refused(NotFound):
        delete_sequence(caller_of(outsider), version.collection)
