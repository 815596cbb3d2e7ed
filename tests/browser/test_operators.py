"""The pages for operators, which Django draws: their theme, their times, and long names on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.callers import OPERATOR
from accounts.operations.people import create_user, set_theme
from tests.browser.judge import STICKING_OUT
from tests.personas import caller_of
from tests.things import put

DARK, LIGHT = "rgb(18, 18, 18)", "rgb(255, 255, 255)"


@pytest.fixture
def operator(db):
    return create_user(OPERATOR, "operator", is_staff=True)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_question_about_long_names_scrolls_nowhere(scripted, operator, member, version, width):
    put(member, version, *(letter * 128 for letter in "abc"))
    page = scripted(operator)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/admin/registries/alias/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(index=1)
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("link", name="Leave all as it is")).to_be_visible()
    assert page.evaluate(STICKING_OUT) is None


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(("theme", "background"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_of_the_account_holds_whatever_the_system_prefers(
    scripted, operator, theme, background
):
    set_theme(caller_of(operator), theme)
    page = scripted(operator)
    page.goto("/admin/")
    expect(page.locator("body")).to_have_css("background-color", background)


@pytest.mark.parametrize(("color_scheme", "background"), [("light", LIGHT), ("dark", DARK)])
def test_an_account_without_a_theme_follows_the_system(scripted, operator, background):
    page = scripted(operator)
    page.goto("/admin/")
    expect(page.locator("body")).to_have_css("background-color", background)


def test_each_page_says_what_zone_its_times_are_of(scripted, operator):
    page = scripted(operator)
    for address in ("/admin/", "/admin/registries/event/"):
        page.goto(address)
        expect(page.get_by_role("banner")).to_contain_text("Times are UTC.")
