"""Signing in and out, and the theme of one's own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.operations.people import create_user
from accounts.operations.sign_in_links import create_sign_in_link
from tests.browser.screens import HOME, REGISTRY, ends_with, popover, said

PASSWORD = "correct horse battery"
DARK, LIGHT = "rgb(17, 20, 22)", "rgb(255, 255, 255)"


@pytest.fixture
def anonymous(open_browser, has_javascript):
    return open_browser(java_script_enabled=has_javascript)


@pytest.fixture
def ada(db):
    return create_user(OPERATOR, "ada", password=PASSWORD)


def sign_in(page, password: str) -> None:
    page.get_by_label("Username or e-mail").fill("ada")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def open_account(page, name: str) -> None:
    page.get_by_label(f"Account: {name}").click()


def test_somebody_signs_in_with_a_password_and_out_again(anonymous, ada):
    page = anonymous
    page.goto("/")
    sign_in(page, PASSWORD)
    expect(page.get_by_role("heading", name="You are in no organization yet")).to_be_visible()
    open_account(page, "ada")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(said(page)).to_contain_text("Signed out.")
    page.goto(REGISTRY)
    expect(page.get_by_role("heading", name="Sign in to Waymark")).to_be_visible()


def test_a_wrong_password_is_refused_and_the_name_is_kept(anonymous, ada):
    page = anonymous
    page.goto("/accounts/login/")
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username or e-mail")).to_have_value("ada")
    expect(page.get_by_label("Password")).to_have_value("")


def test_signing_in_leads_to_the_page_that_was_asked_for(anonymous, ada, registry):
    page = anonymous
    page.goto(f"{REGISTRY}?filter=zoo")
    sign_in(page, PASSWORD)
    expect(page).to_have_url(re.compile(rf"{REGISTRY}\?filter=zoo$"))


def test_a_link_signs_in_once(anonymous, admin):
    page = anonymous
    address = f"/sign-in/{create_sign_in_link(OPERATOR, admin)}"
    page.goto(address)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(ends_with(HOME))
    open_account(page, admin.username)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Waymark")).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in with a password")).to_be_visible()


def test_a_chosen_theme_is_seen_at_once_and_kept(browse, viewer, has_javascript):
    page = browse(viewer)
    page.goto(HOME)
    root = page.locator("html")
    expect(root).to_have_css("background-color", LIGHT)
    open_account(page, viewer.username)
    theme = popover(page).get_by_role("group", name="Theme")
    if has_javascript:
        with page.expect_response("**/theme"):
            theme.get_by_label("Dark").check()
    else:
        theme.get_by_label("Dark").check()
        expect(root).to_have_css("background-color", DARK)
        page.get_by_role("button", name="Save theme").click()
    expect(root).to_have_css("background-color", DARK)
    page.goto(REGISTRY)
    expect(root).to_have_css("background-color", DARK)
    viewer.refresh_from_db()
    assert viewer.theme == "dark"
