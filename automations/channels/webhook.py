"""What a webhook carries: Standard Webhooks, the wandb SDK's headers, GitHub's."""

from __future__ import annotations

import json

from django.conf import settings

from automations.encryption import decrypt
from automations.granted import headers_of, secret_values_of
from automations.masking import Mask
from automations.messages import SCHEMA_VERSION, Story
from automations.models import Integration
from automations.outbound.requests import Request
from automations.outbound.urls import target_of
from automations.signing import signature_headers
from automations.templates import filled_in

LARGEST_BODY = 20_000  # bytes
# Of a webhook's own headers, whose values are shown in the log.
HARMLESS_HEADERS = frozenset({"accept", "accept-language", "x-github-api-version"})


class TooLarge(Exception):
    """The body has more than 20 kB, whatever the receiver says."""


def webhook_request(
    integration: Integration, template: str, story: Story, message_id: str, timestamp: int
) -> Request:
    """`timestamp`: unix seconds of the attempt. TooLarge for a body over 20 kB."""
    body = body_of(integration, template, story)
    secrets = _signing_secrets(integration)
    own = headers_of(integration)
    token = decrypt(integration.access_token.ciphertext) if integration.access_token else ""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Waymark/{settings.WAYMARK_VERSION}",
        "Accept": "*/*",
        "X-Waymark-Event": story.type,
        "X-Waymark-Schema": str(SCHEMA_VERSION),
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
    }
    headers |= signature_headers(
        secrets, integration.signature_encoding, message_id, timestamp, body
    )
    if token:
        headers["Authorization"] = f"Bearer {token}"
    taken = {name.lower() for name in own}
    headers = {name: value for name, value in headers.items() if name.lower() not in taken} | own
    hidden = {name for name in own if name.lower() not in HARMLESS_HEADERS}
    hushed = [token, *secrets, *(own[name] for name in hidden if len(own[name]) >= 8)]
    mask, target = Mask(hushed), target_of(integration.url)
    return Request(
        target,
        headers,
        body,
        mask,
        mask(integration.url),
        Mask([*hushed, *target.parts_of_path]),
        frozenset(hidden | {"Authorization"}),
    )


def body_of(integration: Integration, template: str, story: Story) -> bytes:
    if template:
        values = story.variables() | secret_values_of(integration)
        body = filled_in(template, values).encode()
    else:
        body = json.dumps(story.default_body(), ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LARGEST_BODY:
        raise TooLarge(f"The body has {len(body):,} bytes; at most 20,000 are sent.")
    return body


def _signing_secrets(integration: Integration) -> list[str]:
    secret = integration.signing_secret
    if secret is None:
        return []
    found = [decrypt(secret.ciphertext), decrypt(secret.previous_ciphertext)]
    return [value for value in found if value]
