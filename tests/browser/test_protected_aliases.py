"""Protected aliases: the rule in the settings, the question before a move, what others see."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from registries.models import ProtectedAlias
from registries.operations.aliases import remove_aliases
from registries.operations.protected_aliases import protect_aliases
from registries.operations.versions import unlink_version
from tests.browser.screens import (
    COLLECTION,
    HOME,
    REGISTRY,
    SETTINGS,
    V0,
    V1,
    add_alias,
    aliases_field,
    badge,
    ends_with,
    expect_gray_with_lock,
    expect_refused,
    history,
    plus,
    popover,
    question,
    remove_button,
    row,
    said,
    section,
)
from tests.personas import caller_of
from tests.things import aliases_of, put


def protected_names(registry) -> set[str]:
    return set(ProtectedAlias.objects.filter(registry=registry).values_list("name", flat=True))


def protect_in_settings(page, *names: str) -> None:
    field = page.get_by_label("Protect alias names")
    if not field.is_visible():
        page.get_by_label("Add protected alias", exact=True).click()
    field.fill("\n".join(names))
    popover(page).get_by_role("button", name="Protect", exact=True).click()


def test_an_admin_walks_to_the_settings_and_protects_one_name_then_several(
    browse, admin, registry, version
):
    put(admin, version, "production")
    page = browse(admin)
    page.goto(REGISTRY)
    page.get_by_role("link", name="Registry settings").click()
    expect(page).to_have_url(ends_with(SETTINGS))
    page.get_by_role("link", name="Protected Aliases").click()
    protect_in_settings(page, "production")
    expect(said(page)).to_contain_text("“production” is protected.")
    rules = section(page, "Protected Aliases")
    expect_gray_with_lock(badge(rules, "production"))
    expect(row(rules, "production")).to_contain_text("1 collection")
    protect_in_settings(page, "staging", "gold")
    expect(said(page)).to_contain_text("“staging” and “gold” are protected.")
    for name in ("production", "staging", "gold"):
        expect_gray_with_lock(badge(rules, name))
    assert protected_names(registry) == {"production", "staging", "gold"}


def test_a_protected_alias_is_gray_with_a_lock_wherever_it_stands(browse, admin, protected_version):
    page = browse(admin)
    for address in (REGISTRY, COLLECTION, V0, SETTINGS, f"{HOME}search?q=production", HOME):
        page.goto(address)
        expect_gray_with_lock(badge(page.get_by_role("main"), "production").first)


def test_a_suggested_name_is_protected_with_one_press(browse, admin, registry):
    page = browse(admin)
    page.goto(SETTINGS)
    page.get_by_role("button", name="Protect production").click()
    expect_gray_with_lock(badge(section(page, "Protected Aliases"), "production"))
    assert protected_names(registry) == {"production"}


def test_of_several_names_with_a_bad_one_none_is_protected_and_all_are_kept(
    browse, admin, registry
):
    page = browse(admin)
    page.goto(SETTINGS)
    protect_in_settings(page, "gold", "a/b")
    field = page.get_by_label("Protect alias names")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("gold\na/b")
    assert protected_names(registry) == set()


def test_the_protection_of_a_name_is_ended_with_its_button(browse, admin, protected_version):
    page = browse(admin)
    page.goto(SETTINGS)
    page.get_by_role("button", name="Remove protection of production").click()
    expect(said(page)).to_contain_text("“production” is no longer protected.")
    expect(section(page, "Protected Aliases")).to_contain_text("No protected aliases")
    assert aliases_of(protected_version.collection)["production"] == "v0"


def expect_the_question(page) -> None:
    """Old and new version side by side, before anything happens."""
    box = question(page, "Move “production” to v1?")
    expect(box.locator(".change")).to_have_text(re.compile(r"production\s*v0\s*to\s*v1"))
    expect_gray_with_lock(badge(box, "production"))


def test_an_admin_is_asked_once_more_before_a_protected_alias_moves(
    browse, admin, protected_version, second_version
):
    page = browse(admin)
    page.goto(V1)
    add_alias(page, "production")
    expect_the_question(page)
    assert aliases_of(second_version.collection)["production"] == "v0"
    page.get_by_role("button", name="Move to v1").click()
    expect(said(page)).to_contain_text("moved from v0 to v1.")
    expect(page.locator(".dialog")).to_have_count(0)
    expect_gray_with_lock(badge(aliases_field(page), "production"))
    expect(page.get_by_text("Protected version")).to_be_visible()
    expect(history(page)).to_contain_text("moved protected production here from v0")
    assert aliases_of(second_version.collection)["production"] == "v1"


def test_cancelling_the_question_changes_nothing(browse, admin, protected_version, second_version):
    page = browse(admin)
    page.goto(V1)
    add_alias(page, "production")
    question(page, "Move “production” to v1?").get_by_role("link", name="Cancel").click()
    expect(page.locator(".dialog")).to_have_count(0)
    expect(page).to_have_url(ends_with(V1))
    expect(badge(aliases_field(page), "production")).to_have_count(0)
    assert aliases_of(second_version.collection)["production"] == "v0"


def test_escape_in_the_question_changes_nothing_and_gives_focus_back(
    scripted, admin, protected_version, second_version
):
    page = scripted(admin)
    page.goto(V1)
    add_alias(page, "production")
    question(page, "Move “production” to v1?")
    page.keyboard.press("Escape")
    expect(page.locator(".dialog")).to_have_count(0)
    expect(page.locator("details.popover[open] :focus")).to_be_visible()
    assert aliases_of(second_version.collection)["production"] == "v0"


def test_a_protected_alias_comes_off_after_the_question(browse, admin, protected_version):
    page = browse(admin)
    page.goto(V0)
    remove_button(page, "production").click()
    box = question(page, "Take “production” off v0?")
    expect(box.locator(".change")).to_have_text(re.compile(r"production\s*v0\s*to\s*no version"))
    box.get_by_role("button", name="Take off v0").click()
    expect(said(page)).to_contain_text("taken off v0.")
    expect(badge(aliases_field(page), "production")).to_have_count(0)
    assert aliases_of(protected_version.collection) == {"latest": "v0"}


def test_a_question_that_is_out_of_date_says_so_and_changes_nothing(
    browse, admin, org_admin, protected_version, second_version
):
    page = browse(admin)
    page.goto(V1)
    add_alias(page, "production")
    question(page, "Move “production” to v1?")
    put(org_admin, second_version, "production")
    put(org_admin, protected_version, "production")
    page.get_by_role("button", name="Move to v1").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("“production” has changed since this page was shown")
    expect(alert).to_contain_text("Nothing was changed.")
    assert aliases_of(second_version.collection)["production"] == "v0"
    expect_the_question(page)
    page.get_by_role("button", name="Move to v1").click()
    expect(said(page)).to_contain_text("moved from v0 to v1.")
    assert aliases_of(second_version.collection)["production"] == "v1"


@pytest.mark.parametrize("ends", ["on v1 now", "on no version now"])
def test_a_question_whose_alias_is_gone_from_the_version_is_not_asked_again(
    browse, admin, org_admin, protected_version, second_version, ends
):
    page = browse(admin)
    page.goto(V0)
    remove_button(page, "production").click()
    question(page, "Take “production” off v0?")
    if ends == "on v1 now":
        put(org_admin, second_version, "production")
    else:
        remove_aliases(caller_of(org_admin), protected_version, ["production"])
    page.get_by_role("button", name="Take off v0").click()
    expect_refused(page, f"“production” has changed since this page was shown: it is {ends}.")
    expect_refused(page, "Nothing was changed.")
    expect(page.locator(".dialog")).to_have_count(0)
    expect(badge(aliases_field(page), "production")).to_have_count(0)


def test_a_question_whose_alias_has_come_to_the_version_is_not_asked_again(
    scripted, admin, org_admin, protected_version, second_version
):
    page = scripted(admin)
    page.goto(V1)
    add_alias(page, "production")
    question(page, "Move “production” to v1?")
    put(org_admin, second_version, "production")
    page.get_by_role("button", name="Move to v1").click()
    expect_refused(page, "“production” has changed since this page was shown: it is on v1 now.")
    expect(page.locator(".dialog")).to_have_count(0)
    expect(page.locator("#notice")).to_be_focused()
    expect_gray_with_lock(badge(aliases_field(page), "production"))


@pytest.mark.parametrize(
    ("address", "asked", "sentence"),
    [
        (V0, "deed=move&alias=production", "production is on v0 already."),
        (V0, "deed=move&alias=v0", "v0 is its number already."),
        (V1, "deed=remove&alias=production", "This alias was not on v1 any more."),
    ],
)
def test_an_address_that_asks_about_nothing_leads_to_the_version(
    browse, admin, protected_version, second_version, address, asked, sentence
):
    page = browse(admin)
    page.goto(f"{address}/aliases/confirm?{asked}")
    expect(page).to_have_url(ends_with(address))
    expect(said(page)).to_contain_text(sentence)
    assert aliases_of(second_version.collection)["production"] == "v0"


def test_a_question_about_a_version_that_was_unlinked_meanwhile_says_so(
    browse, admin, protected_version, second_version
):
    page = browse(admin)
    page.goto(V1)
    add_alias(page, "production")
    question(page, "Move “production” to v1?")
    unlink_version(caller_of(admin), second_version)
    page.get_by_role("button", name="Move to v1").click()
    expect_refused(page, "v1 is no longer in Zoo_Classifier_Models: it was unlinked.")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert aliases_of(protected_version.collection)["production"] == "v0"


def test_a_member_sees_no_control_for_protected_aliases(browse, member, protected_version, admin):
    put(admin, protected_version, "candidate")
    page = browse(member)
    page.goto(V0)
    expect_gray_with_lock(badge(aliases_field(page), "production"))
    expect(remove_button(page, "candidate")).to_be_visible()
    expect(remove_button(page, "production")).to_have_count(0)
    expect(page.get_by_label("Add tag")).to_have_count(0)
    page.goto(SETTINGS)
    expect_gray_with_lock(badge(page.get_by_role("main"), "production"))
    expect(page.get_by_label("Add protected alias")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("Only admins of Model can change them.")


def test_protected_names_are_offered_to_admins_alone(
    scripted, admin, member, second_version, protected_version
):
    put(admin, protected_version, "candidate")
    for somebody, offered in ((admin, ["production", "candidate"]), (member, ["candidate"])):
        page = scripted(somebody)
        page.goto(V1)
        plus(page).click()
        options = popover(page).get_by_role("list", name="Known in Model").locator(".badge__name")
        expect(options).to_have_text(offered)


@pytest.mark.parametrize("deed", ["move", "remove"])
def test_a_member_who_posts_the_form_anyway_is_refused(
    browse, member, admin, protected_version, second_version, deed
):
    """The page was loaded before the name was protected, so that it still has the form."""
    put(admin, protected_version, "qa")
    page = browse(member)
    page.goto(V1 if deed == "move" else V0)
    expect(plus(page)).to_be_visible()
    protect_aliases(caller_of(admin), second_version.collection.project.registry, ["qa"])
    if deed == "move":
        add_alias(page, "qa")
    else:
        remove_button(page, "qa").click()
    expect_refused(page, "“qa” is a protected alias in Model. Only registry admins can")
    assert aliases_of(second_version.collection)["qa"] == "v0"
    page.goto(V0)
    expect_gray_with_lock(badge(aliases_field(page), "qa"))
