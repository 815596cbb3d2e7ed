"""The page of a collection: its versions, narrowed and sorted by the address."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from registries.operations.collections import edit_collection
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import COLLECTION, Browser, Page
from tests.things import link, log, put


def versions_on(page: Page) -> list[str]:
    rows = page.root.one(id="versions").all("th", class_="cell-lead")
    return [row.all("a")[0].text for row in rows]


def test_versions_come_newest_or_oldest_first_on_every_page(registry, project, member, viewer):
    for number in range(21):
        link(member, log(member, project, str(number)).artifact, registry)
    browser = Browser(viewer)
    assert versions_on(browser.get("collection", **COLLECTION))[0] == "v20"
    page = browser.get("collection", {"sort": "oldest"}, **COLLECTION)
    assert versions_on(page) == [f"v{number}" for number in range(20)]
    further = page.root.one("nav", class_="pager").all("a")[-1].attributes["href"]
    rest = QueryDict(further[1:]).dict()
    part = browser.get("collection", rest, part="versions", **COLLECTION)
    assert versions_on(part) == ["v20"]
    assert versions_on(browser.get("collection", {"sort": "x"}, **COLLECTION))[0] == "v20"


def test_versions_are_narrowed_by_alias_and_number(registry, project, member, viewer):
    first, second, third = (
        link(member, log(member, project, text).artifact, registry) for text in "abc"
    )
    put(member, first, "candidate-a")
    put(member, third, "candidate-c")
    browser = Browser(viewer)
    wanted = {"filter": "candidate", "sort": "oldest"}
    assert versions_on(browser.get("collection", wanted, **COLLECTION)) == ["v0", "v2"]
    number = {"filter": second.label}
    assert versions_on(browser.get("collection", number, **COLLECTION)) == ["v1"]


def test_a_tag_no_database_could_keep_is_none_to_take_off(collection, member):
    edit_collection(caller_of(member), collection, add_tags=["a"])
    browser = Browser(member)
    browser.get("collection", **COLLECTION)  # notes in the session where the member looked last
    with nothing_changes():
        answer = browser.client.post(
            reverse("collection-tags", kwargs=COLLECTION), {"removed": ["a\x00b", "b"]}
        )
    assert answer.status_code == 303
    browser.post("collection-tags", {"removed": "a"}, **COLLECTION)
    assert not collection.tags.exists()
