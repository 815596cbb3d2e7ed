"""A form that was open while somebody else saved: nothing of theirs is overwritten unseen."""

from __future__ import annotations

import pytest

from registries.models import Registry
from registries.operations.registries import create_registry, edit_registry
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import Browser

ANIMALS = {"organization": "smle-reg", "registry": "Animals"}


@pytest.fixture
def animals(admin, registry):
    by = caller_of(admin)
    made = create_registry(by, registry.organization, "Animals", description="All\nof them.")
    return edit_registry(by, made, default_role="member")


@pytest.fixture
def browser(admin, animals):
    browser = Browser(admin)
    browser.get("home", organization="smle-reg")
    return browser


def general_form(page, **typed):
    """What a browser sends: every field of the form, and what each showed."""
    section = page.root.one(id="general")
    sent = {
        node.attributes["name"]: node.attributes["value"]
        for node in section.all("input")
        if "checked" in node.attributes or node.attributes.get("type") != "radio"
        if "name" in node.attributes
    }
    sent["description"] = section.one("textarea").raw_text.removeprefix("\n")
    roles = section.one("select").all("option")
    chosen = [role.attributes["value"] for role in roles if "selected" in role.attributes]
    sent["default_role"] = chosen[0]
    return {name: text.replace("\n", "\r\n") for name, text in (sent | typed).items()}


def stored(animals):
    fresh = Registry.objects.select_related("project").get(pk=animals.pk)
    return fresh.default_role, fresh.visibility, fresh.project.description


def test_a_default_role_that_was_lowered_is_not_given_back_by_an_older_page(
    browser, admin, animals
):
    page = browser.get("settings", **ANIMALS)
    edit_registry(caller_of(admin), animals, default_role="viewer")
    saved = browser.post("settings-general", general_form(page, description="New."), **ANIMALS)
    assert saved.status == 303
    assert stored(animals) == ("viewer", "organization", "New.")


def test_a_page_that_was_not_changed_saves_nothing(browser, animals):
    page = browser.get("settings", **ANIMALS)
    with nothing_changes():
        saved = browser.post("settings-general", general_form(page), part="general", **ANIMALS)
    assert saved.status == 204


def test_a_description_saved_meanwhile_is_shown_beside_the_one_typed(browser, admin, animals):
    page = browser.get("settings", **ANIMALS)
    edit_registry(caller_of(admin), animals, description="By <mira>.", default_role="viewer")
    with nothing_changes():
        again = browser.post("settings-general", general_form(page, description="Mine."), **ANIMALS)
    assert again.status == 409
    assert again.errors() == {
        "description": "The description has changed since this page was shown. "
        "Nothing was saved. Save again to replace it."
    }
    assert again.values("description") == ["Mine."]
    assert "Stored now By <mira>." in again.text
    saved = browser.post("settings-general", general_form(again), **ANIMALS)
    assert saved.status == 303
    assert stored(animals) == ("viewer", "organization", "Mine.")


def test_each_field_that_changed_meanwhile_is_told_of(browser, admin, animals):
    page = browser.get("settings", **ANIMALS)
    typed = {"description": "Mine.", "default_role": "restricted_viewer"}
    edit_registry(caller_of(admin), animals, description="Theirs.", default_role="viewer")
    with nothing_changes():
        first = browser.post("settings-general", general_form(page, **typed), **ANIMALS)
        second = browser.post("settings-general", general_form(first), **ANIMALS)
    assert list(first.errors()) == ["description"]
    assert second.errors() == {
        "default_role": "The default role has changed since this page was shown: "
        "it is Viewer now. Nothing was saved. Save again to replace it."
    }
    assert browser.post("settings-general", general_form(second), **ANIMALS).status == 303
    assert stored(animals) == ("restricted_viewer", "organization", "Mine.")


def test_a_form_that_was_refused_still_knows_what_it_showed(browser, admin, animals):
    page = browser.get("settings", **ANIMALS)
    typed = general_form(page, description="Mine.", name="a?b")
    refused = browser.post("settings-general", typed, **ANIMALS)
    assert list(refused.errors()) == ["name"]
    edit_registry(caller_of(admin), animals, description="Theirs.")
    with nothing_changes():
        again = browser.post("settings-general", general_form(refused, name="Birds"), **ANIMALS)
    assert list(again.errors()) == ["description"]
