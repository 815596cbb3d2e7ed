"""What an alias on a version may be called, and what is too close to another name."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotAllowed
from registries.models import Alias, ProtectedAlias
from registries.named import version_named
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.permissions import access_for
from registries.queries.alias_options import options_for
from registries.queries.terms import Term
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of, link, log, put


@pytest.fixture
def guarded(registry, org_admin):
    """`production` is protected in the registry and on no version yet."""
    protect_aliases(caller_of(org_admin), registry, ["production"])
    return registry


def test_one_refused_alias_refuses_the_whole_request(guarded, version, member, subtests):
    for bad in ["a/b", "v7", "LATEST", "production", "x" * 129, "PRODUCTION"]:
        kind = NotAllowed if bad == "production" else Invalid
        with subtests.test(bad=bad), refused(kind):
            add_aliases(caller_of(member), version, ["good", bad, "better"])


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


def test_a_joined_name_is_an_alias_and_too_close_to_the_same_without_its_joiner(
    version, registry, member, admin
):
    joined, plain = "می\u200cخواهم", "میخواهم"
    put(member, version, joined)
    assert joined in aliases_of(version.collection)
    remove_aliases(caller_of(member), version, [joined])
    protect_aliases(caller_of(admin), registry, [plain])
    with refused(Invalid, "alias_look_alike"):
        add_aliases(caller_of(member), version, [joined])


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


def test_what_the_sdk_takes_for_a_number_is_nobodys_alias_by_any_way(
    version, source, second_source, registry, project, member, admin, subtests
):
    """Beside the number of a version it would keep the SDK from loading it."""
    for name in ["v四", "v٣", "v½", "vⅣ", "v१२", "V四", "ｖ四"]:
        for by in (member, admin):
            with subtests.test(name=name, by=by), refused(Invalid, "alias_is_number"):
                add_aliases(caller_of(by), version, ["good", name])
        with subtests.test(name=name), refused(Invalid, "alias_is_number"):
            link(member, second_source.artifact, registry, name)
        with subtests.test(name=name), refused(Invalid, "alias_is_number"):
            log(member, project, "new", aliases=[name])
        with subtests.test(name=name), refused(Invalid, "alias_is_number"):
            protect_aliases(caller_of(admin), registry, [name])


@pytest.fixture
def numbered(version, member):
    """An alias of a time when it was not refused."""
    Alias.objects.create(
        collection=version.collection, version=version, name="v四", changed_by=member
    )
    return version


def test_one_that_is_stored_is_found_and_taken_off_by_members(numbered, member, viewer):
    held = numbered.collection
    assert version_named(held.project_id, held.name, "v四") == numbered
    with refused(NotAllowed):
        remove_aliases(caller_of(viewer), numbered, ["v四"])
    [change] = remove_aliases(caller_of(member), numbered, ["v四"])
    assert (change.name, change.number, change.from_number) == ("v四", None, 0)
    assert aliases_of(held) == {"latest": "v0"}


def test_one_that_is_stored_is_offered_for_no_other_version(
    numbered, second_version, registry, member
):
    put(member, numbered, "v-next")
    access = access_for(member, registry)
    offered = options_for(second_version, access, Term.typed("v"))
    assert [option.name for option in offered] == ["v-next"]


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


def test_one_sign_as_text_and_as_emoji_is_too_close_to_itself(registry, version, admin, member):
    by = caller_of(admin)
    protect_aliases(by, registry, ["❤", "rocket 🚀\ufe0f"])
    for twin in ["❤\ufe0f", "❤\ufe0e", "rocket 🚀"]:
        with refused(Invalid, "alias_look_alike"):
            put(member, version, twin)
        with refused(Invalid, "alias_look_alike"):
            protect_aliases(by, registry, [twin])
    with refused(Invalid, "alias_look_alike"):
        protect_aliases(by, registry, ["☎\ufe0f", "☎"])
    put(admin, version, "rocket 🚀\ufe0f")
    assert "rocket 🚀\ufe0f" in aliases_of(version.collection)


def test_what_nobody_sees_is_in_no_new_alias_and_what_is_stored_can_be_taken_off(
    version, second_version, registry, member, admin
):
    name = "best\ufe0f"
    for by in (member, admin):
        with refused(Invalid, "name_invisible"):
            put(by, version, name)
    with refused(Invalid, "name_invisible"):
        protect_aliases(caller_of(admin), registry, [name])
    held = version.collection
    Alias.objects.create(collection=held, version=version, name=name, changed_by=member)
    ProtectedAlias.objects.create(registry=registry, name=name, created_by=admin)
    assert access_for(member, registry).is_protected(name)
    unprotect_alias(caller_of(admin), registry, name)
    offered = options_for(second_version, access_for(member, registry), Term.typed("best"))
    assert offered == []
    remove_aliases(caller_of(member), version, [name])
    assert aliases_of(held) == {"latest": "v1"}
