"""Twelve secrets are planted, used, echoed and broken; then everything that is kept is searched."""

from __future__ import annotations

import base64
import json
import logging
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.core.management import call_command

from accounts.errors import RegistryError
from automations import worker
from automations.actions import CallWebhook, TellSlack
from automations.models import Automation, Delivery, DeliveryAttempt, Integration, Secret
from automations.operations.automations import create_automation
from automations.operations.integrations import (
    create_slack_channel,
    create_webhook,
    edit_slack_channel,
)
from automations.operations.secrets import create_secret, rotate_secret
from automations.operations.trials import try_integration
from automations.signing import new_signing_secret
from tests.automations.receivers import answer_with, receiving
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.refusals import everything
from tests.registries.views.pages import Browser
from tests.things import put

TEMPLATE = '{"token": "${ACCESS_TOKEN}", "secret": "${SIGNING}", "alias": "${alias}"}'


@pytest.fixture
def canaries() -> dict[str, str]:
    words = ("token", "old_token", "header", "slack", "old_slack", "own", "free", "broken")
    found = {word: f"canary-{word}-\"é'&<{number}>" for number, word in enumerate(words)}
    found["token"] = "canary-token-7f3a9c"
    found["old_token"] = "canary-old-token-1b2c"
    found["header"] = "canary-header-55aa"
    found["slack"] = "canaryslackT0001xyz"
    found["old_slack"] = "canaryoldslackT0002"
    found["broken"] = "canary-broken-4d4d"
    return found | {
        "signing": new_signing_secret(),
        "old_signing": new_signing_secret(),
        "password": "canary-password-99",
        "encryption_key": site.WAYMARK_ENCRYPTION_KEYS[0],
    }


@pytest.fixture
def planted(canaries, entity, org_admin, member, version):
    """Everything is used, and everything comes back from a receiver that repeats it."""
    by, home = caller_of(org_admin), version.collection.project

    def echo(handler, got):
        status = 500 if b"broken" in got.body else 200
        request = json.dumps([got.path, got.headers, got.body.decode()])
        sent = [value for value in canaries.values() if forms_in(request, value)]
        more = [quote(value) for value in sent]
        more += [base64.b64encode(value.encode()).decode() for value in sent]
        body = json.dumps([request, got.headers, sent, more]).encode()
        answer_with(handler, status, body, X_Echo=got.headers.get("authorization", "none"))

    with receiving(echo) as receiver:
        secret = create_secret(by, entity, "TOKEN", canaries["old_token"])
        signing = create_secret(by, entity, "SIGNING", canaries["old_signing"])
        create_secret(by, org_admin.entity, "OWN", canaries["own"])
        create_secret(by, entity, "FREE", canaries["free"])
        webhook = create_webhook(
            by,
            entity,
            "ci",
            receiver.url,
            access_token=secret,
            signing_secret=signing,
            headers={"X-Key": canaries["header"], "X-Other": canaries["broken"]},
        ).integration
        slack_url = receiver.url.replace("/hook", "/services/")
        slack = create_slack_channel(
            by, entity, "#models", slack_url + canaries["old_slack"]
        ).integration
        rotate_secret(by, secret, canaries["token"])
        rotate_secret(by, signing, canaries["signing"])
        edit_slack_channel(by, slack, url=slack_url + canaries["slack"])
        for name, action in {
            "webhook": CallWebhook(webhook, TEMPLATE),
            "default": CallWebhook(webhook),
            "slack": TellSlack(slack, "Title", "Text ${alias}"),
        }.items():
            create_automation(caller_of(member), home, name, "alias.added", action)
        yield by, webhook, slack


def kept_by(attempts: list[DeliveryAttempt]) -> str:
    return "\n".join(
        json.dumps([getattr(attempt, field.attname) for field in attempt._meta.fields], default=str)
        for attempt in attempts
    )


def forms_in(text: str, canary: str) -> bool:
    forms = (canary, canary.removeprefix("whsec_"), json.dumps(canary)[1:-1], quote(canary))
    forms += (escape(canary), escape(json.dumps(canary)[1:-1]))
    encoded = base64.b64encode(canary.encode()).decode()
    return any(form in text for form in (*forms, encoded))


