"""axe finds nothing and nothing scrolls sideways: every page and state, two themes, four widths."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from automations.actions import CallWebhook
from automations.models import Delivery
from automations.operations.automations import create_automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.secrets import create_secret
from registries.operations.collections import create_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry, edit_registry
from tests.automations.working import deliver
from tests.browser.screens import (
    COLLECTION,
    HOME,
    REGISTRY,
    SETTINGS,
    V0,
    V1,
    add_alias,
    plus,
    popover,
    question,
    remove_button,
)
from tests.personas import caller_of, person
from tests.things import link, put

LONG = "an-alias-with-a-name-that-goes-on-and-on-" * 3
CARD = (
    "# Card\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n" + "unbroken" * 40 + "\n\n`code` and [link](/)"
)


@pytest.fixture
def crowded(admin, member, protected_version, second_version, restricted_viewer):
    """A collection with many and long names, tags, and everything written that can be."""
    put(member, second_version, *(f"fold-{number}" for number in range(12)), LONG)
    put(admin, protected_version, "candidate")
    tags = ["uci", "7 classes", "a tag with a long name " * 5 + "end"]
    metadata = {"rows": 101, "nested": {"a": [1, 2, 3]}, "long": "unbroken" * 60}
    edit_version(
        caller_of(member), second_version, description=CARD, metadata=metadata, add_tags=tags
    )
    collection = second_version.collection
    edit_collection(caller_of(admin), collection, description=CARD, add_tags=tags)


def test_pages_of_a_registry_for_an_admin(judge_for, admin, crowded):
    judge = judge_for(admin)
    judge.look_at(HOME, REGISTRY, f"{REGISTRY}?filter=nothing-like-it", f"{REGISTRY}/history")
    judge.look_at(f"{REGISTRY}/create-collection", f"{HOME}registries/new", f"{REGISTRY}/link")


def test_pages_of_a_collection_for_an_admin(judge_for, admin, crowded):
    judge = judge_for(admin)
    judge.look_at(COLLECTION, f"{COLLECTION}?edit=card", f"{COLLECTION}?edit=tags")
    judge.look_at(f"{COLLECTION}?filter=nothing-like-it", f"{COLLECTION}/history")
    judge.look_at(f"{COLLECTION}/history?alias=nothing-like-it", f"{COLLECTION}/link?version=v1")
    page = judge.open(COLLECTION)
    page.locator("summary", has_text="More").click()
    judge.look("the menu of a collection", covered=True)
    popover(page).get_by_role("link", name="Delete collection…").click()
    question(page, "Delete Zoo_Classifier_Models?")
    judge.look("the question before a collection is deleted")


def test_the_page_of_a_version_for_an_admin(judge_for, admin, crowded):
    judge = judge_for(admin)
    judge.look_at(V0, V1, f"{V1}?edit=description", f"{V1}?edit=metadata", f"{V1}/unlink")
    page = judge.open(V1)
    plus(page).click()
    expect(popover(page).get_by_role("list")).to_be_visible()
    judge.look("the popover of aliases with names offered")
    add_alias(page, "a/b")
    expect(page.get_by_label("Add an alias to v1")).to_have_attribute("aria-invalid", "true")
    judge.look("the popover of aliases with a refusal")
    add_alias(page, "production")
    question(page, "Move “production” to v1?")
    judge.look("the question before a protected alias moves")
    page.get_by_role("button", name="Move to v1").click()
    expect(remove_button(page, "production")).to_be_visible()
    judge.look("a version after a change")


def test_the_settings_for_an_admin(judge_for, admin, crowded):
    judge = judge_for(admin)
    page = judge.open(SETTINGS)
    judge.look("settings")
    page.locator("summary", has_text="Add access").click()
    judge.look("the popover of access")
    page.get_by_label("Person or team").fill("nobody-at-all")
    popover(page).get_by_role("button", name="Add access").click()
    expect(page.get_by_label("Person or team")).to_have_attribute("aria-invalid", "true")
    judge.look("the popover of access with a refusal")
    page.keyboard.press("Escape")
    page.get_by_label("Add protected alias").click()
    page.get_by_label("Protect alias names").fill("a/b")
    popover(page).get_by_role("button", name="Protect").click()
    expect(page.get_by_label("Protect alias names")).to_have_attribute("aria-invalid", "true")
    judge.look("the popover of protected aliases with a refusal")


def test_empty_pages(judge_for, org_admin, organization, restricted_registry, outsider):
    registry = create_registry(caller_of(org_admin), organization, "Empty")
    create_collection(caller_of(org_admin), registry.project, "Nothing", "dataset")
    secret = f"{HOME}registry/Secret"
    judge = judge_for(org_admin)
    judge.look_at(HOME, secret, f"{secret}/settings", f"{secret}/link")
    judge.look_at(f"{HOME}registry/Empty/collections/Nothing", f"{HOME}search")
    judge.look_at(f"{HOME}search?q=nothing-like-it")
    page = judge.open(f"{secret}/settings")
    page.get_by_role("link", name="Delete registry…").click()
    box = question(page, "Delete Secret?")
    box.get_by_label("Type Secret to confirm").fill("secret")
    box.get_by_role("button", name="Delete registry").click()
    expect(page.get_by_label("Type Secret to confirm")).to_have_attribute("aria-invalid", "true")
    judge.look("the question before a registry is deleted, with a refusal")
    judge_for(outsider).look_at("/")


def test_pages_of_names_as_long_as_they_may_be(judge_for, admin, organization, source):
    """Without a place to break."""
    registry = create_registry(caller_of(admin), organization, "R" * 113)
    version = link(admin, source.artifact, registry, "a" * 128, name="c" * 128)
    protect_aliases(caller_of(admin), registry, ["p" * 128])
    put(admin, version, "p" * 128)
    edit_version(caller_of(admin), version, metadata={"k" * 128: 1}, add_tags=["t" * 128])
    edit_registry(caller_of(admin), registry, description="d" * 300)
    typed = create_collection(caller_of(admin), registry.project, "typed", "y" * 128)
    edit_collection(caller_of(admin), typed, description="https://" + "u" * 300)
    edit_collection(caller_of(admin), version.collection, add_tags=["t" * 128])
    address = f"{HOME}registry/{registry.name}"
    judge_for(admin).look_at(f"{address}/collections/typed", f"{address}/create-collection")
    collection = f"{address}/collections/{version.collection.name}"
    judge = judge_for(admin)
    judge.look_at(HOME, address, collection, f"{address}/settings", f"{HOME}search?q=pp")
    judge.look_at(f"{collection}/history")
    page = judge.open(f"{collection}/versions/v0")
    judge.look("a version of a collection with a long name")
    remove_button(page, "p" * 128).click()
    question(page, f"Take “{'p' * 128}” off v0?")
    judge.look("the question before an alias with a long name comes off")


def test_pages_of_who_may_only_read(judge_for, viewer, crowded):
    judge = judge_for(viewer)
    judge.look_at(REGISTRY, COLLECTION, V1, SETTINGS, f"{REGISTRY}/link", f"{V0}/nothing")
    page = judge.open(V1)
    page.get_by_label(re.compile("^Account")).click()
    judge.look("the menu of the account", covered=True)
    page.keyboard.press("Escape")
    page.get_by_label(re.compile("^Organization")).click()
    judge.look("the menu of organizations", covered=True)


def test_pages_of_the_search(judge_for, viewer, crowded):
    judge = judge_for(viewer)
    judge.look_at(f"{HOME}search?q=o", f"{HOME}search?q=fold&kind=aliases")
    page = judge.open(HOME)
    page.get_by_role("searchbox").press_sequentially("fold")
    expect(page.get_by_role("search").get_by_role("link")).to_have_count(3)
    judge.look("the first matches while typing")


def test_pages_of_forms_that_were_refused(judge_for, admin, crowded):
    judge = judge_for(admin)
    page = judge.open(f"{HOME}registries/new")
    page.get_by_label("Name").fill("MODEL")
    page.get_by_role("button", name="Create registry").click()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    judge.look("a registry whose name is taken")
    page = judge.open(f"{REGISTRY}/create-collection")
    page.get_by_label("Name").fill("a/b")
    page.get_by_label("Type", exact=True).fill("dataset")
    page.get_by_role("button", name="Create collection").click()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    judge.look("a collection with a bad name")
    page = judge.open(f"{COLLECTION}/versions/v1?edit=metadata")
    page.get_by_role("textbox", name="Metadata").fill("{")
    page.get_by_role("button", name="Save metadata").click()
    expect(page.get_by_role("textbox", name="Metadata")).to_have_attribute("aria-invalid", "true")
    judge.look("metadata that is no JSON")


def test_pages_of_signing_in(judge_for, open_browser, db):
    judge = judge_for(person("ada"))
    judge.look_at("/accounts/logout/", "/sign-in/nothing")
    page = judge.page
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    judge.look("a link that is spent")
    page.context.clear_cookies()
    judge.look_at("/accounts/login/")
    page.get_by_label("Username or e-mail").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    judge.look("a wrong password")


def test_pages_of_automations(judge_for, org_admin, automated, viewer):
    judge = judge_for(org_admin)
    integrations, automations = "/automations/integrations/smle-reg", f"{REGISTRY}/automations"
    judge.look_at(integrations, f"{integrations}/webhooks/new", f"{integrations}/slack/new")
    judge.look_at(f"{integrations}/webhooks/{automated['webhook'].pk}/signature")
    judge.look_at(automations, f"{COLLECTION}/automations", f"{HOME}automations")
    judge.look_at("/automations/notes", "/automations/integrations/org-admin")
    page = judge.open(integrations)
    page.locator("#add-secret-button").click()
    judge.look("the popover of a new secret")
    popover(page).get_by_label("Name").fill("a b")
    popover(page).get_by_role("button", name="Save secret").click()
    expect(popover(page).get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    judge.look("the popover of a new secret with a refusal")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Test ci", exact=True).click()
    question(page, "Test of ci")
    judge.look("the answer to a test")
    judge_for(viewer).look_at(integrations, automations, f"/automations/{automated['tell'].pk}")


def test_pages_of_one_automation(judge_for, org_admin, automated):
    judge, tell = judge_for(org_admin), f"/automations/{automated['tell'].pk}"
    judge.look_at(tell, f"{tell}/edit", f"{tell}/delete", f"{REGISTRY}/messages?state=dead")
    judge.look_at(f"{REGISTRY}/messages", f"/automations/deliveries/{automated['message'].pk}")
    page = judge.open(f"/automations/in/{automated['tell'].project_id}/new?alias={LONG}")
    page.get_by_label("Alias or tag").fill("o")
    expect(page.locator("#matches")).to_contain_text("Would match")
    judge.look("a pattern that is tried")
    page.get_by_label("Alias or tag").fill("(")
    page.get_by_label("Webhook", exact=True).select_option(label="ci (smle-reg)")
    page.get_by_role("button", name="Create automation").click()
    expect(page.get_by_label("Alias or tag")).to_have_attribute("aria-invalid", "true")
    judge.look("an automation that was refused")
    page.get_by_label("Tell a Slack channel").check()
    judge.look("the questions of a Slack channel")
    page = judge.open(tell)
    page.locator("summary", has_text="Send failed again").click()
    judge.look("the popover of messages to send again")


@pytest.fixture
def automated(settings, org_admin, organization, crowded, second_version):
    """An automation with a long name, a message that failed, one that is pending."""
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]
    by, entity = caller_of(org_admin), organization.entity
    secret = create_secret(by, entity, "S" * 128, "long enough to be one")
    url = f"http://127.0.0.1:9/{'unbroken' * 40}"
    webhook = create_webhook(by, entity, "ci", url, signing_secret=secret).integration
    create_slack_channel(by, entity, "#" + "c" * 127, url, workspace="w" * 128)
    template = '{"unbroken": "' + "x" * 300 + '${alias}"}'
    tell = create_automation(
        by,
        second_version.collection.project,
        "n" * 255,
        "alias.added",
        CallWebhook(webhook, template),
        description="unbroken" * 30,
    )
    put(org_admin, second_version, "told")
    deliver()
    put(org_admin, second_version, "told-again")
    message = Delivery.objects.earliest("pk")
    return {"webhook": webhook, "tell": tell, "message": message}
