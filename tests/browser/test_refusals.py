"""A member and the protected alias `production`: on every way in it is refused, and stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from registries.models import Event, ProtectedAlias
from registries.operations.protected_aliases import protect_aliases
from tests.browser.screens import (
    COLLECTION,
    SETTINGS,
    V0,
    V1,
    add_alias,
    aliases_field,
    badge,
    choose_source,
    expect_refused,
    plus,
    popover,
)
from tests.personas import caller_of
from tests.things import aliases_of, link, log, put

REFUSAL = "is a protected alias in Model. Only registry admins can"
AS_IT_WAS = {"latest": "v1", "production": "v0"}


@pytest.mark.parametrize("name", ["production", "gold"])
def test_it_is_refused_in_the_popover_whether_it_would_move_or_be_new(
    browse, admin, member, protected_version, second_version, name
):
    protect_aliases(caller_of(admin), second_version.collection.project.registry, ["gold"])
    page = browse(member)
    page.goto(V1)
    add_alias(page, name)
    expect_refused(page, f"“{name}” {REFUSAL}")
    page.goto(V1)
    expect(badge(aliases_field(page), name)).to_have_count(0)
    assert aliases_of(second_version.collection) == AS_IT_WAS


def test_it_is_refused_where_a_version_is_linked_and_what_was_typed_is_kept(
    browse, member, protected_version, second_version, project
):
    log(member, project, "never linked")
    page = browse(member)
    page.goto(f"{COLLECTION}/link")
    choose_source(page, "Version", "v2")
    page.get_by_role("textbox", name="Aliases").fill("candidate\nproduction")
    page.get_by_role("button", name="Link version").click()
    expect_refused(page, f"“production” {REFUSAL}")
    expect(page.get_by_role("textbox", name="Aliases")).to_have_value("candidate\nproduction")
    assert aliases_of(second_version.collection) == AS_IT_WAS
    assert second_version.collection.versions.count() == 2


def test_no_control_leads_there(browse, admin, member, protected_version, second_version):
    """Neither of its own, nor among what is offered, nor back from the history."""
    put(admin, second_version, "production")
    page = browse(member)
    page.goto(V1)
    expect(badge(aliases_field(page), "production")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("button", name="production")).to_have_count(0)
    plus(page).click()
    expect(popover(page).get_by_label("Add an alias to v1")).to_be_visible()
    expect(popover(page).get_by_role("button", name="production")).to_have_count(0)
    page.goto(f"{COLLECTION}/history")
    expect(page.get_by_role("main")).to_contain_text("moved protected production")
    expect(page.get_by_role("main").get_by_role("button", name="production")).to_have_count(0)
    page.goto(SETTINGS)
    expect(page.get_by_role("main").locator("form[method=post], details")).to_have_count(0)


def test_nothing_is_promised_while_it_is_typed(scripted, member, protected_version, second_version):
    page = scripted(member)
    page.goto(V1)
    plus(page).click()
    field, below = page.get_by_label("Add an alias to v1"), page.locator("#alias-options")
    field.fill("gone")
    expect(below).to_contain_text("Add creates it.")
    for refused in ("production", "a/b", "v7"):
        field.fill(refused)
        expect(below).to_be_empty()


@pytest.mark.parametrize("by_htmx", [False, True], ids=["as-a-form", "as-htmx"])
def test_whatever_is_sent_with_their_cookie_is_refused(
    scripted, admin, member, project, protected_version, second_version, by_htmx
):
    put(admin, second_version, "production")
    put(admin, protected_version, "production")
    move = Event.objects.filter(alias="production").latest("pk")
    free = log(member, project, "never linked")
    page = scripted(member)
    page.goto(V1)
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    for address, fields in (
        (f"{V1}/aliases", {"alias": "production", "confirmed": "yes"}),
        (f"{V0}/aliases/remove", {"alias": "production", "confirmed": "yes"}),
        (f"{COLLECTION}/link", {"source": str(free.artifact_id), "aliases": "production"}),
        (f"{COLLECTION}/history/{move.pk}/put-back", {"confirmed": "yes"}),
        (f"{V0}/unlink", {}),
        (f"{COLLECTION}/delete", {}),
        (f"{SETTINGS}/protected-aliases", {"names": "candidate"}),
        (f"{SETTINGS}/protected-aliases/remove", {"name": "production"}),
    ):
        headers = {"X-CSRFToken": token} | ({"HX-Request": "true"} if by_htmx else {})
        answer = page.request.post(address, form=fields, headers=headers, max_redirects=0)
        assert answer.status == 403, (address, answer.status)
        assert "registry admins can" in answer.text() or "Only admins of Model" in answer.text()
    assert aliases_of(second_version.collection) == AS_IT_WAS
    assert second_version.collection.versions.count() == 2
    assert ProtectedAlias.objects.get().name == "production"


def test_their_own_ways_stay_open(browse, member, protected_version, second_version, registry):
    """The refusals above are of the name, not of the person."""
    page = browse(member)
    page.goto(V0)
    add_alias(page, "candidate")
    expect(badge(aliases_field(page), "candidate")).to_be_visible()
    link(member, second_version.artifact, registry, "qa", name="Other")
    assert aliases_of(protected_version.collection) == AS_IT_WAS | {"candidate": "v0"}


def test_a_deletion_that_a_protected_alias_forbids_is_not_offered(
    browse, admin, source, protected_version
):
    logged = "/smle-reg-team-2/zoo_experiment/collections/zoo_dataset"
    page = browse(admin)
    for address in (f"{logged}/versions/v0/delete", f"{logged}/delete-artifact"):
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("A protected alias keeps it")
        expect(page.get_by_role("link", name="Cancel")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("button", name="Delete")).to_have_count(0)
