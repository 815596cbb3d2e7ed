"""“Put back” on a row of the history: offered to who may, asked about when protected."""

from __future__ import annotations

import pytest
from django.urls import reverse

from registries.models import Event
from registries.operations.aliases import add_aliases, remove_aliases
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import aliases_of, put


@pytest.fixture
def moved(version, second_version, protected_version, member):
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    return at("candidate")


def address(place):
    return reverse("put-back", kwargs=place)


def at(alias):
    return COLLECTION | {"event": Event.objects.filter(alias=alias).latest("pk").pk}


def visiting(user):
    """After a first visit, which notes the organization in the session."""
    browser = Browser(user)
    browser.get("home", organization="smle-reg")
    return browser


def offered(page):
    texts = [button.text for button in page.root.all("button")]
    return [text for text in texts if text.startswith(("Put ", "Take "))]


def test_the_last_change_of_each_alias_is_offered_to_who_may_undo_it(moved, admin, member, viewer):
    latest, candidate = "Put latest back on v0", "Put candidate back on v0"
    shown = {
        user.username: offered(Browser(user).get("collection-history", **COLLECTION))
        for user in (admin, member, viewer)
    }
    assert shown["member"] == [candidate, latest]
    assert sorted(shown["admin-of-model"]) == sorted([candidate, "Take production off v0", latest])
    assert shown["viewer"] == []


def test_of_many_removals_of_one_alias_the_last_alone_is_offered(
    moved, version, second_version, member
):
    by = caller_of(member)
    remove_aliases(by, second_version, ["candidate"])
    put(member, version, "candidate", "other")
    remove_aliases(by, version, ["candidate", "other"])
    for page, at_page in (("collection-history", COLLECTION), ("registry-history", CORE)):
        shown = offered(Browser(member).get(page, **at_page))
        assert sorted(text for text in shown if "latest" not in text) == [
            "Put candidate back on v0",
            "Put other back on v0",
        ]


def test_one_click_moves_it_back_and_leads_to_the_same_filter(moved, member, collection):
    browser = Browser(member)
    page = browser.client.post(address(moved) + "?alias=cand")
    assert page.status_code == 303
    assert page["Location"].endswith("/history?alias=cand")
    assert aliases_of(collection)["candidate"] == "v0"


def test_htmx_gets_the_history_anew_and_what_was_said(moved, member):
    page = Browser(member).post("put-back", part="history", **moved)
    assert page.root.all(id="history")
    assert not page.is_whole
    assert page.toasts() == ["candidate moved from v1 to v0."]


def test_from_the_history_of_the_registry_it_leads_back_there(moved, member, registry):
    browser = Browser(member)
    assert "Put candidate back on v0" in offered(browser.get("registry-history", **CORE))
    page = browser.client.post(address(moved) + "?of=registry")
    assert page["Location"] == "/orgs/smle-reg/registry/Model/history"


def test_a_protected_alias_asks_once_more(moved, admin, collection):
    browser, place = visiting(admin), at("production")
    with nothing_changes():
        asked = browser.post("put-back", part="history", **place)
    assert "Take “production” off v0?" in asked.text
    without_script = browser.client.post(address(place))
    assert without_script.status_code == 303
    question = browser.get("put-back", **place)
    assert question.is_whole
    assert question.values("confirmed") == ["yes"]
    assert browser.post("put-back", {"confirmed": "yes"}, **place).status == 303
    assert "production" not in aliases_of(collection)


def test_an_outdated_row_says_so_and_where_to_look(moved, member, version):
    add_aliases(caller_of(member), version, ["candidate"])
    browser = visiting(member)
    with nothing_changes():
        page = browser.post("put-back", **moved)
    assert page.status == 409
    assert page.root.one("h1").text == "Changed meanwhile"
    assert "“candidate” has changed since then" in page.text
    assert page.root.one(
        "a", href="/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/history"
    )
    with nothing_changes():
        assert browser.post("put-back", part="history", **moved).status == 409


def test_what_is_no_change_of_an_alias_has_no_such_address(moved, member):
    linked = Event.objects.filter(kind="version.linked", collection__name="Zoo_Classifier_Models")
    place = COLLECTION | {"event": linked.latest("pk").pk}
    assert Browser(member).post("put-back", **place).status == 404
    assert Browser(member).post("put-back", **COLLECTION | {"event": 2**70}).status == 404
