"""The browser the walks are made in: every site page, and nothing a page does wrong unseen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.operations.people import create_user
from tests.browser.conftest import Complaints

REFUSED_BY_THE_POLICY = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    return window.ran === true;
}"""


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_sign_in_page_is_shown_in_both_themes(page, color_scheme):
    page.goto("/accounts/login/")
    assert page.evaluate(
        "scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", color_scheme
    )
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_somebody_signs_in_with_a_password_and_without_javascript(page_without_javascript):
    create_user(OPERATOR, "ada", password="correct horse battery")
    page = page_without_javascript
    page.goto("/")
    page.get_by_label("Username or e-mail").fill("ada")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url("/accounts/login/?next=/")


def test_a_session_stands_for_signing_in(page, signed_in):
    signed_in(page, create_user(OPERATOR, "ada")).goto("/")
    expect(page.get_by_text("ada").first).to_be_attached()


def test_a_script_in_a_page_does_not_run_and_is_noticed(browser, live_server):
    complaints = Complaints(live_server.url)
    with browser.new_context(base_url=live_server.url) as context:
        complaints.watch(context)
        page = context.new_page()
        page.goto("/accounts/login/")
        assert page.evaluate(REFUSED_BY_THE_POLICY) is False
    assert "Content Security Policy" in complaints.found[0]


def test_a_request_to_another_site_is_noticed(browser, live_server):
    complaints = Complaints("http://another.example")
    with browser.new_context(base_url=live_server.url) as context:
        complaints.watch(context)
        context.new_page().goto("/accounts/login/")
    assert complaints.found[0].startswith(f"another site: {live_server.url}")
