"""The search bar: its keys, the first matches below it, the results on Enter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import (
    COLLECTION,
    HOME,
    REGISTRY,
    V0,
    V1,
    badge,
    ends_with,
    expect_orange,
)
from tests.things import put

FIELD = "Search registries, collections, tags and aliases"


@pytest.fixture
def something_to_find(second_version, version, member):
    put(member, version, "zoo-candidate", "baseline")
    put(member, second_version, "zoo-best")


def first_matches(page):
    return page.get_by_role("search").get_by_role("link")


def test_slash_goes_to_the_search_and_is_not_typed_into_it(scripted, viewer, something_to_find):
    page = scripted(viewer)
    page.goto(REGISTRY)
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name=FIELD)
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_slash_is_an_ordinary_character_while_typing_elsewhere(scripted, viewer, something_to_find):
    page = scripted(viewer)
    page.goto(REGISTRY)
    elsewhere = page.get_by_label("Filter collections")
    elsewhere.press_sequentially("a/b")
    expect(elsewhere).to_have_value("a/b")
    expect(elsewhere).to_be_focused()


def test_arrows_choose_among_the_first_matches_and_enter_opens_one(
    scripted, viewer, something_to_find
):
    page = scripted(viewer)
    page.goto(HOME)
    page.keyboard.press("/")
    page.keyboard.type("zoo-")
    expect(first_matches(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(first_matches(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(first_matches(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(first_matches(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(first_matches(page).first).to_contain_text("zoo-")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/versions/v[01]$"))


def test_escape_closes_the_first_matches_and_keeps_what_was_typed(
    scripted, viewer, something_to_find
):
    page = scripted(viewer)
    page.goto(HOME)
    page.keyboard.press("/")
    page.keyboard.type("zoo-")
    expect(first_matches(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(first_matches(page)).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("zoo-")


def test_a_click_elsewhere_closes_the_first_matches(scripted, viewer, something_to_find):
    page = scripted(viewer)
    page.goto(HOME)
    page.get_by_role("searchbox").press_sequentially("zoo-")
    expect(first_matches(page)).to_have_count(2)
    page.get_by_role("contentinfo").click()
    expect(first_matches(page)).to_have_count(0)


def test_enter_shows_the_results_below_the_bar(browse, viewer, something_to_find):
    page = browse(viewer)
    page.goto(COLLECTION)
    field = page.get_by_role("searchbox", name=FIELD)
    field.fill("zoo")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Results for “zoo”")).to_be_visible()
    expect(page.get_by_role("searchbox", name=FIELD)).to_have_value("zoo")
    aliases = page.get_by_role("region", name="Aliases")
    expect_orange(badge(aliases, "zoo-candidate"))
    collections = page.get_by_role("region", name=re.compile(r"^Collections"))
    collections.get_by_role("link", name="Model / Zoo_Classifier_Models").click()
    expect(page).to_have_url(ends_with(COLLECTION))


def test_a_name_with_an_alias_leads_to_the_version(browse, viewer, something_to_find):
    page = browse(viewer)
    for term, address in (
        ("Zoo_Classifier_Models:zoo-candidate", V0),
        ("Zoo_Classifier_Models:latest", V1),
        ("Zoo_Classifier_Models:v0", V0),
    ):
        page.goto(HOME)
        field = page.get_by_role("searchbox", name=FIELD)
        field.fill(term)
        field.press("Enter")
        found = page.get_by_role("region", name="Version", exact=True)
        found.get_by_role("link", name="Model / Zoo_Classifier_Models").click()
        expect(page).to_have_url(ends_with(address))


def test_a_search_without_matches_says_so_and_keeps_the_term(browse, viewer, registry):
    page = browse(viewer)
    page.goto(HOME)
    field = page.get_by_role("searchbox", name=FIELD)
    field.fill("prodd <b>")
    field.press("Enter")
    expect(page.get_by_text("Nothing matches “prodd <b>”")).to_be_visible()
    expect(page.get_by_role("searchbox", name=FIELD)).to_have_value("prodd <b>")
    expect(page.get_by_role("main").get_by_role("link", name="Model")).to_have_count(0)


def test_nobody_finds_what_is_not_shared_with_them(browse, other_admin, something_to_find):
    page = browse(other_admin)
    page.goto("/orgs/other-org/search?q=zoo")
    expect(page.get_by_text("Nothing matches “zoo”")).to_be_visible()
