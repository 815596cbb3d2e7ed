from __future__ import annotations

import json
import re

import pytest

from automations.actions import TellSlack
from automations.models import Delivery
from automations.operations.automations import create_automation
from automations.operations.integrations import create_slack_channel
from registries.operations.registries import create_registry
from tests.automations.receivers import always
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.things import link, put


@pytest.fixture
def slack(entity, org_admin, receiver):
    receiver.answer = always(200, b"ok")
    url = receiver.url.replace("/hook", "/services/T000/B000/secretpart")
    return create_slack_channel(caller_of(org_admin), entity, "#models", url).integration


@pytest.fixture
def told(slack, version, registry, member, receiver):
    """What Slack got for an alias moved to the version."""

    def tell(title="", message="", severity="INFO", alias="production"):
        action = TellSlack(slack, title, message, severity)
        create_automation(caller_of(member), registry.project, "n", "alias.added", action)
        put(member, version, alias)
        deliver()
        return json.loads(receiver.got[-1].body)

    return tell


def texts(body) -> str:
    blocks = body["attachments"][0]["blocks"]
    return "\n".join([blocks[0]["text"]["text"], blocks[1]["elements"][0]["text"]])


def test_a_channel_is_told_who_did_what_where(told, receiver):
    body = told("Deploy ${alias}", "By ${event_author}.", "WARN")
    assert body["text"] == "Deploy production"
    assert body["attachments"][0]["color"] == "#ecb22e"
    text = texts(body)
    assert "*Deploy production*" in text
    assert "member added the alias production to Model / Zoo_Classifier_Models / v0" in text
    assert "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v0|" in text
    assert "By member." in text
    assert "WARN" in text
    assert receiver.got[-1].path == "/services/T000/B000/secretpart"


def test_nobody_is_mentioned_and_no_link_begins(told):
    body = told("<!channel> & <@U1>", "<http://evil.example|click> ${alias}", alias="<!here>")
    text = texts(body) + body["text"]
    assert "<!" not in text
    assert "<@" not in text
    assert text.count("<") == 1  # our own link
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in text
    assert body["link_names"] is False


def test_long_texts_stay_within_what_slack_takes(told):
    body = told("t" * 256, "&" * 3_000)
    assert all(
        len(block["text"]["text"]) <= 3_000
        for block in body["attachments"][0]["blocks"]
        if block["type"] == "section"
    )


@pytest.mark.parametrize("alias", ["a" * 128, "&" * 127, "é" * 128])
def test_a_long_title_or_text_leaves_the_link_whole(told, alias):
    body = told("${alias}" * 32, "${alias} " * 300, alias=alias)
    block = body["attachments"][0]["blocks"][0]["text"]["text"]
    title, link, text = block.split("\n")
    assert title.startswith("*")
    assert title.endswith("…*")
    assert re.fullmatch(r"<http://[^<>|]*/versions/v0\|member added the alias [^<>]*>", link)
    assert text.endswith("…")
    for part in (block, body["text"]):
        assert len(part) <= 2_900
        assert part.count("&") == part.count("&amp;")


def test_a_link_that_is_too_long_leaves_its_words(slack, organization, org_admin, source, receiver):
    by = caller_of(org_admin)
    zebras = create_registry(by, organization, "🦓" * 113)
    action = TellSlack(slack, "Title", "&" * 3_000)
    create_automation(by, zebras.project, "n", "version.linked", action)
    link(org_admin, source.artifact, zebras, name="🦓" * 128)
    deliver()
    body = json.loads(receiver.got[-1].body)
    title, words, text = body["attachments"][0]["blocks"][0]["text"]["text"].split("\n")
    assert (title, text[-6:]) == ("*Title*", "&amp;…")
    assert words.startswith("org-admin linked 🦓")


def test_slack_asking_for_a_pause_is_heard(told, receiver):
    receiver.answer = always(429, Retry_After="30")
    told()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.note) == ("pending", "The receiver answered 429.")
    assert delivery.attempts.get().request_url.endswith("/••••••••")
