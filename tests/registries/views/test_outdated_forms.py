"""A form that was open while somebody else saved: nothing of theirs is overwritten unseen."""

from __future__ import annotations

import json

import pytest

from registries.models import Registry
from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.registries import (
    accept_types,
    accepted_types_of,
    create_registry,
    edit_registry,
)
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import COLLECTION, Browser

ANIMALS = {"organization": "smle-reg", "registry": "Animals"}
VERSION = COLLECTION | {"number": 1}


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


def types_form(page, **typed):
    section = page.root.one(id="types")
    sent = {node.attributes["name"]: node.attributes["value"] for node in section.all("input")[:2]}
    sent.pop("csrfmiddlewaretoken", None)
    chosen = [node for node in section.all("input", type="radio") if "checked" in node.attributes]
    sent |= {"types": chosen[0].attributes["value"]}
    return sent | {"type_names": section.one("textarea").raw_text.removeprefix("\n")} | typed


@pytest.mark.parametrize("part", ["", "types"])
@pytest.mark.parametrize(
    ("shown", "meanwhile", "typed", "now"),
    [
        (["model"], None, {"type_names": "dataset"}, "“All types”"),
        (None, ["model"], {}, "“Only these types”"),
    ],
)
def test_accepted_types_that_were_opened_or_narrowed_meanwhile_stay_so_until_saved_again(
    shown, meanwhile, typed, now, part, browser, admin, animals
):
    by = caller_of(admin)
    accept_types(by, animals, shown)
    page = browser.get("settings", **ANIMALS)
    accept_types(by, animals, meanwhile)
    with nothing_changes():
        again = browser.post("settings-types", types_form(page, **typed), part=part, **ANIMALS)
    assert again.status == 409
    assert (
        "The choice of accepted types has changed since this page was shown: "
        f"it is {now} now. Nothing was saved. Save again to replace it."
    ) in again.notices()
    body = types_form(again)
    assert body["types"] == ("all" if shown is None else "list")
    assert body["type_names"] == typed.get("type_names", "")
    assert browser.post("settings-types", body, **ANIMALS).status == 303
    expected = None if shown is None else ["dataset", "model"]
    assert accepted_types_of(Registry.objects.get(pk=animals.pk)) == expected


def test_two_who_add_to_a_list_of_types_both_have_theirs_on_it(browser, admin, animals):
    by = caller_of(admin)
    accept_types(by, animals, ["model"])
    page = browser.get("settings", **ANIMALS)
    accept_types(by, animals, ["report"])
    body = types_form(page, type_names="dataset")
    assert browser.post("settings-types", body, **ANIMALS).status == 303
    animals.refresh_from_db()
    assert accepted_types_of(animals) == ["dataset", "model", "report"]


def test_names_typed_while_all_types_are_chosen_are_not_dropped_without_a_word(
    browser, admin, animals
):
    accept_types(caller_of(admin), animals, ["model"])
    page = browser.get("settings", **ANIMALS)
    body = types_form(page, types="all", type_names="dataset")
    with nothing_changes():
        refused = browser.post("settings-types", body, **ANIMALS)
    assert refused.status == 422
    assert refused.errors() == {
        "type_names": "With “All types” no names are kept. "
        "Choose “Only these types”, or empty this."
    }
    accept_types(caller_of(admin), animals, None)
    body = types_form(refused, types="list")
    assert browser.post("settings-types", body, **ANIMALS).status == 409


def save_card(by, version, text):
    edit_collection(caller_of(by), version.collection, description=text)


def save_description(by, version, text):
    edit_version(caller_of(by), version, description=text)


def save_metadata(by, version, text):
    edit_version(caller_of(by), version, metadata=json.loads(text))


LONG_FORMS = {
    "card": ("collection", "edit-card", COLLECTION, "description", save_card),
    "description": ("version", "version-description", VERSION, "description", save_description),
    "metadata": ("version", "version-metadata", VERSION, "metadata", save_metadata),
}


@pytest.mark.parametrize("part", ["page", "fragment"])
@pytest.mark.parametrize("what", LONG_FORMS)
def test_a_text_saved_meanwhile_is_not_overwritten_unseen(
    what, part, browser, admin, member, second_version
):
    shown, name, at, field, save = LONG_FORMS[what]
    part = {"page": "", "fragment": "card" if what == "card" else name}[part]
    for before in ("", '{"by": "mira"}'):
        if before:
            save(admin, second_version, before)
        form = browser.get(shown, {"edit": what}, **at)
        save(member, second_version, '{"theirs": "<b>"}')
        body = {"seen": form.values("seen")[0], field: '{"mine": 1}'}
        with nothing_changes():
            again = browser.post(name, body, part=part, **at)
        assert again.status == 409
        assert again.errors() == {
            field: f"The {what} has changed since this page was shown. "
            "Nothing was saved. Save again to replace it."
        }
        assert again.values(field) == ['{"mine": 1}']
        assert again.root.one("pre", aria_label="What is stored now").text.replace(" ", "") == (
            '{"theirs":"<b>"}'
        )
        saved = browser.post(name, body | {"seen": again.values("seen")[0]}, part=part, **at)
        assert saved.status in {200, 303}


@pytest.mark.parametrize("what", LONG_FORMS)
def test_a_text_that_cannot_be_saved_still_knows_what_it_showed(
    what, browser, member, second_version
):
    shown, name, at, field, save = LONG_FORMS[what]
    form = browser.get(shown, {"edit": what}, **at)
    refused = browser.post(name, {"seen": form.values("seen")[0], field: "\x00"}, **at)
    assert refused.status == 422
    save(member, second_version, '{"theirs": 1}')
    body = {"seen": refused.values("seen")[0], field: '{"mine": 1}'}
    assert browser.post(name, body, **at).status == 409


@pytest.mark.parametrize("what", LONG_FORMS)
def test_a_text_that_two_people_save_alike_is_saved_once(what, browser, member, second_version):
    shown, name, at, field, save = LONG_FORMS[what]
    seen = browser.get(shown, {"edit": what}, **at).values("seen")[0]
    save(member, second_version, '{"ours": 1}')
    with nothing_changes():
        saved = browser.post(name, {"seen": seen, field: '{"ours": 1}'}, part="x", **at)
    assert saved.status == 200
