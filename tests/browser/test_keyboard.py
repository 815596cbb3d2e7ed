"""The walks without a mouse: where focus is, that it is seen, and where it goes after a change."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens import (
    COLLECTION,
    REGISTRY,
    SETTINGS,
    V0,
    V1,
    aliases_field,
    badge,
    ends_with,
    plus,
    popover,
    question,
    remove_button,
)
from tests.things import aliases_of, put

MOST_STOPS = 60
RING = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


def tab_to(page, place) -> None:
    """As somebody who knows what they look for and presses Tab until they are there."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if place.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {place}")


def test_the_skip_link_is_first_and_leads_to_the_content(browse, viewer, version):
    page = browse(viewer)
    page.goto(REGISTRY)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_alias_walk_is_made_without_a_mouse(scripted, member, version):
    page = scripted(member)
    page.goto(REGISTRY)
    tab_to(page, page.get_by_role("link", name="View details of Zoo_Classifier_Models"))
    page.keyboard.press("Enter")
    view = page.get_by_role("link", name="View v0")
    expect(view).to_be_visible()
    tab_to(page, view)
    page.keyboard.press("Enter")
    expect(page).to_have_url(ends_with(V0))
    tab_to(page, plus(page))
    page.keyboard.press("Enter")
    field = page.get_by_label("Add an alias to v0")
    expect(field).to_be_focused()
    page.keyboard.type("candidate")
    page.keyboard.press("Enter")
    expect(badge(aliases_field(page), "candidate")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(popover(page)).to_have_count(0)
    expect(plus(page)).to_be_focused()
    assert aliases_of(version.collection)["candidate"] == "v0"


def test_the_alias_walk_is_made_without_a_mouse_and_without_javascript(
    open_browser, signed_in, member, version
):
    page = signed_in(open_browser(java_script_enabled=False), member)
    page.goto(V0)
    tab_to(page, plus(page))
    page.keyboard.press("Enter")
    field = page.get_by_label("Add an alias to v0")
    tab_to(page, field)
    page.keyboard.type("candidate")
    page.keyboard.press("Enter")
    expect(badge(aliases_field(page), "candidate")).to_be_visible()
    tab_to(page, remove_button(page, "candidate"))
    page.keyboard.press("Enter")
    expect(badge(aliases_field(page), "candidate")).to_have_count(0)


def test_arrows_choose_an_offered_name_and_enter_adds_it(scripted, member, version, second_version):
    put(member, version, "candidate", "baseline")
    page = scripted(member)
    page.goto(V1)
    plus(page).focus()
    page.keyboard.press("Enter")
    offered = popover(page).get_by_role("list").get_by_role("button")
    expect(offered).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(offered.nth(1)).to_be_focused()
    expect(offered.nth(1)).to_contain_text("candidate")
    page.keyboard.press("Enter")
    expect(badge(aliases_field(page), "candidate")).to_be_visible()
    assert aliases_of(version.collection)["candidate"] == "v1"
    assert aliases_of(version.collection)["baseline"] == "v0"


def ask_to_move_production(page):
    plus(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Add an alias to v1")).to_be_focused()
    page.keyboard.type("production")
    page.keyboard.press("Enter")
    return question(page, "Move “production” to v1?")


@pytest.mark.parametrize("key", ["Enter", "Delete", "Space"])
def test_focus_goes_to_the_next_alias_and_after_the_last_to_plus(scripted, member, version, key):
    put(member, version, "a", "b")
    page = scripted(member)
    page.goto(V0)
    remove_button(page, "latest").focus()
    page.keyboard.press(key)
    expect(remove_button(page, "a")).to_be_focused()
    page.keyboard.press(key)
    expect(remove_button(page, "b")).to_be_focused()
    page.keyboard.press(key)
    expect(badge(aliases_field(page), "b")).to_have_count(0)
    expect(plus(page)).to_be_focused()


PRESS_IT_AS_SOON_AS_IT_STANDS_THERE = """label => {
    window.isSamePage = true;
    document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
        document.querySelector(`button[aria-label="${label}"]`).click();
    }), {once: true});
}"""


def test_what_has_come_is_ready_when_it_is_seen(scripted, member, version):
    """Between its coming and its being ready a press would load the page anew, focus lost."""
    put(member, version, "a", "b")
    page = scripted(member)
    page.goto(V0)
    expect(page.get_by_role("heading", name="Lineage")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate(PRESS_IT_AS_SOON_AS_IT_STANDS_THERE, "Remove alias a")
    remove_button(page, "latest").press("Delete")
    expect(badge(aliases_field(page), "a")).to_have_count(0)
    expect(remove_button(page, "b")).to_be_visible()
    assert page.evaluate("window.isSamePage")


def test_focus_goes_to_the_one_before_when_the_last_in_line_is_removed(scripted, member, version):
    put(member, version, "a", "b")
    page = scripted(member)
    page.goto(V0)
    remove_button(page, "b").focus()
    page.keyboard.press("Delete")
    expect(badge(aliases_field(page), "b")).to_have_count(0)
    expect(remove_button(page, "a")).to_be_focused()


def test_the_question_holds_focus_and_gives_it_back(
    scripted, admin, protected_version, second_version
):
    page = scripted(admin)
    page.goto(V1)
    box = ask_to_move_production(page)
    for _ in range(4):
        expect(box.locator(":focus")).to_have_count(1)
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            page.keyboard.press("Tab")
    tab_to(page, box.get_by_role("button", name="Move to v1"))
    page.keyboard.press("Enter")
    expect(badge(aliases_field(page), "production")).to_be_visible()
    expect(page.locator(":focus")).to_be_visible()
    assert aliases_of(second_version.collection)["production"] == "v1"


def test_a_cancelled_removal_gives_focus_back_to_the_button(scripted, admin, protected_version):
    page = scripted(admin)
    page.goto(V0)
    remove_button(page, "production").focus()
    page.keyboard.press("Enter")
    question(page, "Take “production” off v0?")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(remove_button(page, "production")).to_be_focused()


def test_a_question_cancelled_with_its_button_gives_focus_back(
    scripted, admin, protected_version, second_version
):
    page = scripted(admin)
    page.goto(V1)
    box = ask_to_move_production(page)
    tab_to(page, box.get_by_role("link", name="Cancel"))
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("details.popover:focus-within")).to_be_visible()


def test_names_are_protected_without_a_mouse(scripted, admin, registry):
    page = scripted(admin)
    page.goto(SETTINGS)
    add = page.get_by_label("Add protected alias", exact=True)
    tab_to(page, add)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Protect alias names")).to_be_focused()
    page.keyboard.type("production")
    tab_to(page, page.get_by_role("button", name="Protect", exact=True))
    page.keyboard.press("Enter")
    expect(badge(page.get_by_role("table"), "production")).to_be_visible()
    expect(page.locator(":focus")).to_be_visible()


@pytest.mark.parametrize("end", ["Save", "Cancel"])
@pytest.mark.parametrize(
    ("address", "what"), [(COLLECTION, "card"), (V0, "description"), (V0, "metadata")]
)
def test_focus_goes_back_to_what_began_an_edit(scripted, member, version, address, what, end):
    page = scripted(member)
    page.goto(address)
    page.evaluate("window.isSamePage = true")
    edit = page.get_by_role("link", name=f"Edit {what}")
    edit.press("Enter")
    form = page.locator("main form:has(textarea)")
    field = form.locator("textarea")
    expect(field).to_be_focused()
    field.fill("{}")
    form.get_by_text(f"Save {what}" if end == "Save" else "Cancel", exact=True).press("Enter")
    expect(field).to_have_count(0)
    expect(edit).to_be_focused()
    assert page.evaluate("window.isSamePage")


def test_focus_stays_in_the_pages_of_a_list(scripted, member, version):
    put(member, version, *(f"fold-{number}" for number in range(70)))
    page = scripted(member)
    page.goto(f"{COLLECTION}/history")
    page.evaluate("window.isSamePage = true")
    older = page.get_by_role("link", name="Older")
    older.press("Enter")
    expect(page).to_have_url(ends_with(f"{COLLECTION}/history?page=2"))
    expect(older).to_be_focused()
    older.press("Enter")
    expect(older).to_have_count(0)
    expect(page.get_by_role("link", name="3", exact=True)).to_be_focused()
    page.get_by_role("link", name="1", exact=True).press("Enter")
    expect(older).to_have_count(1)
    expect(page.get_by_role("link", name="1", exact=True)).to_be_focused()
    assert page.evaluate("window.isSamePage")


def test_focus_is_seen_on_every_stop(scripted, admin, protected_version):
    page = scripted(admin)
    for address in (V0, SETTINGS):
        page.goto(address)
        unseen = set()
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            if not page.evaluate(RING):
                unseen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))
        assert unseen == set()
