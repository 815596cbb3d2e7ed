"""A change of an alias is undone by the rules it was made by."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from registries.models import Event
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.collections import delete_collection
from registries.operations.putting_back import put_back
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import aliases_of, put


def last(alias: str) -> Event:
    return Event.objects.filter(alias=alias).latest("pk")


@pytest.fixture
def moved(version, second_version, member):
    """`candidate` went from v0 to v1."""
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    return last("candidate")


def test_a_moved_alias_goes_back_to_where_it_was(moved, member, collection):
    change = put_back(caller_of(member), moved)
    assert (change.number, change.from_number, change.counter) == (0, 1, 3)
    assert aliases_of(collection)["candidate"] == "v0"
    told = last("candidate")
    assert (told.kind, told.from_number, told.number) == ("alias.moved", 1, 0)


def test_an_added_alias_comes_off(version, member, collection):
    put(member, version, "candidate")
    put_back(caller_of(member), last("candidate"))
    assert "candidate" not in aliases_of(collection)
    assert last("candidate").kind == "alias.removed"


def test_a_removed_alias_is_given_again(version, member, collection):
    put(member, version, "candidate")
    remove_aliases(caller_of(member), version, ["candidate"])
    put_back(caller_of(member), last("candidate"))
    assert aliases_of(collection)["candidate"] == "v0"


def test_putting_back_can_itself_be_put_back(moved, member, collection):
    put_back(caller_of(member), moved)
    put_back(caller_of(member), last("candidate"))
    assert aliases_of(collection)["candidate"] == "v1"


def test_only_the_last_change_is_put_back(moved, version, member):
    add_aliases(caller_of(member), version, ["candidate"])
    with refused(Conflict, "alias_moved") as refusal:
        put_back(caller_of(member), moved)
    assert "only its last change can be put back" in refusal.value.sentence


def test_a_removal_is_not_put_back_once_the_name_came_and_went_again(version, member):
    by = caller_of(member)
    put(member, version, "candidate")
    remove_aliases(by, version, ["candidate"])
    removal = last("candidate")
    put(member, version, "candidate")
    remove_aliases(by, version, ["candidate"])
    with refused(Conflict, "alias_moved"):
        put_back(by, removal)


def test_nothing_goes_back_to_a_version_that_was_unlinked(moved, version, member):
    unlink_version(caller_of(member), version)
    with refused(Conflict, "version_gone") as refusal:
        put_back(caller_of(member), Event.objects.get(pk=moved.pk))
    assert "v0 is no longer in Zoo_Classifier_Models" in refusal.value.sentence


def test_a_protected_alias_is_put_back_by_admins_alone(protected_version, member, admin):
    with refused(NotAllowed, "protected_alias"):
        put_back(caller_of(member), last("production"))
    put_back(caller_of(admin), last("production"))
    assert "production" not in aliases_of(protected_version.collection)


def test_who_only_reads_is_refused_even_when_the_row_is_outdated(moved, version, member, viewer):
    add_aliases(caller_of(member), version, ["candidate"])
    with refused(NotAllowed):
        put_back(caller_of(viewer), moved)


def test_what_changed_no_alias_is_not_put_back(version, member):
    linked = Event.objects.filter(kind="version.linked", collection=version.collection).latest("pk")
    with refused(Invalid, "nothing_to_put_back"):
        put_back(caller_of(member), linked)


def test_what_happened_in_a_deleted_collection_is_not_there(moved, member):
    delete_collection(caller_of(member), moved.collection)
    with refused(NotFound):
        put_back(caller_of(member), Event.objects.get(pk=moved.pk))
