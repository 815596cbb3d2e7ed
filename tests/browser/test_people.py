"""From an invitation to a script; two organizations; somebody who is shut out; second factors."""

from __future__ import annotations

import re
import sys

import pytest
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.invitations import invite
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user, edit_user
from registries.operations.organizations import create_organization
from tests.browser.entrance import PASSWORD, add_app, confirm, give_device, sign_in
from tests.browser.screens import HOME, ends_with, popover, said
from tests.personas import person
from tests.sdk.process import environment, run

NEW_PASSWORD = "staple of another colour"
ASK_WHO = "import wandb; print(wandb.Api().viewer.username)"


def copied(page, name: str) -> str:
    """What is shown once, in the box called so."""
    return page.locator(f"#{name}-text").inner_text()


@pytest.fixture
def ada(organization) -> User:
    user = create_user(OPERATOR, "ada", password=PASSWORD)
    set_organization_role(OPERATOR, organization, user, "member")
    return user


def test_an_invited_person_chooses_a_password_makes_a_key_and_a_script_uses_it(
    browse, open_browser, has_javascript, org_admin, team, live_server, tmp_path, settings
):
    settings.MAIL_IS_SENT = True
    leader = browse(org_admin)
    leader.goto(f"{HOME}members")
    leader.get_by_role("link", name="Invite").click()
    leader.get_by_label("E-mail").fill("ada@example.org")
    leader.get_by_label("Team").select_option("smle-reg-team-2")
    leader.get_by_role("button", name="Make invitation").click()
    link = copied(leader, "invitation-link")

    page = open_browser(java_script_enabled=has_javascript)
    page.goto(link)
    expect(page.get_by_label("E-mail")).to_have_value("ada@example.org")
    page.get_by_label("Name", exact=True).fill("org-admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make account and join").click()
    expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name", exact=True).fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make account and join").click()
    expect(page).to_have_url(ends_with(HOME))

    page.get_by_label("Account: ada").click()
    page.get_by_role("link", name="Account and API keys").click()
    page.get_by_text("New key").click()
    popover(page).get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Make key").click()
    key = copied(page, "new-key")
    page.goto("/settings")
    expect(page.get_by_text(key)).to_have_count(0)
    expect(page.get_by_text("laptop", exact=True)).to_be_visible()
    if has_javascript:
        env = environment(tmp_path, live_server.url, "http://127.0.0.1:9")
        told = run([sys.executable, "-c", ASK_WHO], tmp_path, env | {"WANDB_API_KEY": key})
        assert told.stdout.strip() == "ada", told.stderr


def test_two_organizations_are_switched_between(browse, viewer, organization):
    other = create_organization(OPERATOR, "other-org")
    page = browse(viewer)
    _, token = invite(OPERATOR, other)
    page.goto(f"/accounts/invitation/{token}")
    page.get_by_role("button", name="Join other-org").click()
    expect(page).to_have_url(ends_with("/orgs/other-org/"))
    expect(said(page)).to_contain_text("You are in other-org.")
    page.get_by_label("Organization: other-org").click()
    page.get_by_role("link", name="smle-reg", exact=True).click()
    expect(page).to_have_url(ends_with(HOME))
    page.goto("/")
    expect(page).to_have_url(ends_with(HOME))


def test_somebody_is_shut_out_while_signed_in(browse, org_admin, viewer):
    edit_user(OPERATOR, org_admin, is_staff=True)
    theirs, leader = browse(viewer), browse(org_admin)
    theirs.goto(HOME)
    expect(theirs.get_by_role("heading", name="Registries", exact=True)).to_be_visible()
    leader.goto(f"{HOME}members?filter=viewer")
    leader.get_by_role("link", name="Manage viewer").click()
    leader.get_by_role("button", name="Deactivate").click()
    expect(said(leader)).to_contain_text("viewer is deactivated.")
    theirs.goto(HOME)
    expect(theirs.get_by_role("heading", name="Sign in to Waymark")).to_be_visible()


def test_a_role_changes_in_place(browse, has_javascript, org_admin, viewer, organization):
    page = browse(org_admin)
    page.goto(f"{HOME}members")
    row = page.get_by_role("row").filter(has=page.get_by_label("Role of viewer"))
    page.get_by_label("Role of viewer").focus()
    page.get_by_label("Role of viewer").select_option("admin")
    if not has_javascript:
        row.get_by_role("button", name="Save").click()
    expect(said(page)).to_contain_text("viewer is admin of smle-reg now.")
    expect(page.get_by_label("Role of viewer")).to_have_value("admin")
    if has_javascript:
        expect(page.get_by_label("Role of viewer")).to_be_focused()


def test_an_admin_hands_out_a_link_by_which_somebody_chooses_a_password(
    browse, open_browser, has_javascript, org_admin, ada
):
    leader = browse(org_admin)
    leader.goto(f"{HOME}members/of/ada")
    leader.get_by_role("button", name="Make a link").click()
    page = open_browser(java_script_enabled=has_javascript)
    address = copied(leader, "reset-link")
    page.goto(address)
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password again").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page).to_have_url(ends_with(HOME))
    later = open_browser(java_script_enabled=has_javascript)
    sign_in(later, "ada", NEW_PASSWORD)
    expect(later).to_have_url(ends_with(HOME))
    leader.goto(address)
    expect(leader.get_by_role("main")).to_contain_text("This link has been used or is too old.")


