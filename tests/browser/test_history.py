"""The walk through a collection's history: its picture, its filter, a move put back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens import COLLECTION, V0, badge, ends_with, history, question, said
from tests.things import aliases_of, put

HISTORY = f"{COLLECTION}/history"


@pytest.fixture
def moved(version, second_version, protected_version, member, admin):
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    put(admin, second_version, "production")


def undo(page, text):
    return page.get_by_role("button", name=text, exact=True)


def test_a_move_is_put_back_with_one_click_and_a_protected_one_with_two(
    browse, admin, moved, collection
):
    page = browse(admin)
    page.goto(HISTORY)
    undo(page, "Put candidate back on v0").click()
    expect(said(page)).to_contain_text("candidate moved from v1 to v0.")
    expect(undo(page, "Put candidate back on v1")).to_be_visible()
    undo(page, "Put production back on v0").click()
    box = question(page, "Put “production” back on v0?")
    box.get_by_role("link", name="Cancel").click()
    undo(page, "Put production back on v0").click()
    box = question(page, "Put “production” back on v0?")
    box.get_by_role("button", name="Put back on v0").click()
    expect(said(page)).to_contain_text("production moved from v1 to v0.")
    assert aliases_of(collection) == {"latest": "v1", "candidate": "v0", "production": "v0"}
    page.goto(V0)
    expect(history(page)).to_contain_text("moved protected production here from v1")


def test_a_row_that_is_outdated_says_so(browse, member, moved, version, collection):
    page = browse(member)
    page.goto(HISTORY)
    put(member, version, "candidate")
    undo(page, "Put candidate back on v0").click()
    expect(page.get_by_role("main")).to_contain_text("“candidate” has changed since then")
    assert aliases_of(collection)["candidate"] == "v0"


def test_a_question_that_is_outdated_leads_to_the_sentence_that_says_so(
    scripted, admin, moved, version
):
    page = scripted(admin)
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(HISTORY)
    undo(page, "Put production back on v0").click()
    box = question(page, "Put “production” back on v0?")
    put(admin, version, "production")
    box.get_by_role("button", name="Put back on v0").click()
    expect(page.locator("#notice")).to_be_focused()
    expect(page.locator("#notice")).to_be_in_viewport()
    expect(page.locator("#notice")).to_contain_text("“production” has changed since then")


def test_after_a_question_was_answered_focus_is_on_the_history(scripted, admin, moved):
    page = scripted(admin)
    page.goto(HISTORY)
    undo(page, "Put production back on v0").click()
    box = question(page, "Put “production” back on v0?")
    box.get_by_role("button", name="Put back on v0").click()
    expect(said(page)).to_contain_text("production moved from v1 to v0.")
    expect(page.locator("#history")).to_be_focused()


def test_the_picture_is_walked_with_the_keyboard(browse, viewer, moved):
    page = browse(viewer)
    page.goto(HISTORY)
    picture = page.get_by_role("group", name="Aliases over time")
    now = picture.get_by_role("link", name="production on v1").first
    now.focus()
    expect(now).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(ends_with(f"{COLLECTION}/versions/v1"))


def test_the_history_narrows_to_an_alias_and_to_days(browse, viewer, moved):
    page = browse(viewer)
    page.goto(HISTORY)
    page.locator(".lanes__names").get_by_role("link", name="candidate").click()
    expect(page).to_have_url(ends_with(f"{HISTORY}?alias=candidate"))
    main = page.get_by_role("main")
    expect(main.locator(".timeline__text")).to_have_count(2)
    expect(badge(main.locator(".lanes__names"), "candidate")).to_be_visible()
    page.get_by_label("To day").fill("2001-01-01")
    page.get_by_role("button", name="Apply").click()
    expect(main).to_contain_text("No changes of this kind")
    page.goto(HISTORY)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "Model-Zoo_Classifier_Models-history.csv"
