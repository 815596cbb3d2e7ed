"""Linking and unlinking: numbers, `latest`, sources, types."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from artifacts.models import StoredFile
from registries.models import Collection, Event, Registry, Version
from registries.operations.aliases import remove_aliases
from registries.operations.protected_aliases import protect_aliases
from registries.operations.versions import (
    aliases_on,
    give_number,
    link_version,
    source_label,
    unlink_version,
)
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import COLLECTION, aliases_of, history, link, log, put


@pytest.fixture
def third_source(second_source, project, member):
    return log(member, project, "split")


def test_a_link_gives_the_number_0_and_latest_and_the_aliases_passed(source, registry, member):
    outcome = link_version(
        caller_of(member), source.artifact, registry.project, COLLECTION, ["best", "v1.0"]
    )
    assert outcome.is_new
    assert outcome.version.label == "v0"
    assert [change.name for change in outcome.changes] == ["latest", "best", "v1.0"]
    assert aliases_of(outcome.version.collection) == {"latest": "v0", "best": "v0", "v1.0": "v0"}
    assert history()[-5:] == [
        "collection.created",
        "version.linked",
        "alias.added",
        "alias.added",
        "alias.added",
    ]


def test_a_link_to_a_collection_that_does_not_exist_creates_a_portfolio_of_its_type(
    source, registry, member
):
    collection = link(member, source.artifact, registry).collection
    assert (collection.kind, collection.type, collection.created_by) == (
        "portfolio",
        "dataset",
        member,
    )
    assert collection.description is None


def test_a_link_copies_no_bytes(source, registry, member):
    before = list(StoredFile.objects.values_list())
    version = link(member, source.artifact, registry)
    assert version.artifact == source.artifact
    assert list(StoredFile.objects.values_list()) == before


def test_numbers_count_from_0_in_each_collection_whatever_they_are_elsewhere(
    second_version, second_source, registry, member
):
    assert (second_source.number, second_version.number) == (1, 1)
    assert link(member, second_source.artifact, registry, name="Other").number == 0


def test_latest_moves_to_each_new_version(version, second_version):
    assert aliases_of(version.collection) == {"latest": "v1"}
    event = Event.objects.filter(alias="latest", collection=version.collection).latest("pk")
    assert (event.kind, event.from_number, event.number) == ("alias.moved", 0, 1)


def test_a_repeated_link_makes_no_new_number_and_changes_nothing(
    version, second_version, registry, member
):
    with nothing_changes():
        outcome = link_version(
            caller_of(member), version.artifact, registry.project, COLLECTION, []
        )
    assert not outcome.is_new
    assert outcome.version == version
    assert aliases_of(version.collection) == {"latest": "v1"}


def test_a_repeated_link_applies_the_aliases_passed_latest_included(
    version, second_version, registry, member
):
    assert link(member, version.artifact, registry, "best", "latest") == version
    assert aliases_of(version.collection) == {"latest": "v0", "best": "v0"}
    with nothing_changes():
        link(member, version.artifact, registry, "best", "latest")


def test_the_number_a_link_will_get_may_be_among_its_aliases(source, registry, member):
    version = link(member, source.artifact, registry, "v0", "latest")
    assert aliases_of(version.collection) == {"latest": "v0"}
    with refused(Invalid, "alias_is_number"):
        link(member, source.artifact, registry, "v1")


@pytest.mark.parametrize("bad", ["production", "Production", "v5", "a/b", "Latest"])
def test_one_refused_alias_refuses_the_whole_link_with_its_collection(
    source, registry, member, org_admin, bad
):
    protect_aliases(caller_of(org_admin), registry, ["production"])
    with refused(NotAllowed if bad == "production" else Invalid):
        link(member, source.artifact, registry, "good", bad)
    assert not Collection.objects.filter(name=COLLECTION).exists()


def test_an_admin_links_with_a_protected_alias(source, registry, admin):
    protect_aliases(caller_of(admin), registry, ["production"])
    version = link(admin, source.artifact, registry, "production")
    assert aliases_of(version.collection) == {"latest": "v0", "production": "v0"}


def test_a_member_relinking_a_protected_version_with_its_alias_is_refused(
    protected_version, registry, member
):
    with refused(NotAllowed, "protected_alias"):
        link(member, protected_version.artifact, registry, "production")
    with nothing_changes():
        link(member, protected_version.artifact, registry)


# Unlinking


def test_an_unlinked_number_is_never_given_again(version, second_version, third_source, member):
    collection = version.collection
    unlink_version(caller_of(member), second_version)
    third = link(member, third_source.artifact, collection.project)
    again = link(member, second_version.artifact, collection.project)
    assert (third.number, again.number) == (2, 3)
    unlink_version(caller_of(member), third)
    unlink_version(caller_of(member), again)
    unlink_version(caller_of(member), version)
    assert link(member, third_source.artifact, collection.project).number == 4


def test_unlinking_takes_the_aliases_with_it_each_with_its_event(version, member):
    put(member, version, "best", "also")
    collection, pk = version.collection, version.pk
    unlink_version(caller_of(member), Version.objects.get(pk=pk))
    assert aliases_of(collection) == {}
    assert not Version.objects.filter(pk=pk).exists()
    told = Event.objects.filter(collection=collection).order_by("-pk")[:4]
    assert [(event.kind, event.alias, event.subject) for event in reversed(told)] == [
        ("alias.removed", "also", ""),
        ("alias.removed", "best", ""),
        ("alias.removed", "latest", ""),
        ("version.unlinked", "", "zoo_dataset:v0"),
    ]


def test_latest_goes_down_to_the_highest_number_left(version, second_version, third_source, member):
    third = link(member, third_source.artifact, version.collection.project)
    unlink_version(caller_of(member), second_version)
    assert aliases_of(version.collection) == {"latest": "v2"}
    unlink_version(caller_of(member), third)
    assert aliases_of(version.collection) == {"latest": "v0"}
    moved = Event.objects.filter(kind="alias.moved", alias="latest").latest("pk")
    assert (moved.from_number, moved.number) == (2, 0)


def test_unlinking_another_version_leaves_latest_where_it_was_put(version, second_version, member):
    put(member, version, "latest")
    unlink_version(caller_of(member), second_version)
    assert aliases_of(version.collection) == {"latest": "v0"}


def test_a_latest_taken_off_by_hand_does_not_come_back_by_unlinking(
    version, second_version, member
):
    remove_aliases(caller_of(member), second_version, ["latest"])
    unlink_version(caller_of(member), second_version)
    assert aliases_of(version.collection) == {}


def test_unlinking_leaves_the_source_and_other_links(version, source, registry, member):
    other = link(member, source.artifact, registry, name="Other")
    unlink_version(caller_of(member), version)
    assert set(Version.objects.all()) == {source, other}


def test_only_admins_unlink_a_protected_version(
    protected_version, admin, member, guest, service_account, viewer, outsider
):
    for user in (member, guest, service_account, viewer):
        with refused(NotAllowed):
            unlink_version(caller_of(user), protected_version)
    with refused(NotFound):
        unlink_version(caller_of(outsider), protected_version)
    unlink_version(caller_of(admin), protected_version)


def test_a_version_whose_protected_alias_moved_away_is_free_again(
    protected_version, second_version, admin, member
):
    put(admin, second_version, "production")
    with refused(NotAllowed):
        unlink_version(caller_of(member), second_version)
    unlink_version(caller_of(member), protected_version)


def test_a_logged_version_is_not_unlinked(source, member):
    with refused(Invalid, "not_a_link"):
        unlink_version(caller_of(member), source)


def test_a_version_unlinked_twice_is_gone(version, member):
    stale = Version.objects.get(pk=version.pk)
    unlink_version(caller_of(member), version)
    with refused(Conflict, "version_gone"):
        unlink_version(caller_of(member), stale)


# Building blocks


def test_a_version_is_known_by_the_number_its_source_has(source, version):
    assert source_label(version.artifact) == "zoo_dataset:v0"
    assert aliases_on(version) == {"latest"}


def test_a_number_is_counted_up_in_the_row_of_the_collection(version, member, project):
    collection = Collection.objects.get(pk=version.collection_id)
    other = log(member, project, "other")
    assert give_number(caller_of(member), collection, other.artifact).number == 1
    collection.refresh_from_db()
    assert collection.next_number == 2


def test_every_registry_answers_for_its_own(source, org_admin):
    for registry in Registry.objects.all():
        assert link(org_admin, source.artifact, registry).number == 0
