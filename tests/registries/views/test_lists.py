"""All lists of the site answer whatever stands in their address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.automation_pages import AUTOMATION_PAGES
from tests.architecture.pages import PAGES, filled
from tests.registries.views.pages import Browser, Page

NO_PAGES = ("0", "-1", "1e3", "x", "\x00", "²", "9" * 30, "1; DROP TABLE")
BEYOND = ("９" * 3, "9" * 7)


@dataclass(frozen=True)
class List:
    """A list on the page `name`: its part that HTMX asks for, and its parameters."""

    name: str
    part: str
    term: str = "filter"
    sort: str = "sort"
    page: str = "page"

    def __str__(self) -> str:
        return f"{self.part} of {self.name}"


LISTS = [
    List("home", "organization-registries"),
    List("registry", "collections"),
    List("project", "collections"),
    List("collection", "versions"),
    List("projects", "projects"),
    List("runs", "runs"),
    List("members", "members"),
    List("teams", "teams"),
    List("invitations", "open-invitations"),
    List("team", "people-list"),
    List("team", "service-account-list", "account", "account-sort", "accounts"),
    List("service-account", "key-list", "key", "key-sort", "keys"),
    List("account", "key-list", "key", "key-sort", "keys"),
    List("storage", "storage-of-teams"),
    List("settings", "member-list"),
    List("run", "run-file-list", "file", "sort", "files"),
    List("version", "version-file-list", "file", "sort", "files"),
    List("organization-automations", "automations"),
    List("registry-automations", "automations"),
    List("collection-automations", "automations"),
    List("project-automations", "automations"),
    List("organization-deliveries", "deliveries", "automation"),
    List("registry-deliveries", "deliveries", "automation"),
    List("automation", "deliveries", "alias"),
    List("notes", "notes"),
    List("integrations", "webhook-list", "webhook", "webhook-sort", "page"),
    List("integrations", "channel-list", "channel", "channel-sort", "channels"),
    List("integrations", "secret-list", "secret", "secret-sort", "secrets"),
]


@pytest.fixture
def admin_browser(furnished):
    browser = Browser(furnished.by)
    browser.get("home", organization="smle-reg")
    return browser


def at(one: List) -> dict[str, Any]:
    return filled(next(where for (name, _), (where, _) in PAGES.items() if name == one.name))


def rows(page: Page, one: List) -> list[str]:
    part = page.root.one(id=one.part)
    return [row.text for body in part.all("tbody") for row in body.all("tr")]


def test_an_unknown_order_and_an_absurd_page_show_the_list_as_it_is(admin_browser):
    for one in LISTS:
        usual = rows(admin_browser.get(one.name, **at(one)), one)
        for page in NO_PAGES:
            asked = {one.sort: "unknown", one.page: page, "role": "\x00", "state": "x" * 500}
            answer = admin_browser.get(one.name, asked, **at(one))
            assert (answer.status, rows(answer, one)) == (200, usual), f"{one}: {page!r}"


def test_a_page_beyond_the_end_is_the_last_one(admin_browser):
    for one in LISTS:
        some = bool(rows(admin_browser.get(one.name, **at(one)), one))
        for page in BEYOND:
            answer = admin_browser.get(one.name, {one.page: page}, **at(one))
            assert (answer.status, bool(rows(answer, one))) == (200, some), f"{one}: {page!r}"


def test_each_is_answered_as_a_page_and_as_a_part_of_one(admin_browser):
    for one in LISTS:
        asked = {one.term: "\x00no such thing%_\\\x00", one.sort: "newest"}
        whole = admin_browser.get(one.name, asked, **at(one))
        part = admin_browser.get(one.name, asked, part=one.part, **at(one))
        assert (whole.status, part.status) == (200, 200), one
        assert not part.is_whole, one
        assert rows(part, one) == rows(whole, one) == [], one
        cleared = part.root.one(id=one.part).all("a")
        assert [link.text for link in cleared] == ["Clear the filter"], one
        answer = admin_browser.client.get(cleared[0].attributes["href"])
        usual = rows(admin_browser.get(one.name, **at(one)), one)
        assert rows(Page(answer), one) == usual, one


def test_each_is_narrowed_by_a_form_that_needs_no_script(admin_browser):
    for one in LISTS:
        page = admin_browser.get(one.name, {one.sort: "oldest", one.term: "e"}, **at(one))
        forms = [form for form in page.main.all("form") if form.attributes.get("hx-get")]
        form = next(form for form in forms if form.attributes["hx-target"] == f"#{one.part}")
        assert form.attributes["method"] == "get"
        assert form.attributes["action"] == form.attributes["hx-get"]
        names = [field.attributes["name"] for field in form.all() if "name" in field.attributes]
        assert {one.term, one.sort} <= set(names), one
        assert all(label.text or label.all("input") for label in form.all("label")), one
        assert [b for b in form.all("button") if b.attributes.get("type") == "submit"], one


def test_no_list_with_pages_is_forgotten():
    told = {one.name for one in LISTS}
    sorted_pages = {name for name, query in PAGES if "sort=" in query}
    assert sorted_pages <= told
    assert {name for name, _ in AUTOMATION_PAGES if "automations" in name} <= told | {
        "project-collection-automations"
    }


def test_a_stranger_is_told_nothing_by_an_order(furnished):
    del furnished
    for one in LISTS:
        address = reverse(one.name, kwargs=at(one))
        assert Client().get(address, {one.sort: "newest"}).status_code == 302, one
