"""Integrations and secrets: written, rotated, never shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from automations.actions import CallWebhook
from automations.encryption import decrypt
from automations.models import Integration, Secret
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.operations.secrets import create_secret
from tests.personas import caller_of
from tests.registries.views.pages import Browser, Page, headers_for

ENTITY = {"entity": "smle-reg"}
URL = "http://receiver.invalid/hooks/path"
VALUE = "a value nobody sees again"


@pytest.fixture
def browser(org_admin):
    browser = Browser(org_admin)
    browser.get("home", organization="smle-reg")
    return browser


@pytest.fixture
def secret(browser):
    browser.post("create-secret", {"name": "TOKEN", "value": VALUE}, **ENTITY)
    return Secret.objects.get(name="TOKEN")


def webhook(**fields):
    return {"name": "ci", "url": URL, "signature_encoding": "base64"} | fields


def test_a_secret_is_written_once_and_its_value_is_on_no_page(browser, secret):
    assert decrypt(secret.ciphertext) == VALUE
    page = browser.get("integrations", **ENTITY)
    assert "TOKEN" in page.text
    assert VALUE not in page.source
    refused = browser.post("create-secret", {"name": "TOKEN", "value": VALUE}, **ENTITY)
    assert refused.status == 409
    assert VALUE not in refused.source
    assert refused.errors() == {"name": "smle-reg has a secret TOKEN already."}


def test_a_secret_to_sign_with_is_made_and_shown_this_once(browser):
    page = browser.post("create-secret", {"name": "SIGN", "generate": "yes"}, **ENTITY)
    shown = page.root.one("code", id="made-secret").text
    assert shown.startswith("whsec_")
    assert "no-store" in page.headers["Cache-Control"]
    assert decrypt(Secret.objects.get(name="SIGN").ciphertext) == shown
    assert shown not in browser.get("integrations", **ENTITY).source


def test_a_secret_is_rotated_until_the_old_value_is_ended(browser, secret):
    at = ENTITY | {"secret": secret.pk}
    page = browser.post("rotate-secret", {"value": "short"}, part="secrets", **at)
    assert (page.status, page.is_whole) == (422, False)
    assert "8 to 4,096 characters" in page.text
    browser.post("rotate-secret", {"value": "another value"}, **at)
    secret.refresh_from_db()
    assert (decrypt(secret.ciphertext), decrypt(secret.previous_ciphertext)) == (
        "another value",
        VALUE,
    )
    assert "Two values count" in browser.get("integrations", **ENTITY).text
    browser.post("finish-rotation", {}, **at)
    secret.refresh_from_db()
    assert not secret.previous_ciphertext
    browser.post("delete-secret", {}, **at)
    assert not Secret.objects.exists()


def test_a_webhook_is_added_and_changed(browser, secret):
    body = webhook(signing_secret=secret.pk, headers="X-Team: models\nX-Key: hidden value")
    page = browser.post("create-webhook", body, **ENTITY)
    assert page.status == 303
    # A name that does not resolve is saved with a warning.
    assert "receiver.invalid cannot be found at present" in browser.follow(page).toasts()[-1]
    made = Integration.objects.get()
    at = ENTITY | {"integration": made.pk}
    form = browser.get("edit-webhook", **at)
    assert form.values("url") == [URL]
    assert "X-Key" in form.text
    assert "hidden value" not in form.source
    kept = made.headers_ciphertext
    browser.post("edit-webhook", webhook(name="ci 2", signing_secret=secret.pk), **at)
    made.refresh_from_db()
    assert (made.name, made.headers_ciphertext, made.signing_secret) == ("ci 2", kept, secret)
    browser.post("edit-webhook", webhook(drop_headers="yes"), **at)
    made.refresh_from_db()
    assert (made.headers_ciphertext, made.signing_secret) == ("", None)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"url": "http://169.254.169.254/"}, "url", "must not be called: 169.254.169.254"),
        ({"url": "ftp://x/"}, "url", "begins with https:// or http://"),
        ({"headers": "nonsense"}, "headers", "is not written as Name: value"),
        ({"headers": "Host: x"}, "headers", "“Host” cannot be a header"),
        ({"signing_secret": "999"}, "signing_secret", "Choose a secret of smle-reg."),
        ({"name": ""}, "name", "A name has 1 to 128 characters"),
        ({"signature_encoding": "rot13"}, "signature_encoding", "Choose base64 or hex."),
    ],
)
def test_what_is_wrong_with_a_webhook_is_said_beside_the_field(browser, wrong, field, sentence):
    page = browser.post("create-webhook", webhook(**wrong), **ENTITY)
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert not Integration.objects.exists()


def test_the_address_of_a_slack_channel_is_never_shown(browser):
    secret_url = "http://slack.invalid/services/T0/B0/very-secret"
    browser.post("create-slack-channel", {"channel": "#models", "url": secret_url}, **ENTITY)
    made = Integration.objects.get()
    at = ENTITY | {"integration": made.pk}
    for page in (browser.get("integrations", **ENTITY), browser.get("edit-slack-channel", **at)):
        assert "very-secret" not in page.source
    browser.post("edit-slack-channel", {"channel": "#all", "workspace": "Zoo", "url": ""}, **at)
    made.refresh_from_db()
    assert (made.name, made.workspace, decrypt(made.url_ciphertext)) == ("#all", "Zoo", secret_url)
    refused = browser.post("edit-slack-channel", {"channel": "", "url": secret_url}, **at)
    assert refused.errors()["channel"].startswith("A name has")
    assert "very-secret" not in refused.source


def test_it_is_switched_off_and_on_and_deleted(browser):
    browser.post("create-webhook", webhook(), **ENTITY)
    made = Integration.objects.get()
    at = ENTITY | {"integration": made.pk}
    browser.post("switch-integration", {}, **at)
    assert "Switched off by org-admin." in browser.get("integrations", **ENTITY).text
    browser.post("switch-integration", {"on": "yes"}, **at)
    browser.post("delete-integration", {}, **at)
    made.refresh_from_db()
    assert made.deleted_at is not None
    assert not made.is_off


def test_what_is_used_is_not_deleted_and_nothing_is_said_to_have_changed(browser, secret):
    browser.post("create-webhook", webhook(signing_secret=secret.pk), **ENTITY)
    refused = browser.post("delete-secret", {}, **ENTITY, secret=secret.pk)
    assert refused.status == 409
    assert refused.root.one("h1").text == "Not possible"
    assert "The webhook “ci” uses TOKEN." in refused.text
    part = browser.post("delete-secret", {}, part="secrets", **ENTITY, secret=secret.pk)
    assert part.text == "Not possible. The webhook “ci” uses TOKEN."


@pytest.mark.parametrize("name", ["delete-integration", "delete-secret"])
def test_a_question_comes_before_a_webhook_or_a_secret_is_deleted(name, browser, secret):
    browser.post("create-webhook", webhook(), **ENTITY)
    kind = name.removeprefix("delete-")
    at = ENTITY | {kind: {"integration": Integration.objects.get().pk, "secret": secret.pk}[kind]}
    address = reverse(name, kwargs=at)
    list_page = browser.get("integrations", **ENTITY)
    links = [link.attributes.get("href", "") for link in list_page.root.all("a")]
    assert [link for link in links if link.partition("?")[0] == address]
    forms = [form.attributes["action"] for form in list_page.root.all("form")]
    assert not [action for action in forms if action.startswith(address)]
    for part, box in (("", "section"), ("dialog", "dialog")):
        asked = browser.get(name, part=part, **at)
        question = asked.root.one(box, aria_labelledby=f"{name}-title")
        assert question.one("form", method="post").attributes["action"] == address
    assert Integration.objects.get().deleted_at is None
    assert Secret.objects.filter(pk=secret.pk).exists()


def test_members_see_where_messages_go_without_the_path_and_names_of_secrets(
    browser, member, secret
):
    body = webhook(signing_secret=secret.pk, access_token=secret.pk)
    browser.post("create-webhook", body, **ENTITY)
    assert "TOKEN" in browser.get("integrations", **ENTITY).root.one(id="webhook-list").text
    page = Browser(member).get("integrations", **ENTITY)
    assert "http://receiver.invalid" in page.text
    assert "/hooks/path" not in page.source
    assert "TOKEN" not in page.source
    assert page.root.one(id="webhook-list").text.count("A secret") == 2
    assert not page.root.all("button", id="add-secret-button")


def test_a_signature_is_checked_on_a_page(browser, secret):
    browser.post("create-webhook", webhook(signing_secret=secret.pk), **ENTITY)
    at = ENTITY | {"integration": Integration.objects.get().pk}
    body = {"headers": "webhook-id: msg_1", "body": "{}"}
    page = browser.post("check-signature", body, **at)
    assert page.values("headers") == ["webhook-id: msg_1"]
    assert "are not among the headers" in page.notices()[0]
    part = browser.post("check-signature", body, part="findings", **at)
    assert not part.is_whole
    assert browser.post("check-signature", {"body": "x" * 70_000}, **at).status == 422


def names_on(page, part):
    return [node.text for node in page.root.one(id=part).all("span", class_="table__name")]


def test_webhooks_channels_and_secrets_are_narrowed_and_sorted_each_for_itself(
    browser, organization, registry, org_admin
):
    by = caller_of(org_admin)
    for number in range(12):
        create_secret(by, organization.entity, f"S{number:02}", VALUE)
        create_webhook(by, organization.entity, f"hook {number:02}", URL)
    used = Integration.objects.get(name="hook 05")
    create_automation(by, registry.project, "tell", "alias.added", CallWebhook(used))
    asked = {"webhook": "HOOK", "webhook-sort": "used", "secret": "s1", "secret-sort": "newest"}
    page = browser.get("integrations", asked, **ENTITY)
    assert names_on(page, "webhook-list")[:2] == ["hook 05", "hook 00"]
    assert names_on(page, "secret-list") == ["S11", "S10"]
    part = browser.get("integrations", {"webhook-sort": "newest"}, part="webhook-list", **ENTITY)
    assert not part.is_whole
    assert names_on(part, "webhook-list")[0] == "hook 11"
    none = browser.get("integrations", {"webhook": "nothing", "channel": "nothing"}, **ENTITY)
    assert "No webhook matches" in none.main.text
    assert "No channel matches" in none.main.text


def test_a_secret_is_deleted_from_the_part_of_the_list_that_is_shown(browser, organization):
    for number in range(12):
        browser.post("create-secret", {"name": f"S{number:02}", "value": VALUE}, **ENTITY)
    page = browser.get("integrations", {"secret": "S1"}, **ENTITY)
    links = page.root.one(id="secret-list").all("a")
    asking = next(link for link in links if "/delete" in link.attributes["href"])
    question = browser.client.get(asking.attributes["href"], headers=headers_for("dialog"))
    form = Page(question).root.one("dialog").one("form")
    headers = headers_for(form.attributes["hx-target"][1:])
    left = Page(browser.client.post(form.attributes["action"], headers=headers))
    assert names_on(left, "secret-list") == ["S11"]


def test_nobody_is_told_of_secrets_that_they_do_not_manage(browser, secret, viewer):
    part = Browser(viewer).get("integrations", {"secret": "T"}, part="secret-list", **ENTITY)
    assert part.status == 200
    assert "TOKEN" not in part.source
