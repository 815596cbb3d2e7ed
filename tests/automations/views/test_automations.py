"""Lists of automations: narrowed, in another order, one page after the other."""

from __future__ import annotations

import pytest
from django.urls import reverse

from automations.actions import CallWebhook
from automations.operations.automations import create_automation, edit_automation
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, CORE, Browser, Page
from tests.things import put


@pytest.fixture
def several(automation, webhook, member, registry, second_version):
    """`tell the ci` was told last; of the others one is off, and one waits for a tag."""
    by = caller_of(member)
    for name, kind in (("a tag", "version.tag_added"), ("zoo", "alias.moved")):
        create_automation(by, registry.project, name, kind, CallWebhook(webhook))
    off = create_automation(by, registry.project, "off", "alias.moved", CallWebhook(webhook))
    edit_automation(by, off, enabled=False)
    put(member, second_version, "told")


def names_on(page: Page) -> list[str]:
    part = page.root.one(id="automations")
    return [link.text for link in part.all("a", class_="table__name")]


@pytest.mark.parametrize(
    ("page", "at"),
    [
        ("organization-automations", {"organization": "smle-reg"}),
        ("registry-automations", CORE),
        ("collection-automations", COLLECTION),
    ],
)
def test_automations_are_narrowed_and_sorted(several, member, page, at):
    def shown(**asked: str) -> list[str]:
        return names_on(Browser(member).get(page, asked, part="automations", **at))

    assert shown() == ["a tag", "off", "tell the ci", "zoo"]
    assert shown(sort="newest") == ["off", "zoo", "a tag", "tell the ci"]
    assert shown(sort="message") == ["tell the ci", "a tag", "off", "zoo"]
    assert shown(state="off") == ["off"]
    assert shown(state="on", filter="T", sort="newest") == ["a tag", "tell the ci"]
    none = Browser(member).get(page, {"state": "off", "filter": "zoo"}, **at)
    assert "None that is off has “zoo” in its name" in none.main.text


def test_further_pages_keep_what_narrows_and_sorts(automation, webhook, member, registry):
    for number in range(22):
        create_automation(
            caller_of(member),
            registry.project,
            f"crew {number:02}",
            "alias.moved",
            CallWebhook(webhook),
        )
    browser = Browser(member)
    first = browser.get("registry-automations", {"filter": "crew", "sort": "newest"}, **CORE)
    assert len(names_on(first)) == 20
    further = first.root.one("nav", class_="pager").all("a")[-1].attributes["href"]
    rest = Page(browser.client.get(reverse("registry-automations", kwargs=CORE) + further))
    assert names_on(rest) == ["crew 01", "crew 00"]
