"""What those see who may change nothing: no control, no download, no page at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens import (
    COLLECTION,
    HOME,
    REGISTRY,
    SETTINGS,
    V0,
    aliases_field,
    badge,
    expect_gray_with_lock,
    plus,
)

# What stands in the content of a page and changes nothing: copying, filtering, going elsewhere.
HARMLESS_BUTTONS = ("Copy snippet", "Copy path", "Copy address", "Copy digest", "Apply", "Filter")


def buttons(page) -> list[str]:
    found = page.get_by_role("main").get_by_role("button").all()
    names = [button.get_attribute("aria-label") or button.inner_text().strip() for button in found]
    return [name for name in names if name not in HARMLESS_BUTTONS]


@pytest.mark.parametrize("persona", ["viewer", "restricted_viewer"])
def test_who_may_only_read_sees_no_control(browse, request, persona, protected_version):
    page = browse(request.getfixturevalue(persona))
    for address in (REGISTRY, COLLECTION, V0, SETTINGS):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert buttons(page) == [], address
        expect(page.get_by_role("main").locator("details, form[method=post]")).to_have_count(0)
        for verb in ("Create", "Link version", "Edit", "Unlink", "Delete"):
            expect(page.get_by_role("main").get_by_role("link", name=verb)).to_have_count(0)
    page.goto(V0)
    expect(plus(page)).to_have_count(0)
    expect_gray_with_lock(badge(aliases_field(page), "production"))


def test_a_viewer_downloads_all_files_and_each(browse, viewer, version):
    page = browse(viewer)
    page.goto(V0)
    with page.expect_download() as whole:
        page.get_by_role("link", name="Download", exact=True).first.click()
    assert whole.value.suggested_filename == "Zoo_Classifier_Models-v0.zip"
    with page.expect_download() as one:
        page.get_by_role("link", name="Download zoo.csv").click()
    assert one.value.path().read_text() == "as published"


def test_a_restricted_viewer_sees_the_files_and_no_way_to_download_them(
    browse, restricted_viewer, version
):
    page = browse(restricted_viewer)
    page.goto(V0)
    expect(page.get_by_role("region", name="Files")).to_contain_text("zoo.csv")
    expect(page.get_by_role("link", name="Download")).to_have_count(0)
    expect(page.get_by_role("link", name="zoo.csv")).to_have_count(0)
    page.goto(f"{V0}/download")
    expect(page.get_by_role("main")).to_contain_text("of Model can use and download")


@pytest.mark.parametrize("persona", ["outsider", "other_admin"])
def test_an_outsider_gets_the_page_of_what_does_not_exist(browse, request, persona, version):
    page = browse(request.getfixturevalue(persona))
    texts = set()
    for address in (HOME, REGISTRY, SETTINGS, COLLECTION, V0, f"{HOME}registry/Nothing"):
        response = page.goto(address)
        assert response.status == 404, address
        texts.add(page.get_by_role("main").inner_text())
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    assert len(texts) == 1
    assert "Model" not in texts.pop()


def test_somebody_who_is_not_signed_in_is_asked_to(open_browser, has_javascript, version):
    page = open_browser(java_script_enabled=has_javascript)
    for address in (REGISTRY, V0, f"{HOME}registry/Nothing"):
        page.goto(address)
        expect(page.get_by_role("heading", name="Sign in to Waymark")).to_be_visible()