def test_there_are_twelve(canaries):
    assert len(set(canaries.values())) == 12


def test_a_secret_is_found_nowhere_but_encrypted(
    planted, canaries, version, member, entity, caplog, capfd, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    by, webhook, slack = planted
    put(member, version, "candidate", "broken")
    deliver()
    trials = [try_integration(by, integration) for integration in (webhook, slack)]
    errors = []
    for url in (f"http://ada:{canaries['password']}@127.0.0.1/", "http://10.0.0.1/?" + "x"):
        with pytest.raises(RegistryError) as refusal:
            create_webhook(by, entity, "n", url)
        errors.append(f"{refusal.value!r} {refusal.value.sentence}")
    monkeypatch.setattr(worker, "send", lambda request: 1 / 0 if repr(request) else None)
    put(member, version, "crash")
    deliver()
    call_command("rotate_encryption_keys")

    assert Delivery.objects.count() == 9
    assert DeliveryAttempt.objects.count() == 9
    rows = "\n".join(row for table in everything().values() for row in table)
    printed = "\n".join(capfd.readouterr())
    shown = "\n".join(map(repr, [*Secret.objects.all(), *Integration.objects.all()]))
    for name, canary in canaries.items():
        for place, text in {
            "rows": rows,
            "tests": kept_by(trials),
            "logs": caplog.text,
            "output": printed,
            "errors": "\n".join(errors),
            "repr": shown,
        }.items():
            assert not forms_in(text, canary), f"{name} in {place}"


def test_a_dump_holds_no_secret(planted, canaries, version, member):
    put(member, version, "candidate")
    deliver()
    dump = Path(site.WAYMARK_DATA) / "dump.json"
    call_command("dumpdata", "automations", output=str(dump))
    text = dump.read_text()
    dump.unlink()
    assert [name for name, canary in canaries.items() if forms_in(text, canary)] == []


def test_no_page_shows_a_secret(planted, canaries, version, member, org_admin, entity):
    """Every page of automations, the answer of a test and the preview among them."""
    _, webhook, slack = planted
    put(member, version, "candidate", "broken")
    deliver()
    browser = Browser(org_admin)
    browser.get("home", organization="smle-reg")
    at = {"entity": entity.name}
    home = version.collection.project
    pages = [
        browser.get("integrations", **at),
        browser.get("integrations", entity=org_admin.entity.name),
        browser.get("edit-webhook", **at, integration=webhook.pk),
        browser.get("edit-slack-channel", **at, integration=slack.pk),
        browser.get("organization-automations", organization=entity.name),
        browser.get("registry-deliveries", organization=entity.name, registry="Model"),
        browser.get("create-automation", home=home.pk),
        browser.get("notes"),
        browser.post("preview-message", wanted(webhook), home=home.pk),
        browser.post(
            "check-signature",
            {
                "headers": "webhook-id: 1\nwebhook-timestamp: 1\nwebhook-signature: v1,x",
                "body": "{}",
            },
            **at,
            integration=webhook.pk,
        ),
    ]
    for one in (webhook, slack):
        pages += [browser.post("test-integration", {}, **at, integration=one.pk)]
    for automation in Automation.objects.all():
        pages += [
            browser.get("automation", automation=automation.pk),
            browser.get("edit-automation", automation=automation.pk),
            browser.post("test-automation", {}, automation=automation.pk),
        ]
    for delivery in Delivery.objects.all():
        pages += [browser.get("delivery", delivery=delivery.pk)]
    assert {page.status for page in pages} == {200}
    for name, canary in canaries.items():
        for page in pages:
            assert not forms_in(page.source, canary), name


def wanted(webhook: Integration) -> dict[str, str]:
    """An automation as it is typed, that would send two secrets."""
    return {
        "event_kind": "alias.added",
        "action": "webhook",
        "webhook": str(webhook.pk),
        "template": TEMPLATE,
        "name": "n",
    }
