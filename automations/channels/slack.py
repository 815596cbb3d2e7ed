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
LONGEST_BLOCK = 2_900  # characters; Slack refuses 3,000


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
    secrets = [url, target.path, *target.path.split("/")]
    mask = Mask([secret for secret in secrets if len(secret) >= 8])
    return Request(target, headers, body, mask, f"{target.origin}/{MASK}")


def message_of(title: str, text: str, severity: str, story: Story) -> dict[str, Any]:
    """Severity as a colour and as a word; `text` is what notifications show."""
    variables = story.variables()
    title = substituted(title, variables)
    text = substituted(text, variables)
    head = f"<{story.url()}|{_escaped(story.sentence())}>"
    parts = [f"*{_escaped(title)}*" if title else "", head, _escaped(text)]
    blocks = [_section("\n".join(part for part in parts if part))]
    blocks.append(
        {"type": "context", "elements": [_mrkdwn(f"{severity} · {_escaped(story.place())}")]}
    )
    return {
        "text": _escaped(title or story.sentence())[:LONGEST_BLOCK],
        "link_names": False,
        "attachments": [
            {"color": COLOURS[Automation.Severity(severity)], "blocks": blocks},
        ],
    }


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": _cut(text), "verbatim": True}


def _cut(text: str) -> str:
    """Not inside an escaped character or a link."""
    if len(text) <= LONGEST_BLOCK:
        return text
    kept = text[:LONGEST_BLOCK]
    if kept.rfind("&") > kept.rfind(";"):
        kept = kept[: kept.rfind("&")]
    return kept + "…"


def _escaped(text: str) -> str:
    """No link and no mention can begin: Slack reads those in < and > alone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
