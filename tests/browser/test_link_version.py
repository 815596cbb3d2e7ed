"""Linking a version: what was typed stays, and what is refused is where the focus is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens import COLLECTION, REGISTRY, choose_source

SOURCE = "link?team=smle-reg-team-2&project=zoo_experiment&artifact=zoo_dataset"


@pytest.fixture
def page(scripted, member, second_version, project):
    return scripted(member)


def test_choosing_another_version_keeps_what_was_typed(page):
    page.goto(f"{REGISTRY}/{SOURCE}&version=v1")
    page.get_by_label("Collection", exact=True).fill("Another")
    page.get_by_role("textbox", name="Aliases").fill("candidate\nbest")
    choose_source(page, "Version", "v0")
    expect(page.get_by_text("zoo_dataset:v0")).to_be_visible()
    expect(page.get_by_label("Collection", exact=True)).to_have_value("Another")
    expect(page.get_by_role("textbox", name="Aliases")).to_have_value("candidate\nbest")


def test_choosing_another_artifact_keeps_what_was_typed(page):
    page.goto(f"{REGISTRY}/{SOURCE}&version=v1")
    page.get_by_label("Collection", exact=True).fill("Another")
    page.get_by_label("Version", exact=True).select_option("")
    expect(page.get_by_role("button", name="Link version")).to_have_count(0)
    choose_source(page, "Version", "v0")
    expect(page.get_by_label("Collection", exact=True)).to_have_value("Another")


def test_another_version_is_chosen_before_a_collection_is(page):
    page.goto(f"{REGISTRY}/{SOURCE}&version=v1")
    choose_source(page, "Version", "v0")
    expect(page.get_by_text("zoo_dataset:v0")).to_be_visible()


def test_a_refusal_that_belongs_to_no_field_has_the_focus(page):
    page.goto(f"{COLLECTION}/{SOURCE}&version=v1")
    page.locator("[name=source]").evaluate("field => { field.value = '0' }")
    page.get_by_role("button", name="Link version").click()
    expect(page.get_by_text("Nothing was linked. Choose a version to link.")).to_be_visible()
    expect(page.locator("[data-focus]")).to_be_focused()
