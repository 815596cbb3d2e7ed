"""From nothing to a verified message, by the pages alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from queue import Queue

import pytest
from playwright.sync_api import expect
from standardwebhooks.webhooks import Webhook

from tests.automations.receivers import answer_with, receiving
from tests.automations.working import at_work
from tests.browser.screens import (
    COLLECTION,
    REGISTRY,
    V1,
    add_alias,
    badge,
    ends_with,
    plus,
    popover,
    question,
    row,
    said,
)

INTEGRATIONS = "/automations/integrations/smle-reg"
PATIENCE = 60  # seconds


@pytest.fixture
def inbox(settings):
    """Where a receiver puts what it gets, and the address of the receiver."""
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]
    got: Queue = Queue()

    def answer(handler, one):
        got.put(one)
        answer_with(handler, 200, b"got it")

    with receiving(answer) as receiver:
        yield got, receiver.url


def add_secret(page, name):
    """Made by the server; shown this once."""
    page.goto(INTEGRATIONS)
    page.locator("#add-secret-button").click()
    popover(page).get_by_label("Name").fill(name)
    popover(page).get_by_role("button", name="Generate one to sign with").click()
    value = page.locator("#made-secret").inner_text()
    assert value.startswith("whsec_")
    return value


def add_webhook(page, url):
    page.goto(INTEGRATIONS)
    page.get_by_role("link", name="Add webhook").first.click()
    page.get_by_label("Name").fill("ci")
    page.get_by_label("URL").fill(url)
    page.get_by_label("Signing secret").select_option("SIGNING")
    page.get_by_role("button", name="Add webhook").click()
    expect(said(page)).to_contain_text("“ci” saved.")


def verified(one, secret):
    """By the two ways receivers know. What is forged does not verify."""
    event = Webhook(secret).verify(one.body, one.headers)
    signature = hmac.digest(secret.encode(), one.body, hashlib.sha256)
    assert one.headers["x-wandb-signature"] == base64.b64encode(signature).decode()
    return event


def test_an_admin_tells_a_webhook_of_production(browse, org_admin, second_version, inbox):
    got, url = inbox
    page = browse(org_admin)
    secret = add_secret(page, "SIGNING")
    add_webhook(page, url)
    row(page, "ci").get_by_role("button", name="Test").click()
    question(page, "Test of ci")
    expect(page.locator(".dialog")).to_contain_text("It works. The answer was 200")
    assert verified(got.get(timeout=PATIENCE), secret)["type"] == "alias.added"
    page.goto(V1)
    plus(page).click()
    popover(page).get_by_role("link", name="Tell someone when an alias moves").click()
    page.get_by_label("Alias or tag").fill("^production$")
    page.get_by_label("Webhook", exact=True).select_option(label="ci (smle-reg)")
    page.get_by_role("textbox", name="Name").fill("Deploy production")
    page.get_by_role("button", name="Create automation").click()
    expect(said(page)).to_contain_text("Automation “Deploy production” created.")
    with at_work():
        page.goto(V1)
        add_alias(page, "production")
        event = verified(got.get(timeout=PATIENCE), secret)
        assert (event["type"], event["data"]["alias"]) == ("alias.added", "production")
        page.goto(f"{COLLECTION}/automations")
        page.get_by_role("link", name="View Deploy production").click()
        expect(page.locator("#deliveries")).to_contain_text("Delivered")
    page.get_by_role("link", name="View message").first.click()
    expect(page.get_by_role("main")).to_contain_text("got it")
    page.get_by_role("button", name="Send again").click()
    expect(said(page)).to_contain_text("It is sent again")


def test_a_slack_channel_is_told(browse, org_admin, second_version, inbox):
    got, url = inbox
    page = browse(org_admin)
    page.goto(INTEGRATIONS)
    page.get_by_role("link", name="Add channel").first.click()
    page.get_by_label("Channel").fill("#models")
    page.get_by_label("Incoming-webhook URL").fill(url)
    page.get_by_role("button", name="Add channel").click()
    page.goto(f"{REGISTRY}/automations")
    page.get_by_role("link", name="Create automation").first.click()
    page.get_by_label("Tell a Slack channel").check()
    page.get_by_label("Slack channel", exact=True).select_option(label="#models (smle-reg)")
    page.get_by_label("Title").fill("Look: ${alias}")
    page.get_by_label("Severity").select_option("WARN")
    page.get_by_role("textbox", name="Name").fill("Tell the team")
    page.get_by_role("button", name="Create automation").click()
    with at_work():
        page.goto(V1)
        add_alias(page, "production")
        expect(said(page)).to_contain_text("Tell someone when this alias moves")
        message = json.loads(got.get(timeout=PATIENCE).body)
    assert message["text"] == "Look: production"
    (attachment,) = message["attachments"]
    assert attachment["color"] == "#ecb22e"
    assert "org-admin added the alias production" in json.dumps(attachment)


def test_a_webhook_and_its_secret_are_deleted_after_a_question(browse, org_admin, inbox):
    def delete_secret():
        page.get_by_role("link", name="Delete SIGNING").click()
        box = question(page, "Delete SIGNING?")
        box.get_by_role("button", name="Delete secret").click()

    page = browse(org_admin)
    add_secret(page, "SIGNING")
    add_webhook(page, inbox[1])
    delete_secret()
    expect(page.get_by_role("main")).to_contain_text("The webhook “ci” uses SIGNING.")
    page.goto(INTEGRATIONS)
    page.get_by_label("More for ci").click()
    popover(page).get_by_role("link", name="Delete…").click()
    question(page, "Delete ci?").get_by_role("button", name="Delete webhook").click()
    expect(said(page)).to_contain_text("“ci” deleted.")
    delete_secret()
    expect(said(page)).to_contain_text("Secret SIGNING deleted.")
    expect(page.get_by_role("main")).not_to_contain_text("SIGNING")


def test_a_pattern_and_a_template_are_tried_while_typing(
    scripted, org_admin, protected_version, second_version, inbox
):
    page = scripted(org_admin)
    add_secret(page, "SIGNING")
    add_webhook(page, inbox[1])
    page.goto(f"{COLLECTION}/automations")
    page.get_by_role("link", name="Create automation").first.click()
    page.wait_for_load_state()  # what is typed before the scripts are there is tried by none
    page.get_by_label("Alias or tag").press_sequentially("^prod")
    matches = page.locator("#matches")
    expect(matches).to_contain_text("Would match")
    expect(badge(matches, "production")).to_be_visible()
    page.get_by_label("Alias or tag").press_sequentially("(")
    expect(matches).to_contain_text("Patterns are RE2")
    page.get_by_label("Alias or tag").fill("")
    page.get_by_label("Webhook", exact=True).select_option(label="ci (smle-reg)")
    body = page.get_by_label("Body")
    body.fill('{"ref": "${alias}"')
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Line 1, column 19: this is not JSON")
    body.fill('{"ref": "${alias}"}')
    expect(preview).to_contain_text("What would be sent")
    expect(preview).to_contain_text(re.compile(r'"ref": "(production|latest)"'))
    expect(body).to_be_focused()


def test_a_page_shows_what_is_delivered_without_loading_again(
    scripted, member, org_admin, second_version, inbox
):
    page = scripted(org_admin)
    add_secret(page, "SIGNING")
    add_webhook(page, inbox[1])
    page.goto(f"{REGISTRY}/automations")
    page.get_by_role("link", name="Create automation").first.click()
    page.get_by_label("Webhook", exact=True).select_option(label="ci (smle-reg)")
    page.get_by_role("textbox", name="Name").fill("All")
    page.get_by_role("button", name="Create automation").click()
    expect(page).to_have_url(re.compile(r"/automations/\d+$"))
    page.goto(V1)
    add_alias(page, "candidate")
    expect(said(page)).to_contain_text("candidate added to v1.")
    page.goto(f"{REGISTRY}/messages")
    deliveries = page.locator("#deliveries")
    expect(deliveries).to_contain_text("Pending")
    with at_work():
        expect(deliveries).to_contain_text("Delivered")
    # Nothing is pending: the page stops looking.
    expect(page.locator("#deliveries[hx-trigger]")).to_have_count(0)
    expect(page).to_have_url(ends_with(f"{REGISTRY}/messages"))
