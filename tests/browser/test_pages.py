"""axe finds nothing and nothing scrolls sideways on every page there is; states of pages stand in
test_accessibility.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.architecture.pages import PAGES, address_of

PARTS = 2
# What is no page of its own: files, addresses that lead on, and pieces for a page that is open.
NO_PAGES = (
    "export-",
    "project-export-",
    "download-",
    "project-download-",
    "sdk-",
    "alias",
    "project-alias",
    "search-preview",
    "pattern-matches",
    "start",
)
# A project shows these as a registry does, from the same templates.
TWINS = (
    "project-history",
    "project-create-collection",
    "project-link-version",
    "project-collection-history",
    "project-put-back",
    "project-delete-collection",
    "project-confirm-alias",
    "project-unlink-version",
    "project-view-file",
    "project-lineage",
    "project-automations",
    "project-collection-automations",
    "project-deliveries",
)
# More crowded in test_accessibility.py.
ELSEWHERE = {
    "home",
    "create-registry",
    "registry",
    "registry-history",
    "create-collection",
    "link-version-anywhere",
    "collection",
    "collection-history",
    "link-version",
    "version",
    "unlink-version",
    "settings",
    "search",
    "registry-deliveries",
    "edit-automation",
    "delete-automation",
}
# Filters and orders of one page change nothing that is judged here.
FIRST = {page[0]: page for page in reversed(PAGES)}
SHOWN = [
    page
    for name, page in FIRST.items()
    if name not in ELSEWHERE and not name.startswith(NO_PAGES + TWINS)
]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_with_any_page_when_no_list_is_empty(judge_for, furnished, part):
    judge = judge_for(furnished.by)
    for page in SHOWN[part::PARTS]:
        address = address_of(page)
        answer = judge.page.goto(address)
        assert answer.status == 200, address
        expect(judge.page.get_by_role("searchbox")).to_have_value("")
        judge.look(address)
