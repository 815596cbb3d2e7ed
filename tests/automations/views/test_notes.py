"""What was given up or switched off is told to admins, on a page, until they have seen to it."""

from __future__ import annotations

import pytest

from automations.models import Note
from automations.operations.notes import note_dead, note_switched_off
from tests.registries.views.pages import Browser, Page

REGISTRY = {"organization": "smle-reg", "registry": "Model"}


@pytest.fixture
def noted(automation, webhook):
    note_dead(automation, "“tell the ci”: a message was given up. The receiver answered 500.")
    note_dead(automation, "“tell the ci”: a message was given up. The receiver answered 503.")
    note_switched_off(webhook, "ci was switched off: It has failed for 5 days.")
    return Note.objects.get(kind="dead")


def test_an_admin_reads_the_notes_and_dismisses_one(noted, admin):
    browser = Browser(admin)
    page = browser.get("notes")
    assert "2 times" in page.text
    assert "The receiver answered 503." in page.text
    assert "answered 500" not in page.text
    assert "ci was switched off: It has failed for 5 days." in page.text
    browser.post("dismiss-note", note=noted.pk)
    assert "a message was given up" not in browser.get("notes").text


def test_the_tab_and_the_page_of_automations_show_that_there_are_notes(noted, admin, member):
    page = Browser(admin).get("registry-automations", **REGISTRY)
    assert "There are notes" in page.text
    assert "The receiver answered 503." in page.text
    page = Browser(member).get("registry-automations", **REGISTRY)
    assert "There are notes" not in page.text
    assert "answered 503" not in page.text
    assert "answered 503" not in Browser(member).get("notes").text


def test_who_manages_an_integration_hears_of_it_once(noted, org_admin):
    page = Browser(org_admin).get("notes")
    assert page.text.count("It has failed for 5 days.") == 1


def test_the_tab_counts_the_automations(automation, member):
    page = Browser(member).get("registry", **REGISTRY)
    assert "Automations 1" in page.text


@pytest.mark.parametrize(
    ("page", "at", "integrations"),
    [
        ("account", {}, "/automations/integrations/member"),
        (
            "team",
            {"organization": "smle-reg", "team": "smle-reg-team-2"},
            "/automations/integrations/smle-reg-team-2",
        ),
    ],
)
def test_a_link_leads_to_the_integrations_of_a_person_and_of_a_team(
    page, at, integrations, member, team
):
    browser = Browser(member)
    assert f'href="{integrations}"' in browser.get(page, **at).source
    assert browser.get("integrations", entity=integrations.rsplit("/", 1)[1]).status == 200


def notes_on(page):
    part = page.root.one(id="notes")
    return [row.all("td")[0].text for row in part.one("tbody").all("tr")]


def test_notes_are_narrowed_and_sorted_and_dismissing_stays_there(noted, admin):
    browser = Browser(admin)
    dead, off = "The receiver answered 503.", "It has failed for 5 days."
    newest = notes_on(browser.get("notes"))
    assert (off in newest[0], dead in newest[1]) == (True, True)
    oldest = notes_on(browser.get("notes", {"sort": "oldest"}, part="notes"))
    assert oldest == newest[::-1]
    often = browser.get("notes", {"sort": "count"})
    assert dead in notes_on(often)[0]
    kind = browser.get("notes", {"kind": "switched_off"})
    assert [off in text for text in notes_on(kind)] == [True]
    page = browser.get("notes", {"filter": "ANSWERED"})
    assert [dead in text for text in notes_on(page)] == [True]
    address = page.root.one(id="notes").one("form").attributes["action"]
    left = browser.follow(Page(browser.client.post(address)))
    assert "No note matches" in left.main.text
