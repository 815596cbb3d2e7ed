"""Aliases on versions: added, moved, removed; numbers, `latest`, look-alikes, counters."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from registries.models import Alias, Event
from registries.operations.aliases import AliasChange, add_aliases, remove_aliases
from registries.operations.collections import create_collection
from registries.operations.protected_aliases import protect_aliases
from registries.operations.versions import unlink_version
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


def test_one_refused_alias_refuses_the_whole_request(guarded, version, member, subtests):
    for bad in ["a/b", "v7", "LATEST", "production", "x" * 129, "PRODUCTION"]:
        with subtests.test(bad=bad):
            with refused(NotAllowed if bad == "production" else Invalid):
                add_aliases(caller_of(member), version, ["good", bad, "better"])


def test_one_refused_removal_refuses_the_whole_request(protected_version, member):
    put(member, protected_version, "mine")
    with refused(NotAllowed, "protected_alias"):
        remove_aliases(caller_of(member), protected_version, ["mine", "production"])


def test_a_malformed_alias_is_refused_beside_its_field(version, member, subtests):
    for name in [
        "",
        "x" * 129,
        "a/b",
        "a:b",
        "a\x00b",
        "a\nb",
        "pro\u202enoitcud",
        "pro\u200bd",
        " a",
        "a ",
        "..",
    ]:
        with subtests.test(name=name):
            with refused(Invalid) as refusal:
                add_aliases(caller_of(member), version, [name])
            assert refusal.value.field == "alias"


def test_an_alias_has_up_to_128_characters(version, member):
    put(member, version, "x" * 128)
    assert "x" * 128 in aliases_of(version.collection)


def test_names_that_differ_by_case_are_different_aliases(version, second_version, member):
    put(member, version, "Best")
    put(member, second_version, "best")
    assert aliases_of(version.collection) == {"Best": "v0", "best": "v1", "latest": "v1"}


def test_composed_and_decomposed_spellings_are_one_alias(version, second_version, member):
    put(member, version, "caf\u00e9")
    [change] = add_aliases(caller_of(member), second_version, ["cafe\u0301"])
    assert (change.name, change.from_number) == ("caf\u00e9", 0)
    [change] = remove_aliases(caller_of(member), second_version, ["cafe\u0301"])
    assert change.name == "caf\u00e9"


def test_a_number_is_nobodys_custom_alias(version, second_version, member, subtests):
    for name in ["v0", "v1", "v7", "V7", "ｖ７", "v⁷", "v01"]:
        with subtests.test(name=name), refused(Invalid, "alias_is_number"):
            add_aliases(caller_of(member), version if name != "v0" else second_version, [name])


def test_its_own_number_given_to_a_version_changes_nothing(version, member, subtests):
    for name in ["v0", "V0", "ｖ０"]:
        with subtests.test(name=name), nothing_changes():
            add_aliases(caller_of(member), version, [name])


def test_a_number_is_never_taken_off(version, second_version, member):
    with refused(Invalid, "alias_is_number"):
        remove_aliases(caller_of(member), version, ["v0"])
    with nothing_changes():
        assert remove_aliases(caller_of(member), version, ["v1"]) == []


def test_a_twin_of_latest_is_refused(version, member, subtests):
    for name in ["Latest", "LATEST", "ｌａｔｅｓｔ", "lateſt"]:
        with subtests.test(name=name), refused(Invalid, "alias_like_latest"):
            add_aliases(caller_of(member), version, [name])


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


# Counters


def test_the_counter_grows_by_one_with_every_change_and_goes_on_after_a_removal(
    version, second_version, member
):
    by, counters = caller_of(member), []
    counters += add_aliases(by, version, ["best"])
    counters += add_aliases(by, second_version, ["best"])
    counters += add_aliases(by, second_version, ["best"])
    counters += remove_aliases(by, second_version, ["best"])
    counters += add_aliases(by, version, ["best"])
    assert [change.counter for change in counters] == [1, 2, 2, 3, 4]
    told = Event.objects.filter(alias="best").order_by("pk")
    assert list(told.values_list("alias_counter", flat=True)) == [1, 2, 3, 4]


def test_unlinking_counts_the_aliases_that_end_with_the_version(version, second_version, member):
    put(member, version, "best")
    unlink_version(caller_of(member), version)
    [change] = add_aliases(caller_of(member), second_version, ["best"])
    assert change.counter == 3


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_a_page_that_is_out_of_date_says_where_the_alias_is_now(
    version, second_version, member, seen
):
    put(member, version, "best")
    put(member, second_version, "best")
    with refused(Conflict, "alias_moved") as refusal:
        add_aliases(caller_of(member), version, ["best", "new"], expected={"best": seen, "new": 0})
    assert "“best” has changed" in refusal.value.sentence
    assert "it is on v1 now" in refusal.value.sentence
    with refused(Conflict, "alias_moved"):
        remove_aliases(caller_of(member), second_version, ["best"], expected={"best": seen})


def test_a_page_that_is_right_is_followed(version, second_version, member):
    put(member, version, "best")
    by = caller_of(member)
    [change] = add_aliases(by, second_version, ["best"], expected={"best": 1})
    [change] = remove_aliases(by, second_version, ["best"], expected={"best": change.counter})
    assert change.changed
    [change] = add_aliases(by, version, ["best"], expected={"best": 0})
    assert change.counter == 4


def test_a_page_that_showed_an_alias_taken_off_meanwhile_is_told_so(version, member):
    put(member, version, "best")
    remove_aliases(caller_of(member), version, ["best"])
    with refused(Conflict, "alias_moved") as refusal:
        remove_aliases(caller_of(member), version, ["best"], expected={"best": 1})
    assert "it is on no version now" in refusal.value.sentence


def test_a_version_that_is_gone_is_not_acted_upon(version, second_version, member):
    unlink_version(caller_of(member), version)
    stale = type(version)(
        pk=1_000_000, collection=second_version.collection, number=0, artifact=version.artifact
    )
    for change in (add_aliases, remove_aliases):
        with refused(Conflict, "version_gone") as refusal:
            change(caller_of(member), stale, ["best"])
        assert "v0 is no longer in Zoo_Classifier_Models" in refusal.value.sentence


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


# Look-alikes

LOOK_ALIKES = ["PRODUCTION", "Production", "ＰＲＯＤＵＣＴＩＯＮ", "ｐroduction", "produc\u1d57ion"]


def test_nobody_gives_a_name_too_close_to_a_protected_one(
    guarded, version, member, admin, subtests
):
    for name in LOOK_ALIKES:
        with subtests.test(name=name):
            for user in (member, admin):
                with refused(Invalid, "alias_look_alike") as refusal:
                    put(user, version, name)
                assert "too close to the protected alias “production”" in refusal.value.sentence


@pytest.mark.parametrize(
    ("protected", "twin"),
    [("ﬁnal", "final"), ("ΣΙΓΜΑΣ", "σιγμας"), ("straße", "STRASSE"), ("caf\u00e9", "CAFE\u0301")],
)
def test_ligatures_sigmas_and_accents_make_look_alikes_too(
    registry, version, org_admin, member, protected, twin
):
    protect_aliases(caller_of(org_admin), registry, [protected])
    with refused(Invalid, "alias_look_alike"):
        put(member, version, twin)


def test_the_decomposed_spelling_of_a_protected_name_is_that_name(
    registry, version, org_admin, member
):
    protect_aliases(caller_of(org_admin), registry, ["caf\u00e9"])
    with refused(NotAllowed, "protected_alias"):
        put(member, version, "cafe\u0301")


def test_a_look_alike_that_was_there_before_stays_may_be_removed_but_not_moved(
    registry, version, second_version, org_admin, member
):
    put(member, version, "Production")
    protect_aliases(caller_of(org_admin), registry, ["production"])
    with nothing_changes():
        put(member, version, "Production")
    for user in (member, org_admin):
        with refused(Invalid, "alias_look_alike"):
            put(user, second_version, "Production")
    remove_aliases(caller_of(member), version, ["Production"])
    with refused(Invalid, "alias_look_alike"):
        put(member, version, "Production")


def test_names_of_other_letters_are_no_look_alikes(guarded, version, member):
    put(member, version, "production-eu", "produсtion")
    assert "produсtion" in aliases_of(version.collection)


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
