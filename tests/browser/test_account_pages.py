"""axe finds nothing on the pages of the account and of the way in, in every state."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.operations.invitations import invite
from accounts.operations.people import create_user
from tests.browser.entrance import PASSWORD, add_app, confirm, give_device, sign_in
from tests.browser.screens import HOME, popover
from tests.personas import person


@pytest.fixture
def ada(organization):
    return create_user(OPERATOR, "ada", password=PASSWORD)


def test_the_way_in(judge_for, organization, settings):
    settings.WAYMARK_OPEN_SIGN_UP = settings.MAIL_IS_SENT = True
    judge = judge_for(person("grace"))
    page = judge.page
    _, token = invite(OPERATOR, organization)
    invitation = f"/accounts/invitation/{token}"
    judge.look_at(invitation, "/accounts/invitation/altered", "/accounts/inactive/")
    judge.look_at("/authorize", "/accounts/password/first/")
    page.context.clear_cookies()
    judge.look_at("/accounts/signup/", "/accounts/password/reset/", invitation)
    judge.look_at("/accounts/password/reset/sent/", "/accounts/password/reset/1/altered/")
    judge.look_at("/accounts/password/changed/", "/accounts/elsewhere/cancelled/")
    judge.look_at("/accounts/elsewhere/error/")
    judge.open(invitation)
    page.get_by_label("E-mail").fill("grace@example.org")
    page.get_by_label("Name", exact=True).fill("grace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make account and join").click()
    expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    judge.look("an invitation with a name that is taken")
    settings.WAYMARK_OPEN_SIGN_UP = False
    judge.look_at("/accounts/signup/")


def test_a_link_to_a_new_password(judge_for, org_admin, viewer):
    judge = judge_for(org_admin)
    page = judge.open(f"{HOME}members/of/viewer")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#reset-link-text").inner_text()
    judge.look("a link that is handed on")
    page.goto(link)
    judge.look("a new password")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill("another")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_label("New password again")).to_have_attribute("aria-invalid", "true")
    judge.look("a new password that was refused")


def test_keys_and_invitations(judge_for, org_admin):
    judge = judge_for(org_admin)
    page = judge.open("/settings")
    page.get_by_text("New key").click()
    judge.look("the popover of a new key")
    popover(page).get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Make key").click()
    expect(page.locator("#new-key-text")).to_be_visible()
    judge.look("a key that is shown once")
    page = judge.open(f"{HOME}invitations")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_role("button", name="Make invitation").click()
    expect(page.locator("#invitation-link-text")).to_be_visible()
    judge.look("an invitation that is shown once")


def test_the_second_step(judge_for, ada):
    judge = judge_for(ada)
    page = judge.page
    page.context.clear_cookies()
    sign_in(page, "ada")
    judge.look_at("/settings/sign-in", "/accounts/password/", "/accounts/app/add/")
    confirm(page)
    judge.look("an app that is added")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".qr")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(color_scheme="light")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Add app").click()
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    judge.look("a code that is wrong")
    add_app(page)
    judge.look("recovery codes")
    judge.look_at("/settings/sign-in", "/accounts/codes/", "/accounts/codes/new/")
    judge.look_at("/accounts/app/remove/")
    page.context.clear_cookies()
    sign_in(page, "ada")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    judge.look("the second step")


def test_passkeys(judge_for, ada):
    judge = judge_for(ada)
    page = judge.page
    page.context.clear_cookies()
    give_device(page)
    sign_in(page, "ada")
    page.goto("/accounts/passkeys/add/")
    confirm(page)
    judge.look("a passkey that is added")
    page.get_by_label("Name").fill("This computer")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    judge.look_at("/settings/sign-in")
    key = get_user_model().objects.get().authenticator_set.get(type="webauthn").pk
    judge.look_at(f"/accounts/passkeys/{key}/", f"/accounts/passkeys/{key}/remove/")
