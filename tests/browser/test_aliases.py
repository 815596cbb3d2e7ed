"""The walk to a version's aliases: +, ×, and what is seen of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from registries.operations.aliases import add_aliases
from registries.operations.versions import unlink_version
from tests.browser.screens import (
    COLLECTION,
    REGISTRY,
    V0,
    V1,
    add_alias,
    aliases_field,
    badge,
    ends_with,
    expect_orange,
    expect_refused,
    history,
    plus,
    popover,
    remove_button,
    row,
    said,
)
from tests.personas import caller_of
from tests.things import COLLECTION as COLLECTION_NAME
from tests.things import aliases_of, put


def test_an_editor_walks_from_the_registry_to_the_aliases_of_a_version(
    browse, editor, second_version
):
    page = browse(editor)
    page.goto(REGISTRY)
    page.get_by_role("link", name=f"View details of {COLLECTION_NAME}").click()
    expect(page).to_have_url(ends_with(COLLECTION))
    versions = page.get_by_role("region", name="Versions")
    versions.get_by_role("link", name="View v1").click()
    expect(page).to_have_url(ends_with(V1))
    add_alias(page, "candidate")
    expect_orange(badge(aliases_field(page), "candidate"))
    expect(said(page)).to_contain_text("candidate added to v1.")
    add_alias(page, "best_model")
    expect_orange(badge(aliases_field(page), "best_model"))
    expect_orange(badge(aliases_field(page), "latest"))
    expect(history(page).get_by_role("listitem").first).to_contain_text(
        f"{editor.username} added best_model"
    )
    assert aliases_of(second_version.collection) == dict.fromkeys(
        ["latest", "candidate", "best_model"], "v1"
    )


def test_an_alias_of_another_version_moves_here(browse, editor, second_version, version):
    put(editor, version, "candidate")
    page = browse(editor)
    page.goto(V1)
    add_alias(page, "candidate")
    expect(said(page)).to_contain_text("candidate moved from v0 to v1.")
    expect_orange(badge(aliases_field(page), "candidate"))
    expect(history(page)).to_contain_text(f"{editor.username} moved candidate here from v0")
    page.get_by_role("link", name=COLLECTION_NAME).first.click()
    expect(badge(row(page, "View v1"), "candidate")).to_be_visible()
    expect(badge(row(page, "View v0"), "candidate")).to_have_count(0)


def test_an_alias_is_removed_with_its_button(browse, editor, version):
    put(editor, version, "candidate", "qa")
    page = browse(editor)
    page.goto(V0)
    remove_button(page, "candidate").click()
    expect(said(page)).to_contain_text("candidate taken off v0.")
    expect(badge(aliases_field(page), "candidate")).to_have_count(0)
    expect(badge(aliases_field(page), "qa")).to_be_visible()
    expect(history(page)).to_contain_text(f"{editor.username} took candidate off")
    assert aliases_of(version.collection) == {"latest": "v0", "qa": "v0"}


def test_the_number_of_a_version_cannot_be_taken_off(browse, admin, version):
    page = browse(admin)
    page.goto(V0)
    expect(badge(aliases_field(page), "v0")).to_be_visible()
    expect(remove_button(page, "latest")).to_be_visible()
    expect(remove_button(page, "v0")).to_have_count(0)


def test_bad_names_are_refused_beside_the_field_and_kept(browse, member, version):
    page = browse(member)
    page.goto(V0)
    for typed, sentence in (
        ("a/b", "“a/b” cannot be an alias"),
        ("v7", "“v7”"),
        ("LATEST", "“LATEST”"),
        ("", "Type the name of an alias."),
    ):
        add_alias(page, typed)
        field = page.get_by_label("Add an alias to v0")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value(typed)
        expect(field).to_have_accessible_description(re.compile(sentence))
        expect(popover(page)).to_be_visible()
    assert aliases_of(version.collection) == {"latest": "v0"}


def test_names_are_offered_while_typing_with_the_version_that_holds_them(
    scripted, editor, second_version, version
):
    put(editor, version, "candidate", "baseline")
    page = scripted(editor)
    page.goto(V1)
    plus(page).click()
    page.get_by_label("Add an alias to v1").press_sequentially("cand")
    offered = popover(page).get_by_role("list", name="Known in Model").get_by_role("button")
    expect(offered).to_have_count(1)
    expect(offered).to_have_text(re.compile(r"candidate\s*on v0, moves here"))
    offered.click()
    expect_orange(badge(aliases_field(page), "candidate"))
    assert aliases_of(version.collection)["candidate"] == "v1"


def test_the_popover_stays_open_for_the_next_alias(scripted, member, version):
    page = scripted(member)
    page.goto(V0)
    for name in ("first", "second", "third"):
        add_alias(page, name)
        expect(badge(aliases_field(page), name)).to_be_visible()
        expect(page.get_by_label("Add an alias to v0")).to_have_value("")
        expect(page.get_by_label("Add an alias to v0")).to_be_focused()


def test_a_page_that_shows_a_moved_alias_takes_nothing_off(browse, editor, second_version, version):
    put(editor, version, "candidate")
    page = browse(editor)
    page.goto(V0)
    add_aliases(caller_of(editor), second_version, ["candidate"])
    remove_button(page, "candidate").click()
    expect(said(page)).to_contain_text("Nothing was changed.")
    expect(badge(aliases_field(page), "candidate")).to_have_count(0)
    assert aliases_of(version.collection)["candidate"] == "v1"


@pytest.mark.parametrize("deed", ["add", "remove"])
def test_a_version_that_was_unlinked_meanwhile_says_so(browse, editor, second_version, deed):
    page = browse(editor)
    page.goto(V1)
    expect(remove_button(page, "latest")).to_be_visible()
    collection = second_version.collection
    unlink_version(caller_of(editor), second_version)
    if deed == "add":
        add_alias(page, "candidate")
    else:
        remove_button(page, "latest").click()
    expect_refused(page, f"v1 is no longer in {COLLECTION_NAME}: it was unlinked.")
    expect_refused(page, "Nothing was changed.")
    assert aliases_of(collection) == {"latest": "v0"}
    page.get_by_role("main").get_by_role("link", name=COLLECTION_NAME, exact=True).last.click()
    expect(page).to_have_url(ends_with(COLLECTION))


def test_a_versions_own_number_is_no_alias_to_add(browse, editor, second_version):
    page = browse(editor)
    page.goto(V1)
    add_alias(page, "v1")
    expect(said(page)).to_contain_text("v1 is its number already. Nothing was changed.")
    assert aliases_of(second_version.collection) == {"latest": "v1"}
