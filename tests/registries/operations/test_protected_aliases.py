from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotAllowed, NotFound
from registries.models import Alias, Event, ProtectedAlias, Registry
from registries.operations.aliases import remove_aliases
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.permissions import access_for
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, link, put


def names_of(registry):
    return sorted(registry.protected_aliases.values_list("name", flat=True))


def test_an_admin_protects_one_or_several_names_at_once(registry, admin):
    assert protect_aliases(caller_of(admin), registry, ["production", "staging"]) == [
        "production",
        "staging",
    ]
    assert names_of(registry) == ["production", "staging"]
    told = Event.objects.filter(kind="alias.protected").order_by("pk")
    assert list(told.values_list("alias", "actor__username", "home_name")) == [
        ("production", "admin-of-model", "Model"),
        ("staging", "admin-of-model", "Model"),
    ]


def test_protecting_again_changes_nothing_and_answers_what_is_new(registry, admin):
    protect_aliases(caller_of(admin), registry, ["production"])
    with nothing_changes():
        assert protect_aliases(caller_of(admin), registry, ["production"]) == []
    assert protect_aliases(caller_of(admin), registry, ["production", "staging"]) == ["staging"]


def test_names_too_close_to_each_other_are_not_said_to_be_protected(registry, admin):
    with refused(Invalid) as refusal:
        protect_aliases(caller_of(admin), registry, ["one", "One"])
    assert refusal.value.sentence == (
        "“one” and “One” are too close to each other. Protect one of them."
    )
    protect_aliases(caller_of(admin), registry, ["One"])
    with refused(Invalid) as refusal:
        protect_aliases(caller_of(admin), registry, ["one"])
    assert refusal.value.sentence == "“one” is too close to the protected alias “One”."


def test_same_name_rules_and_neither_latest_nor_a_number_can_be_protected(
    registry, admin, subtests
):
    for name in [
        "",
        "x" * 129,
        "a/b",
        "a:b",
        "a\x00b",
        "pro\u202ed",
        " a",
        "a ",
        "latest",
        "LATEST",
        "v1",
        "V1",
        "ｖ１",
    ]:
        with subtests.test(name=name):
            with refused(Invalid) as refusal:
                protect_aliases(caller_of(admin), registry, ["good", name])
            assert refusal.value.field == "alias"


def test_naming_nothing_is_refused(registry, admin):
    with refused(Invalid, "alias_empty"):
        protect_aliases(caller_of(admin), registry, [])


@pytest.mark.parametrize("twin", ["Production", "ＰＲＯＤＵＣＴＩＯＮ"])
def test_two_names_that_look_alike_are_not_both_protected(registry, admin, twin):
    with refused(Invalid, "alias_look_alike"):
        protect_aliases(caller_of(admin), registry, ["production", twin])
    protect_aliases(caller_of(admin), registry, ["production"])
    with refused(Invalid, "alias_look_alike"):
        protect_aliases(caller_of(admin), registry, [twin])


def test_names_are_kept_composed_and_found_in_both_spellings(registry, admin):
    by = caller_of(admin)
    protect_aliases(by, registry, ["cafe\u0301"])
    assert names_of(registry) == ["caf\u00e9"]
    with nothing_changes():
        protect_aliases(by, registry, ["caf\u00e9"])
    unprotect_alias(by, registry, "cafe\u0301")
    assert names_of(registry) == []


def test_everybody_but_admins_is_refused(registry, personas):
    protect_aliases(caller_of(personas["admin"]), registry, ["production"])
    for name in ("member", "service_account", "guest", "viewer", "restricted_viewer"):
        with refused(NotAllowed):
            protect_aliases(caller_of(personas[name]), registry, ["staging"])
        with refused(NotAllowed):
            unprotect_alias(caller_of(personas[name]), registry, "production")
    for name in ("outsider", "other_admin", "removed_member"):
        with refused(NotFound):
            protect_aliases(caller_of(personas[name]), registry, ["staging"])
        with refused(NotFound):
            unprotect_alias(caller_of(personas[name]), registry, "production")


def test_the_rule_holds_at_once_in_every_collection_and_for_aliases_already_there(
    registry, version, second_source, member, admin
):
    other = link(member, second_source.artifact, registry, "production", name="Other")
    put(member, version, "production")
    protect_aliases(caller_of(admin), registry, ["production"])
    for held in (version, other):
        with refused(NotAllowed, "protected_alias"):
            remove_aliases(caller_of(member), held, ["production"])
    assert aliases_of(other.collection)["production"] == "v0"
    assert access_for(member, registry).is_protected("production")


def test_removing_the_definition_turns_them_back_into_custom_ones(
    registry, protected_version, member, admin
):
    unprotect_alias(caller_of(admin), registry, "production")
    event = Event.objects.latest("pk")
    assert (event.kind, event.alias) == ("alias.unprotected", "production")
    assert aliases_of(protected_version.collection)["production"] == "v0"
    remove_aliases(caller_of(member), protected_version, ["production"])


def test_unprotecting_what_is_not_protected_changes_nothing(registry, admin):
    with nothing_changes():
        unprotect_alias(caller_of(admin), registry, "production")


def test_unprotecting_a_look_alike_leaves_the_protected_name(registry, admin):
    protect_aliases(caller_of(admin), registry, ["production"])
    with nothing_changes():
        unprotect_alias(caller_of(admin), registry, "Production")


def test_a_name_is_protected_in_its_registry_alone(
    registry, version, second_source, member, admin, org_admin, project
):
    protect_aliases(caller_of(admin), registry, ["production"])
    dataset = Registry.objects.get(name="Dataset")
    with refused(NotAllowed):
        protect_aliases(caller_of(admin), dataset, ["production"])
    elsewhere = link(org_admin, second_source.artifact, dataset, "production", name="Zoo")
    in_project = link(member, second_source.artifact, project, "production", name="picked")
    assert aliases_of(elsewhere.collection)["production"] == "v0"
    assert aliases_of(in_project.collection)["production"] == "v0"
    assert ProtectedAlias.objects.count() == 1


def test_protecting_touches_no_alias(registry, version, member, admin):
    put(member, version, "production")
    before = list(Alias.objects.values_list())
    protect_aliases(caller_of(admin), registry, ["production"])
    unprotect_alias(caller_of(admin), registry, "production")
    assert list(Alias.objects.values_list()) == before
