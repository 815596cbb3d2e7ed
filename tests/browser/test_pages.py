"""axe finds nothing and nothing scrolls sideways on every page there is; states of pages stand in
test_accessibility.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.architecture.pages import PAGES, address_of

PARTS = 4
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
SHOWN = [page for page in PAGES if not page[0].startswith(NO_PAGES + TWINS)]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_with_any_page_when_no_list_is_empty(judge_for, furnished, part):
    judge = judge_for(furnished.by)
    for page in SHOWN[part::PARTS]:
        address = address_of(page)
        answer = judge.page.goto(address)
        assert answer.status == 200, address
        searched = page[1][3:] if page[0] == "search" else ""
        expect(judge.page.get_by_role("searchbox")).to_have_value(searched.partition("&")[0])
        judge.look(address)
