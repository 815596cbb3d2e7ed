"""A form that was open while somebody else saved: nothing of theirs is overwritten unseen."""

from __future__ import annotations

import pytest

from automations.actions import DoNothing
from automations.encryption import decrypt
from automations.models import Automation, Integration
from automations.operations.automations import create_automation, edit_automation
from automations.operations.integrations import (
    create_slack_channel,
    create_webhook,
    edit_slack_channel,
    edit_webhook,
)
from automations.operations.secrets import create_secret
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import Browser

ENTITY = {"entity": "smle-reg"}
OLD, NEW = "http://old.invalid/hooks", "http://new.invalid/hooks"
AUTOMATION = {
    "event_kind": "alias.added",
    "pattern": "^production$",
    "action": "nothing",
    "severity": "INFO",
    "name": "tell",
    "enabled": "yes",
    "was_enabled": "yes",
}
WEBHOOK = {"name": "ci", "url": OLD, "signature_encoding": "base64"}


@pytest.fixture
def browser(org_admin, registry):
    browser = Browser(org_admin)
    browser.get("home", organization="smle-reg")
    return browser


@pytest.fixture
def made(browser, registry):
    browser.post("create-automation", AUTOMATION, home=registry.pk)
    return Automation.objects.get()


@pytest.fixture
def hook(org_admin, organization):
    return create_webhook(caller_of(org_admin), organization.entity, "ci", OLD).integration


def changed_meanwhile(what):
    return (
        f"The {what} has changed since this page was shown. Nothing was saved. "
        "Save again to replace it."
    )


def stored_beside(page):
    return page.root.one("pre", aria_label="What is stored now").raw_text.strip().splitlines()


def seen_in(page):
    return {"seen": page.values("seen")[0]}


def test_what_somebody_changed_in_an_automation_is_shown_before_it_is_replaced(
    browser, made, org_admin
):
    at = {"automation": made.pk}
    body = AUTOMATION | {"name": "mine"} | seen_in(browser.get("edit-automation", **at))
    edit_automation(caller_of(org_admin), made, description="Theirs <b>.", kind="alias.moved")
    with nothing_changes():
        again = browser.post("edit-automation", body, **at)
    assert again.status == 409
    assert changed_meanwhile("automation") in again.notices()
    assert again.values("name") == ["mine"]
    assert stored_beside(again) == [
        f"Event: {Automation.objects.get().get_event_kind_display()}",
        "Name: tell",
        "Description: Theirs <b>.",
    ]
    assert browser.post("edit-automation", body | seen_in(again), **at).status == 303
    stored = Automation.objects.get()
    assert (stored.name, stored.description, stored.event_kind) == ("mine", "", "alias.added")


def test_an_automation_whose_form_was_refused_or_checked_still_knows_what_it_showed(
    browser, made, org_admin
):
    at = {"automation": made.pk}
    body = AUTOMATION | seen_in(browser.get("edit-automation", **at))
    edit_automation(caller_of(org_admin), made, description="Theirs.")
    for wrong in ({"name": ""}, {"check": "yes"}):
        shown = browser.post("edit-automation", body | wrong, **at)
        assert seen_in(shown) == {"seen": body["seen"]}
    with nothing_changes():
        assert browser.post("edit-automation", body | seen_in(shown), **at).status == 409


def test_two_who_save_an_automation_alike_are_not_told_of_each_other(browser, made, org_admin):
    at = {"automation": made.pk}
    body = AUTOMATION | {"name": "ours"} | seen_in(browser.get("edit-automation", **at))
    edit_automation(caller_of(org_admin), made, name="ours")
    assert browser.post("edit-automation", body, **at).status == 303


def test_an_automation_somebody_switched_off_meanwhile_is_renamed_and_stays_off(
    browser, made, org_admin
):
    at = {"automation": made.pk}
    body = AUTOMATION | {"name": "mine"} | seen_in(browser.get("edit-automation", **at))
    edit_automation(caller_of(org_admin), made, enabled=False)
    assert browser.post("edit-automation", body, **at).status == 303
    made.refresh_from_db()
    assert (made.name, made.enabled) == ("mine", False)


def test_a_script_that_was_shown_nothing_changes_an_automation_as_before(made, org_admin, registry):
    by = caller_of(org_admin)
    other = create_automation(by, registry.project, "other", "alias.added", DoNothing())
    edit_automation(by, other, description="Theirs.")
    assert edit_automation(by, other, name="mine").description == "Theirs."


def test_a_webhook_does_not_go_back_to_the_address_an_older_form_showed(browser, hook, org_admin):
    at = ENTITY | {"integration": hook.pk}
    by = caller_of(org_admin)
    secret = create_secret(by, hook.entity, "SIGN", "a value of its own")
    body = WEBHOOK | {"name": "mine"} | seen_in(browser.get("edit-webhook", **at))
    edit_webhook(by, hook, url=NEW, signing_secret=secret)
    with nothing_changes():
        again = browser.post("edit-webhook", body, **at)
    assert again.status == 409
    assert changed_meanwhile("webhook") in again.notices()
    assert again.values("name") == ["mine"]
    assert stored_beside(again) == ["Name: ci", f"URL: {NEW}", "Signing secret: SIGN"]
    assert browser.post("edit-webhook", body | seen_in(again), **at).status == 303
    stored = Integration.objects.get()
    assert (stored.name, stored.url, stored.signing_secret) == ("mine", OLD, None)


def test_headers_somebody_wrote_meanwhile_are_not_overwritten_unseen(browser, hook, org_admin):
    at = ENTITY | {"integration": hook.pk}
    body = WEBHOOK | {"headers": "X-Mine: 1"} | seen_in(browser.get("edit-webhook", **at))
    edit_webhook(caller_of(org_admin), hook, headers={"X-Theirs": "kept to themselves"})
    with nothing_changes():
        again = browser.post("edit-webhook", body, **at)
    assert again.status == 409
    assert "There now: X-Theirs" in again.text
    assert "kept to themselves" not in again.source


def test_a_webhook_whose_form_was_refused_still_knows_what_it_showed(browser, hook, org_admin):
    at = ENTITY | {"integration": hook.pk}
    body = WEBHOOK | seen_in(browser.get("edit-webhook", **at))
    edit_webhook(caller_of(org_admin), hook, url=NEW)
    refused = browser.post("edit-webhook", body | {"name": ""}, **at)
    assert refused.status == 422
    with nothing_changes():
        assert browser.post("edit-webhook", body | seen_in(refused), **at).status == 409


def test_a_slack_channel_does_not_get_its_old_name_back_from_an_older_form(
    browser, organization, org_admin
):
    by = caller_of(org_admin)
    slack = create_slack_channel(by, organization.entity, "#a", OLD).integration
    at = ENTITY | {"integration": slack.pk}
    body = {"channel": "#a", "workspace": "Zoo", "url": ""}
    body |= seen_in(browser.get("edit-slack-channel", **at))
    edit_slack_channel(by, slack, channel="#b", url=NEW)
    with nothing_changes():
        again = browser.post("edit-slack-channel", body, **at)
    assert again.status == 409
    assert changed_meanwhile("Slack channel") in again.notices()
    assert stored_beside(again) == ["Channel: #b", "Workspace: None"]
    assert NEW not in again.source
    assert browser.post("edit-slack-channel", body | seen_in(again), **at).status == 303
    stored = Integration.objects.get()
    assert (stored.name, decrypt(stored.url_ciphertext)) == ("#a", NEW)
