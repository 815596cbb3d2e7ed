"""Aliases on versions: added, moved, removed; numbers, `latest`, look-alikes, counters."""

from __future__ import annotations

import pytest

from accounts.errors import NotAllowed, NotFound
from registries.models import Alias, Event
from registries.operations.aliases import AliasChange, add_aliases, remove_aliases
from registries.operations.collections import create_collection
from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, link, log, put


@pytest.fixture
def guarded(registry, org_admin):
    """`production` is protected in the registry and on no version yet."""
    protect_aliases(caller_of(org_admin), registry, ["production"])
    return registry


def newest():
    return Event.objects.latest("pk")


def test_an_alias_added_points_at_the_version_and_is_recorded_with_who_and_how(version, member):
    [change] = add_aliases(caller_of(member), version, ["best"])
    assert change == AliasChange("best", 1, 0, None, protected=False, changed=True)
    assert aliases_of(version.collection) == {"latest": "v0", "best": "v0"}
    event = newest()
    assert (event.kind, event.alias, event.actor, event.way) == (
        "alias.added",
        "best",
        member,
        "web",
    )
    assert (event.version, event.number, event.from_version, event.from_number) == (
        version,
        0,
        None,
        None,
    )
    assert (event.home_name, event.collection_name) == ("Model", "Zoo_Classifier_Models")


def test_adding_an_alias_another_version_holds_moves_it_in_one_event_naming_both(
    version, second_version, member
):
    put(member, version, "best")
    before = Event.objects.count()
    [change] = add_aliases(caller_of(member), second_version, ["best"])
    assert change == AliasChange("best", 2, 1, 0, protected=False, changed=True)
    assert Event.objects.count() == before + 1
    event = newest()
    assert (event.kind, event.from_version, event.version) == (
        "alias.moved",
        version,
        second_version,
    )
    assert (event.from_number, event.number, event.alias_counter) == (0, 1, 2)
    assert Alias.objects.filter(collection=version.collection, name="best").count() == 1


def test_adding_what_the_version_has_changes_and_records_nothing(version, member):
    put(member, version, "best")
    with nothing_changes():
        [change] = add_aliases(caller_of(member), version, ["best"])
    assert change == AliasChange("best", 1, 0, 0, protected=False, changed=False)


def test_an_alias_taken_off_is_gone_and_recorded(version, member):
    put(member, version, "best")
    [change] = remove_aliases(caller_of(member), version, ["best"])
    assert change == AliasChange("best", 2, None, 0, protected=False, changed=True)
    assert aliases_of(version.collection) == {"latest": "v0"}
    event = newest()
    assert (event.kind, event.alias, event.from_version, event.version) == (
        "alias.removed",
        "best",
        version,
        None,
    )


def test_removing_what_the_version_lacks_changes_and_records_nothing(
    version, second_version, member
):
    put(member, second_version, "best")
    with nothing_changes():
        assert remove_aliases(caller_of(member), version, ["best", "unknown"]) == []


def test_several_aliases_are_given_at_once_duplicates_once(version, member):
    changes = add_aliases(caller_of(member), version, ["b", "a", "b"])
    assert [change.name for change in changes] == ["b", "a"]


def test_no_names_change_nothing(version, member):
    with nothing_changes():
        assert add_aliases(caller_of(member), version, []) == []
        assert remove_aliases(caller_of(member), version, []) == []


def test_one_refused_removal_refuses_the_whole_request(protected_version, member):
    put(member, protected_version, "mine")
    with refused(NotAllowed, "protected_alias"):
        remove_aliases(caller_of(member), protected_version, ["mine", "production"])


def test_latest_may_be_moved_and_removed_by_hand_and_the_next_link_takes_it_back(
    version, second_version, project, registry, member
):
    by = caller_of(member)
    add_aliases(by, version, ["latest"])
    assert aliases_of(version.collection) == {"latest": "v0"}
    remove_aliases(by, version, ["latest"])
    assert aliases_of(version.collection) == {}
    third = link(member, log(member, project, "third").artifact, registry)
    assert aliases_of(version.collection) == {"latest": "v2"}
    assert third.number == 2