def test_a_password_is_changed_and_the_old_one_opens_nothing(open_browser, has_javascript, ada):
    page = open_browser(java_script_enabled=has_javascript)
    sign_in(page, "ada")
    page.goto("/settings/sign-in")
    page.get_by_role("link", name="Change password").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password again").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page).to_have_url(ends_with("/settings/sign-in"))
    expect(said(page)).to_contain_text("Password changed. All other sessions are signed out.")
    later = open_browser(java_script_enabled=has_javascript)
    sign_in(later, "ada")
    expect(later.get_by_role("alert")).to_be_visible()
    sign_in(later, "ada", NEW_PASSWORD)
    expect(later).to_have_url(ends_with(HOME))


def test_an_app_is_the_second_step_and_a_recovery_code_takes_its_place(
    open_browser, has_javascript, ada
):
    page = open_browser(java_script_enabled=has_javascript)
    sign_in(page, "ada")
    page.goto("/settings/sign-in")
    page.get_by_role("link", name="Add app").click()
    confirm(page)
    expect(page.get_by_role("img", name="The key for the app as a picture")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Add app").click()
    expect(page.get_by_text("This code is wrong or too old.")).to_be_visible()
    codes = add_app(page)
    assert len(codes) == 10

    later = open_browser(java_script_enabled=has_javascript)
    sign_in(later, "ada")
    expect(later.get_by_role("heading", name="Second step")).to_be_visible()
    expect(later.get_by_role("button", name="Use a passkey")).to_be_hidden()
    later.goto(HOME)
    # Not in yet: every page leads back to the step that is missing.
    expect(later.get_by_role("heading", name="Second step")).to_be_visible()
    later.get_by_label("Code").fill(codes[0])
    later.get_by_role("button", name="Sign in", exact=True).click()
    expect(later).to_have_url(ends_with(HOME))
    later.goto("/settings/sign-in")
    expect(later.get_by_text("9 left.")).to_be_visible()


def test_a_passkey_signs_in_alone(open_browser, ada):
    """Passkeys want a name, not a number."""
    page = open_browser()
    give_device(page)
    sign_in(page, "ada")
    page.goto("/settings/sign-in")
    page.get_by_role("link", name="Add passkey").click()
    confirm(page)
    page.get_by_label("Name").fill("This computer")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/settings/sign-in")
    expect(page.get_by_text("This computer")).to_be_visible()
    expect(page.get_by_text("A passkey that signs in alone")).to_be_visible()
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(rf"{HOME}$"))
    page.goto("/settings/sign-in")
    page.get_by_role("link", name="Remove").click()
    confirm(page)
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("This computer")).to_have_count(0)


def test_a_passkey_that_is_not_added_or_not_used_is_told_where_it_was_asked_for(open_browser, ada):
    page = open_browser()
    give_device(page, is_unlocked=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    not_used = "No passkey was used. Try again, or use the password."
    expect(page.get_by_role("alert")).to_have_text(not_used)
    sign_in(page, "ada")
    page.goto("/accounts/passkeys/add/")
    confirm(page)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was added. Try again.")


def test_a_page_at_an_address_that_is_a_number_says_that_passkeys_need_a_name(
    open_browser, live_server, ada
):
    page = open_browser(base_url=live_server.url.replace("localhost", "127.0.0.1"))
    give_device(page)
    needs_a_name = (
        "Passkeys need a name in the address, not a number. "
        "Open localhost or the server's name instead."
    )
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(needs_a_name)
    sign_in(page, "ada")
    page.goto("/accounts/passkeys/add/")
    confirm(page)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("alert")).to_have_text(needs_a_name)


def test_without_javascript_no_passkey_is_offered_and_a_password_does(page_without_javascript, ada):
    page = page_without_javascript
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(page, "ada")
    expect(page).to_have_url(ends_with(HOME))


def test_a_session_elsewhere_is_ended(open_browser, ada):
    here, elsewhere = open_browser(), open_browser()
    for page in (here, elsewhere):
        sign_in(page, "ada")
        expect(page).to_have_url(ends_with(HOME))
    here.goto("/settings/sign-in")
    expect(here.get_by_role("row")).to_have_count(3)
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(here.get_by_role("row")).to_have_count(2)
    elsewhere.goto(HOME)
    expect(elsewhere.get_by_role("heading", name="Sign in to Waymark")).to_be_visible()


def test_a_long_name_covers_no_button_in_a_narrow_window(browse, org_admin, organization, team):
    name = "a-name-that-goes-on-and-on-for-as-long-as-a-name-may"
    person(name, organization, team=team)
    page = browse(org_admin)
    page.set_viewport_size({"width": 360, "height": 800})
    for address in (f"{HOME}members", f"{HOME}teams/{team.name}"):
        page.goto(address)
        row = page.locator("tr", has_text=name)
        shown, action = (
            row.locator(part).bounding_box() for part in (".person", ".cell-action :is(a, button)")
        )
        assert shown["x"] + shown["width"] <= action["x"], address
