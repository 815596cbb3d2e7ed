"""Out of what cannot be sent, and back to what was there before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.operations.people import create_user, edit_user
from tests.browser.entrance import PASSWORD
from tests.browser.screens import COLLECTION, HOME, ends_with

INVITATIONS = f"{HOME}invitations"
# Where the form stands, what it is known by.
FORMS = (
    ("/settings", "Save profile"),
    (INVITATIONS, "Make invitation"),
    (f"{COLLECTION}?edit=card", "Save card"),
)


@pytest.fixture
def mira(org_admin):
    edit_user(OPERATOR, org_admin, password=PASSWORD)
    return org_admin


@pytest.mark.parametrize(("address", "button"), FORMS)
def test_who_signs_in_after_sending_a_form_is_back_on_its_page(
    browse, mira, version, address, button
):
    page = browse(mira)
    page.goto(address)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name=button).click()
    page.get_by_label("Username or e-mail").fill(mira.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(ends_with(address))
    expect(page.get_by_role("button", name=button)).to_be_visible()


def test_an_address_that_a_refused_form_left_in_the_bar_leads_to_its_page(browse, mira):
    page = browse(mira)
    page.goto(INVITATIONS)
    page.get_by_label("E-mail").fill("a b")
    page.locator("form:has(#email)").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Make invitation").click()
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    page.goto(f"{INVITATIONS}/new")
    expect(page).to_have_url(ends_with(INVITATIONS))
    expect(page.get_by_role("heading", name="Invite somebody")).to_be_visible()


def test_a_form_that_is_out_of_date_leads_back_to_its_page(page_without_javascript, signed_in):
    page = signed_in(page_without_javascript, create_user(OPERATOR, "ada"))
    page.goto("/settings")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_role("main")).to_contain_text("This form is out of date.")
    page.get_by_role("link", name="Back to the page").click()
    expect(page).to_have_url(re.compile("/settings$"))
