"""What a Slack channel is told, in the form of its incoming webhooks."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from automations.encryption import decrypt
from automations.masking import MASK, Mask
from automations.messages import Story
from automations.models import Automation, Integration
from automations.outbound.requests import Request
from automations.outbound.urls import target_of
from automations.templates import substituted

COLOURS = {
    Automation.Severity.INFO: "#2eb67d",
    Automation.Severity.WARN: "#ecb22e",
    Automation.Severity.ERROR: "#e01e5a",
}
# In characters, escaped.
LONGEST_BLOCK = 2_900  # Slack refuses 3,000
LONGEST_TITLE = 400
LONGEST_SENTENCE = 800
LONGEST_LINK = 2_000


def slack_request(
    integration: Integration, title: str, text: str, severity: str, story: Story
) -> Request:
    url = decrypt(integration.url_ciphertext)
    target = target_of(url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Waymark/{settings.WAYMARK_VERSION}",
    }
    body = json.dumps(message_of(title, text, severity, story)).encode()
    mask = Mask([url, *target.parts_of_path])
    return Request(target, headers, body, mask, f"{target.origin}/{MASK}", mask)


def message_of(title: str, text: str, severity: str, story: Story) -> dict[str, Any]:
    """Severity as a colour and as a word; `text` is what notifications show."""
    variables = story.variables()
    title = _cut(_escaped(substituted(title, variables)), LONGEST_TITLE)
    sentence = _cut(_escaped(story.sentence()), LONGEST_SENTENCE)
    above = [f"*{title}*"] if title else []
    above.append(_linked(sentence, story.url()))
    room = LONGEST_BLOCK - sum(len(line) + 1 for line in above)
    text = _cut(_escaped(substituted(text, variables)), room)
    place = _cut(_escaped(story.place()), LONGEST_SENTENCE)
    blocks = [
        {"type": "section", "text": _mrkdwn("\n".join([*above, text] if text else above))},
        {"type": "context", "elements": [_mrkdwn(f"{severity} · {place}")]},
    ]
    return {
        "text": title or sentence,
        "link_names": False,
        "attachments": [
            {"color": COLOURS[Automation.Severity(severity)], "blocks": blocks},
        ],
    }


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _linked(sentence: str, url: str) -> str:
    """The sentence alone where the URL leaves no room: a name may be twelve times as long in it."""
    link = f"<{url}|{sentence}>"
    return link if len(link) <= LONGEST_LINK else sentence


def _cut(text: str, longest: int) -> str:
    """At most `longest` characters of escaped text, an escape whole or not at all. A link is put
    around what was cut, not cut itself."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if kept.rfind("&") > kept.rfind(";"):
        kept = kept[: kept.rfind("&")]
    return kept + "…"


def _escaped(text: str) -> str:
    """No link and no mention can begin: Slack reads those in < and > alone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
