"""Signing in by the form, the second step, and what confirms that it is still the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "correct horse battery"


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    """Asked for before something important changes."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def code_of(secret: str) -> str:
    """What an app that was given this key shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def add_app(page: Page) -> list[str]:
    """To the account of the person who is confirmed and at the page for it. The recovery codes."""
    page.get_by_label("Code").fill(code_of(page.locator("#app-key").inner_text()))
    page.get_by_role("button", name="Add app").click()
    return page.locator("#recovery-codes").inner_text().split()


def give_device(page: Page, *, is_unlocked: bool = True) -> None:
    """One of the browser's own, which keeps passkeys and knows its owner or does not."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": is_unlocked,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