def test_who_may_not_change_custom_aliases_may_not_move_latest(version, second_version, viewer):
    with refused(NotAllowed):
        add_aliases(caller_of(viewer), version, ["latest"])
    with refused(NotAllowed):
        remove_aliases(caller_of(viewer), second_version, ["latest"])


def test_an_alias_of_one_collection_is_not_shared_with_another(
    version, registry, second_source, member, source
):
    other = link(member, second_source.artifact, registry, "best", name="Other")
    put(member, version, "best")
    assert aliases_of(version.collection)["best"] == "v0"
    assert aliases_of(other.collection) == {"best": "v0", "latest": "v0"}
    assert aliases_of(source.collection) == {"latest": "v1"}


def test_an_alias_is_not_shared_between_a_source_and_its_link(version, source, member):
    put(member, source, "in-project")
    put(member, version, "in-registry")
    assert aliases_of(source.collection) == {"latest": "v0", "in-project": "v0"}
    assert aliases_of(version.collection) == {"latest": "v0", "in-registry": "v0"}


# Who may


def test_members_admins_and_guests_with_the_role_change_custom_aliases(version, personas):
    outcomes = {}
    for name, user in personas.items():
        try:
            add_aliases(caller_of(user), version, [f"of-{name}"])
            outcomes[name] = "done"
        except (NotAllowed, NotFound) as refusal:
            outcomes[name] = refusal.status
    assert outcomes == {
        "org_admin": "done",
        "admin": "done",
        "member": "done",
        "service_account": "done",
        "guest": "done",
        "viewer": 403,
        "org_viewer": 403,
        "restricted_viewer": 403,
        "removed_member": 404,
        "other_admin": 404,
        "outsider": 404,
    }


def test_a_registry_member_needs_no_write_access_to_the_source(version, guest, source):
    with refused(NotFound):
        put(guest, source, "best")
    put(guest, version, "best")


def test_only_admins_add_move_or_remove_a_protected_alias(
    guarded, version, second_version, admin, org_admin, member, service_account, guest, viewer
):
    for user in (member, service_account, guest, viewer):
        with refused(NotAllowed, "protected_alias"):
            put(user, version, "production")
    put(admin, version, "production")
    for user in (member, service_account, guest, viewer):
        with refused(NotAllowed, "protected_alias"):
            put(user, second_version, "production")
        with refused(NotAllowed, "protected_alias"):
            put(user, version, "production")
        with refused(NotAllowed, "protected_alias"):
            remove_aliases(caller_of(user), version, ["production"])
        with refused(NotAllowed, "protected_alias"):
            remove_aliases(caller_of(user), second_version, ["production"])
    put(org_admin, second_version, "production")
    [change] = remove_aliases(caller_of(admin), second_version, ["production"])
    assert change.protected
    told = Event.objects.filter(alias="production", was_protected=True).order_by("pk")
    assert list(told.values_list("kind", flat=True)) == [
        "alias.protected",
        "alias.added",
        "alias.moved",
        "alias.removed",
    ]


def test_an_outsider_is_not_told_that_an_alias_is_protected(protected_version, outsider):
    for name in ("production", "best", "v0", "a/b", ""):
        with refused(NotFound):
            put(outsider, protected_version, name)


def test_members_add_and_remove_other_aliases_of_a_protected_version(protected_version, member):
    put(member, protected_version, "mine")
    remove_aliases(caller_of(member), protected_version, ["mine", "latest"])
    assert aliases_of(protected_version.collection) == {"production": "v0"}


# In ordinary projects


def test_in_a_project_no_name_is_protected_and_its_rights_decide(
    guarded, source, second_source, member, org_admin, viewer
):
    put(member, source, "production", "PRODUCTION")
    put(org_admin, second_source, "production")
    assert aliases_of(source.collection)["production"] == "v1"
    with refused(NotFound):
        put(viewer, source, "best")
    event = Event.objects.filter(alias="production", kind="alias.moved").get()
    assert not event.was_protected
    assert event.home_name == "zoo_experiment"


def test_portfolios_of_projects_have_the_same_aliases(project, source, member):
    create_collection(caller_of(member), project, "picked", "dataset")
    picked = link(member, source.artifact, project, "best", name="picked")
    remove_aliases(caller_of(member), picked, ["best"])
    assert aliases_of(picked.collection) == {"latest": "v0"}
