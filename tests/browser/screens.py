"""What a person finds on the pages, by the words they read there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HOME = "/orgs/smle-reg/"
REGISTRY = f"{HOME}registry/Model"
SETTINGS = f"{REGISTRY}/settings"
COLLECTION = f"{REGISTRY}/collections/Zoo_Classifier_Models"
V0, V1 = f"{COLLECTION}/versions/v0", f"{COLLECTION}/versions/v1"

# Colours of the light theme, as the browser computes them.
ORANGE, GRAY = "rgb(255, 230, 204)", "rgb(230, 233, 233)"


def ends_with(address: str) -> re.Pattern[str]:
    """For `expect(page).to_have_url()`: this page, whatever follows # or ?."""
    return re.compile(rf"{re.escape(address)}([?#].*)?$")


def badge(where: Page | Locator, name: str) -> Locator:
    """An alias, protected or not, by its whole name."""
    return where.locator(".badge").filter(has_text=re.compile(rf"^\s*(protected )?{name}\s*$"))


def expect_orange(badge: Locator) -> None:
    expect(badge).to_be_visible()
    expect(badge).to_have_css("background-color", ORANGE)
    expect(badge.locator("svg use[href$='#lock']")).to_have_count(0)


def expect_gray_with_lock(badge: Locator) -> None:
    """The colour alone is no sign: a lock is drawn, and the word is there for who sees neither."""
    expect(badge).to_be_visible()
    expect(badge).to_have_css("background-color", GRAY)
    expect(badge.locator("svg use[href$='#lock']")).to_have_count(1)
    expect(badge).to_contain_text("protected")


def aliases_field(page: Page) -> Locator:
    """What the version carries: not the popover beside the word, which shows badges too."""
    return page.locator("#version-aliases")


def history(page: Page) -> Locator:
    return page.get_by_role("region", name="History", exact=True)


def said(page: Page) -> Locator:
    """What was done, at the bottom right."""
    return page.get_by_role("status")


def plus(page: Page) -> Locator:
    """The + beside Aliases."""
    return page.get_by_label("Add alias", exact=True)


def popover(page: Page) -> Locator:
    """The one that is open."""
    return page.locator("details.popover[open] .popover__panel")


def add_alias(page: Page, name: str) -> None:
    """Through +, which is opened if it is closed."""
    field = page.get_by_label(re.compile(r"^Add an alias to v\d+$"))
    if not field.is_visible():
        plus(page).click()
    field.fill(name)
    popover(page).get_by_role("button", name="Add", exact=True).click()


def remove_button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Remove alias {name}", exact=True)


def question(page: Page, heading: str) -> Locator:
    """The dialog, or without script the page, that asks before it is done."""
    box = page.locator(".dialog").filter(has=page.get_by_role("heading", name=heading))
    expect(box).to_be_visible()
    return box


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def row(where: Page | Locator, text: str) -> Locator:
    return where.get_by_role("row").filter(has_text=text)


def expect_refused(page: Page, sentence: str) -> None:
    """Said where the person is: in the page, or on a page of its own."""
    expect(page.get_by_role("main")).to_contain_text(sentence)


def choose_source(page: Page, label: str, start: str) -> None:
    """One step to what is linked; without script it is sent with the button below."""
    field = page.get_by_label(label, exact=True)
    option = field.locator("option", has_text=start).first
    field.select_option(option.get_attribute("value"))
    step = page.get_by_role("button", name="Next")
    if step.count():
        step.click()
    expect(page.get_by_role("button", name="Link version")).to_be_visible()
