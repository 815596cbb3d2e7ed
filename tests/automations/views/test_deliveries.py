"""The console: what was sent, what came back, sent again."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest

from accounts.operations.teams import add_to_team
from artifacts.operations.projects import create_project
from automations.actions import CallWebhook
from automations.models import Delivery
from automations.operations.automations import create_automation, edit_automation
from automations.operations.integrations import create_webhook, edit_webhook, switch_off
from registries.operations.projects import delete_project
from registries.operations.registries import create_registry, delete_registry
from tests.automations.receivers import always, answer_with
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.registries.views.pages import CORE, Browser
from tests.things import link, log, put


@pytest.fixture
def browser(member):
    browser = Browser(member)
    browser.get("home", organization="smle-reg")
    return browser


@pytest.fixture
def told(second_version, automation, member):
    """`production` was added to v1, and waits."""
    put(member, second_version, "production")
    return Delivery.objects.get()


def messages(browser, **query):
    page = browser.get("registry-deliveries", query, **CORE)
    return [row.text for row in page.root.one("tbody").all("tr")] if page.root.all("tbody") else []


def test_a_message_is_pending_then_delivered_and_the_page_stops_looking(browser, told, automation):
    waiting = browser.get("automation", automation=automation.pk)
    part = waiting.root.one("div", id="deliveries")
    assert part.attributes["hx-trigger"] == "every 1s"
    assert "Pending" in part.text
    deliver()
    after = browser.get("automation", part="deliveries", automation=automation.pk)
    part = after.root.one("div", id="deliveries")
    assert "hx-trigger" not in part.attributes
    assert "Delivered" in part.text
    assert "member added the alias production to Model / Zoo_Classifier_Models / v1" in part.text


def test_request_and_answer_are_shown_without_secrets(browser, told, receiver, signing_value):
    receiver.answer = always(200, b'{"token-of-the-ci": "echoed"}')
    deliver()
    page = browser.get("delivery", delivery=told.pk)
    assert told.webhook_id in page.text
    assert '"alias": "production"' in page.text
    assert "curl -X POST" in page.text
    assert "token-of-the-ci" not in page.source
    assert signing_value not in page.source
    assert "echoed" in page.text


def test_the_address_of_a_webhook_is_for_those_who_manage_it(browser, told, org_admin, receiver):
    deliver()
    page = browser.get("delivery", delivery=told.pk)
    origin = receiver.url.removesuffix("/hook")
    assert f"POST {origin}/••••••••" in page.text
    assert f"curl -X POST '{origin}/••••••••'" in page.text
    assert receiver.url not in page.source
    assert f"POST {receiver.url}" in Browser(org_admin).get("delivery", delivery=told.pk).text


@pytest.mark.parametrize(
    "path",
    [
        "/T0K3N-it-is",
        "/hooks/T0K3N-of-nobody-else",
        "/in?key=T0K3N-of-nobody-else&x=1",
        "/T0K3N%2Fé",
    ],
)
def test_what_a_receiver_repeats_of_its_address_is_not_shown(
    browser, told, automation, webhook, receiver, org_admin, path
):
    def answer(handler, got):
        repeated = [
            got.path,
            got.path.partition("?")[0],
            got.path.rpartition("/")[2],
            unquote(got.path),
        ]
        body = f"<pre>Cannot POST {' '.join(repeated)}</pre>".encode()
        answer_with(handler, 404, body, Location=f"http://other.example{got.path}")

    receiver.answer = answer
    url = receiver.url.removesuffix("/hook") + path
    edit_webhook(caller_of(org_admin), webhook, url=url)
    deliver()
    shown = [browser.get("delivery", delivery=told.pk)]
    shown.append(browser.post("test-automation", automation=automation.pk))
    for page in shown:
        assert "Cannot POST ••••••••" in page.text
        assert "T0K3N" not in page.source
    assert "Location: http://other.example••••••••" in shown[0].text
    assert f"POST {url}" in Browser(org_admin).get("delivery", delivery=told.pk).text


def test_a_message_leads_who_manages_its_webhook_to_the_check_of_signatures(
    browser, told, org_admin
):
    page = Browser(org_admin).get("delivery", delivery=told.pk)
    address = f"/automations/integrations/smle-reg/webhooks/{told.integration_id}/signature"
    assert page.root.one("a", href=address).text == "Check a signature"
    assert "Check a signature" not in browser.get("delivery", delivery=told.pk).text


def test_an_answer_that_is_no_text_is_shown_as_it_came(browser, told, receiver, automation):
    receiver.answer = always(200, b'{"half": "\\ud800"}')
    deliver()
    assert '{"half": "\\ud800"}' in browser.get("delivery", delivery=told.pk).text
    tried = browser.post("test-automation", automation=automation.pk)
    assert '{"half": "\\ud800"}' in tried.text


def test_what_fails_says_when_it_is_tried_next(browser, told, receiver):
    receiver.answer = always(500, b"broken")
    deliver()
    (row,) = messages(browser)
    assert "Retrying" in row
    assert "500 in" in row
    assert "next try" in row
    assert "broken" in browser.get("delivery", delivery=told.pk).text


def test_a_state_has_one_name_wherever_it_is_told(browser, told, receiver):
    receiver.answer = always(500, b"broken")
    deliver()
    page = browser.get("automation", automation=told.automation_id)
    words = [option.text for option in page.root.one("select", id="delivery-state").all("option")]
    assert words[1:] == [
        "Pending",
        "Retrying",
        "Delivered",
        "Given up",
        "Cancelled",
        "Nothing to send",
    ]
    lists = [browser.get("registry-automations", organization="smle-reg", registry="Model"), page]
    for shown in lists:
        assert "Retrying" in [node.text for node in shown.root.all("span", class_="state")]
    assert messages(browser, state="pending") == []
    assert len(messages(browser, state="retrying")) == 1
    Delivery.objects.update(state=Delivery.State.NOTHING)
    (row,) = messages(browser, state="nothing")
    assert row.startswith("Nothing to send")


def test_what_waits_for_a_receiver_that_wants_a_pause_says_so(
    browser, told, receiver, member, second_version
):
    receiver.answer = always(429, Retry_After="7300")
    deliver()
    put(member, second_version, "staging")
    waiting = Delivery.objects.get(alias="staging")
    page = browser.get("delivery", delivery=waiting.pk)
    assert "Next try in 2 h" in page.root.one("dl", id="delivery-facts").text


def test_a_message_that_waits_looks_again_and_leaves_its_attempts_alone(browser, told, receiver):
    receiver.answer = always(500, b"broken")
    deliver()
    page = browser.get("delivery", delivery=told.pk)
    facts = page.root.one("dl", id="delivery-facts")
    assert facts.attributes["hx-get"] == f"/automations/deliveries/{told.pk}?seen=1"
    part = browser.get("delivery", {"seen": "1"}, part="delivery-facts", delivery=told.pk)
    assert "Next try" in part.text
    assert "broken" not in part.text
    receiver.answer = None
    browser.post("send-again", delivery=told.pk)
    deliver()
    part = browser.get("delivery", {"seen": "1"}, part="delivery-facts", delivery=told.pk)
    assert part.headers["HX-Retarget"] == "#delivery"
    assert "Attempt 2" in part.text
    assert "hx-get" not in part.root.one("dl", id="delivery-facts").attributes


def test_messages_are_filtered_by_state_alias_automation_and_day(
    browser, told, member, second_version
):
    deliver()
    put(member, second_version, "staging")
    assert len(messages(browser)) == 2
    assert len(messages(browser, state="delivered")) == 1
    assert len(messages(browser, state="pending")) == 1
    assert len(messages(browser, alias="staging")) == 1
    assert len(messages(browser, automation="CI")) == 2
    assert messages(browser, automation="nothing-like-it") == []
    assert messages(browser, until="2001-01-01") == []
    assert len(messages(browser, since="2001-01-01", until="nonsense")) == 2


def test_the_oldest_messages_come_first_where_that_is_asked(
    browser, told, member, second_version, automation
):
    put(member, second_version, *(f"try-{number:02}" for number in range(21)))
    oldest = messages(browser, sort="oldest")
    assert len(oldest) == 20
    assert "alias production to" in oldest[0]
    rest = messages(browser, sort="oldest", page="2")
    assert len(rest) == 2
    assert rest == messages(browser)[1::-1]
    part = browser.get(
        "automation", {"sort": "oldest"}, part="deliveries", automation=automation.pk
    )
    assert "alias production to" in part.root.one("tbody").all("tr")[0].text
    alias = messages(browser, sort="oldest", alias="try-20")
    assert len(alias) == 1


def test_what_an_automation_told_before_it_moved_stays_with_the_home_it_was_in(
    browser, version, second_source, registry, restricted_registry, webhook, member, org_admin
):
    by = caller_of(org_admin)
    moved = create_automation(
        by, restricted_registry.project, "moved", "alias.added", CallWebhook(webhook)
    )
    put(org_admin, link(org_admin, second_source.artifact, restricted_registry), "hidden")
    edit_automation(by, moved, scope=registry.project)
    put(member, version, "candidate")
    (row,) = browser.get("automation", automation=moved.pk).root.one("tbody").all("tr")
    assert "candidate" in row.text
    before = {"organization": "smle-reg", "registry": restricted_registry.name}
    page = Browser(org_admin).get("registry-deliveries", {"alias": "hidden"}, **before)
    assert len(page.root.one("tbody").all("tr")) == 1


def test_the_name_of_an_automation_is_not_told_where_it_was_before(
    browser, told, automation, restricted_registry, org_admin
):
    deliver()
    home = restricted_registry.project
    edit_automation(caller_of(org_admin), automation, scope=home, name="merge with Acme")
    assert browser.get("automation", automation=automation.pk).status == 404
    (row,) = messages(browser)
    assert "An automation that moved" in row
    assert messages(browser, automation="acme") == []
    page = browser.get("delivery", delivery=told.pk)
    for shown in (browser.get("registry-deliveries", **CORE), page):
        assert "Acme" not in shown.source
        assert f"/automations/{automation.pk}" not in shown.source
    assert "Send again" not in page.text
    answer = browser.post("send-again", delivery=told.pk)
    assert answer.status == 409
    assert "Its automation moved elsewhere" in answer.text


def test_one_is_sent_again_under_its_id(browser, told, receiver):
    deliver()
    page = browser.post("send-again", delivery=told.pk)
    assert page.headers["Location"] == f"/automations/deliveries/{told.pk}"
    assert "State Pending" in browser.follow(page).text
    deliver()
    assert receiver.ids() == [told.webhook_id] * 2


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
def test_all_that_failed_since_a_time_are_sent_again(browser, told, receiver, automation, form):
    Delivery.objects.filter(pk=told.pk).update(state="dead", finished_at=told.created_at)
    for wrong in ("x", "", "2026-01-01T00:00+14:00"):
        refused = browser.post("send-failed-again", {"since": wrong}, automation=automation.pk)
        assert (refused.status, receiver.got) == (422, [])
    later = {"since": f"{told.created_at + timedelta(minutes=1):%Y-%m-%dT%H:%M}"}
    page = browser.post("send-failed-again", later, automation=automation.pk)
    assert "0 messages sent again." in browser.follow(page).toasts()
    since = {"since": told.created_at.strftime(form)}
    page = browser.post("send-failed-again", since, automation=automation.pk)
    assert "1 message sent again." in browser.follow(page).toasts()
    deliver()
    assert receiver.ids() == [told.webhook_id]


def test_what_a_webhook_missed_that_is_off_is_told(browser, told, org_admin, webhook):
    switch_off(caller_of(org_admin), webhook)
    page = browser.post("registry-send-all-failed-again", {"since": "2001-01-01"}, **CORE)
    said = "0 messages sent again. What ci missed stays: switch it on first."
    assert said in browser.follow(page).toasts()
    told.refresh_from_db()
    assert told.state == "dead"


def test_a_test_shows_the_answer_at_once(browser, automation, receiver, org_admin, webhook):
    receiver.answer = always(202, b"thanks")
    page = browser.post("test-automation", part="dialog", automation=automation.pk)
    assert "It works. The answer was 202" in page.text
    assert "thanks" in page.text
    at = {"entity": "smle-reg", "integration": webhook.pk}
    whole = Browser(org_admin).post("test-integration", **at)
    assert whole.is_whole
    assert "It works." in whole.text
    receiver.answer = always(500)
    failed = Browser(org_admin).post("test-integration", part="dialog", **at)
    assert "The answer was 500" in failed.notices()[0]
    assert Delivery.objects.count() == 0


def test_who_may_only_read_sees_the_automation_and_no_message(told, viewer, automation):
    page = Browser(viewer).get("automation", automation=automation.pk)
    assert "Messages, with their requests and answers, are for members and admins" in page.text
    assert not page.root.all("div", id="deliveries")
    assert Browser(viewer).get("delivery", delivery=told.pk).status == 404


def test_an_automation_that_is_off_says_so_and_is_switched_on(browser, automation, member):
    edit_automation(caller_of(member), automation, enabled=False)
    assert "Off" in browser.get("registry-automations", **CORE).text
    browser.post("switch-automation", {"on": "yes"}, automation=automation.pk)
    automation.refresh_from_db()
    assert automation.enabled


def test_messages_of_a_deleted_registry_are_shown_to_admins_of_the_organization(
    organization, webhook, receiver, member, org_admin, source
):
    by, at = caller_of(org_admin), {"organization": organization.name}
    registry = create_registry(by, organization, "Short-lived")
    create_automation(by, registry.project, "tell", "alias.added", CallWebhook(webhook))
    put(org_admin, link(org_admin, source.artifact, registry), "gone")
    deliver()
    delete_registry(by, registry)
    leader = Browser(org_admin)
    page = leader.get("organization-automations", **at)
    assert page.root.one("a", href="/orgs/smle-reg/messages")
    assert "Messages of deleted" not in Browser(member).get("organization-automations", **at).text
    page = leader.get("organization-deliveries", {"alias": "gone"}, **at)
    [row] = page.root.one("tbody").all("tr")
    assert "Short-lived" in row.text
    assert [a.attributes["href"] for a in row.all("a")] == [
        f"/automations/deliveries/{Delivery.objects.get(alias='gone').pk}"
    ]
    message = leader.client.get(row.one("a").attributes["href"])
    assert "Short-lived" in message.content.decode()
    assert "Send again" not in message.content.decode()
    told = Delivery.objects.get(alias="gone")
    assert leader.post("send-again", delivery=told.pk).status == 409
    assert set(receiver.ids()) == {one.webhook_id for one in Delivery.objects.all()}
    assert receiver.ids().count(told.webhook_id) == 1
    assert Browser(member).get("organization-deliveries", **at).status == 403
    assert Browser(member).get("delivery", delivery=told.pk).status == 404
    none = leader.get("organization-deliveries", {"alias": "other"}, **at)
    assert "No messages of this kind" in none.main.text


def test_messages_of_a_deleted_project_are_shown_to_who_leads_its_team(
    organization, team, project, source, webhook, receiver, member, admin, org_admin
):
    at, tell = {"organization": organization.name}, CallWebhook(webhook)
    create_automation(caller_of(member), project, "tell", "alias.added", tell)
    put(member, source, "gone")
    told = Delivery.objects.get(alias="gone")
    add_to_team(caller_of(org_admin), team, admin, "admin")
    delete_project(caller_of(org_admin), project, delete_aliases=True)
    deliver()
    for leader in (Browser(org_admin), Browser(admin)):
        page = leader.get("delivery", delivery=told.pk)
        assert page.status == 200
        assert "zoo_experiment" in page.text
    assert Browser(member).get("delivery", delivery=told.pk).status == 404
    page = Browser(org_admin).get("organization-deliveries", {"alias": "gone"}, **at)
    [row] = page.root.one("tbody").all("tr")
    assert "zoo_experiment" in row.text
    assert Browser(admin).get("organization-deliveries", **at).status == 403


def test_messages_of_ones_own_deleted_project_stay_ones_own(
    receiver, member, other_admin, org_admin, organization
):
    by = caller_of(member)
    own = create_project(by, member.entity, "own")
    webhook = create_webhook(by, member.entity, "own", receiver.url).integration
    create_automation(by, own, "tell", "alias.added", CallWebhook(webhook))
    put(member, log(member, own, "mine"), "gone")
    told = Delivery.objects.get(alias="gone")
    delete_project(by, own, delete_aliases=True)
    deliver()
    page = Browser(member).get("delivery", delivery=told.pk)
    assert page.status == 200
    assert f"/projects?owner={member.entity.name}" in page.source
    for other in (org_admin, other_admin):
        assert Browser(other).get("delivery", delivery=told.pk).status == 404
