"""Out of what cannot be sent, and back to what was there before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.operations.people import create_user, edit_user
from registries.models import Event
from registries.operations.registries import create_registry
from tests.browser.entrance import PASSWORD
from tests.browser.screens import (
    COLLECTION,
    HOME,
    REGISTRY,
    V0,
    V1,
    add_alias,
    aliases_field,
    badge,
    ends_with,
    popover,
    row,
)
from tests.personas import caller_of
from tests.things import aliases_of

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


def test_a_question_that_is_opened_as_a_page_is_answered_there(
    browse, admin, protected_version, second_version
):
    page = browse(admin)
    page.goto(f"{V1}/aliases/confirm?deed=move&alias=production")
    page.get_by_role("button", name="Move to v1").click()
    expect(page).to_have_url(ends_with(V1))
    expect(badge(aliases_field(page), "production")).to_be_visible()
    change = Event.objects.filter(alias="production").latest("pk")
    page.goto(f"{COLLECTION}/history/{change.pk}/put-back")
    page.get_by_role("button", name="Put back on v0").click()
    expect(page).to_have_url(ends_with(f"{COLLECTION}/history"))
    page.goto(f"{V0}/aliases/confirm?deed=remove&alias=production")
    page.get_by_role("button", name="Take off v0").click()
    expect(page).to_have_url(ends_with(V0))
    assert aliases_of(second_version.collection) == {"latest": "v1"}


def test_a_registry_is_deleted_on_the_page_that_asks(browse, admin, organization):
    create_registry(caller_of(admin), organization, "Empty")
    page = browse(admin)
    page.goto(f"{HOME}registry/Empty/settings/delete")
    page.get_by_label("Type Empty to confirm").fill("empty")
    page.get_by_role("button", name="Delete registry").click()
    expect(page.get_by_label("Type Empty to confirm")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Type Empty to confirm").fill("Empty")
    page.get_by_role("button", name="Delete registry").click()
    expect(page).to_have_url(ends_with(HOME))


def test_back_and_forward_show_what_was_changed_meanwhile(scripted, admin, version):
    page = scripted(admin)
    page.goto(COLLECTION)
    page.get_by_role("link", name="View v0").click()
    add_alias(page, "candidate")
    expect(badge(aliases_field(page), "candidate")).to_be_visible()
    page.go_back()
    expect(badge(row(page, "View v0"), "candidate")).to_be_visible()
    page.go_forward()
    expect(badge(aliases_field(page), "candidate")).to_be_visible()
    page.goto(f"{REGISTRY}/settings")
    page.get_by_label("Add protected alias").click()
    page.get_by_label("Protect alias names").fill("gold")
    popover(page).get_by_role("button", name="Protect").click()
    expect(badge(page.get_by_role("main"), "gold")).to_be_visible()
    page.get_by_role("link", name="Projects").first.click()
    expect(page).to_have_url(ends_with("/projects"))
    page.go_back()
    expect(badge(page.get_by_role("main"), "gold")).to_be_visible()
