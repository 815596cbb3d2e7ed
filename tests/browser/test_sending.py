"""What is pressed twice is sent once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import ApiKey
from tests.browser.screens import (
    HOME,
    REGISTRY,
    V0,
    aliases_field,
    badge,
    ends_with,
    popover,
    remove_button,
    said,
)
from tests.things import aliases_of, put

# Keeps what would be sent, so that the page stays as it is before there is an answer.
HOLD = """() => {
    window.held = 0;
    window.addEventListener("submit", (event) => {
        if (event.defaultPrevented) return;
        event.preventDefault();
        window.held += 1;
    });
}"""


def click_at(page, button, *, count: int = 1) -> None:
    """As the `count`-th click of a mouse that is not moved."""
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down(click_count=count)
    page.mouse.up(click_count=count)


@pytest.mark.parametrize(
    ("address", "button"),
    [
        (f"{HOME}registries/new", "Create registry"),
        ("/projects/new", "Create project"),
        (f"{REGISTRY}/create-collection", "Create collection"),
        (f"{HOME}invitations", "Make invitation"),
        ("/settings", "Make key"),
    ],
)
def test_a_form_that_waits_for_its_answer_is_not_sent_again(scripted, org_admin, address, button):
    page = scripted(org_admin)
    page.goto(address)
    if address == "/settings":
        page.get_by_text("New key").click()
    for field in page.get_by_role("main").locator("input[required]").all():
        field.fill("twice")
    page.evaluate(HOLD)
    pressed = page.get_by_role("button", name=button)
    click_at(page, pressed)
    expect(pressed).to_have_attribute("aria-busy", "true")
    click_at(page, pressed, count=2)
    pressed.press("Enter")
    assert page.evaluate("window.held") == 1


def test_a_double_click_makes_one_key_and_shows_it(scripted, member):
    page = scripted(member)
    page.goto("/settings")
    page.get_by_text("New key").click()
    popover(page).get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Make key").dblclick()
    expect(page.locator("#new-key-text")).to_be_visible()
    assert ApiKey.objects.filter(user=member).count() == 1


def test_a_form_that_was_refused_can_be_sent_again_and_so_can_one_that_is_come_back_to(
    scripted, admin, registry
):
    page = scripted(admin)
    page.goto(f"{HOME}registries/new")
    page.get_by_label("Name").fill("MODEL")
    page.get_by_role("button", name="Create registry").click()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name").fill("Once")
    page.get_by_role("button", name="Create registry").click()
    expect(page).to_have_url(ends_with(f"{HOME}registry/Once"))
    page.goto(f"{HOME}registries/new")
    page.get_by_label("Name").fill("Second")
    page.get_by_role("button", name="Create registry").click()
    expect(page).to_have_url(ends_with(f"{HOME}registry/Second"))
    page.go_back()
    page.get_by_label("Name").fill("Third")
    page.get_by_role("button", name="Create registry").click()
    expect(page).to_have_url(ends_with(f"{HOME}registry/Third"))


@pytest.mark.parametrize("answered_between", [False, True])
def test_a_double_click_takes_one_alias_off(scripted, member, version, answered_between):
    put(member, version, "aa", "bb", "cc")
    page = scripted(member)
    page.goto(V0)
    first = remove_button(page, "aa")
    click_at(page, first)
    if answered_between:
        expect(badge(aliases_field(page), "aa")).to_have_count(0)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    expect(said(page)).to_contain_text("aa taken off v0.")
    page.reload()
    assert set(aliases_of(version.collection)) == {"latest", "bb", "cc"}


def test_what_was_said_can_be_dismissed(scripted, member, version):
    page = scripted(member)
    page.context.grant_permissions(["clipboard-write"])
    put(member, version, "candidate")
    page.goto(V0)
    remove_button(page, "candidate").click()
    expect(said(page)).to_contain_text("candidate taken off v0.")
    said(page).get_by_role("button", name="Dismiss").click()
    expect(said(page)).to_be_empty()
    page.get_by_role("button", name="Copy path").click()
    expect(said(page)).to_contain_text("Copied")
    said(page).get_by_role("button", name="Dismiss").click()
    expect(said(page)).to_be_empty()
