"""What was granted to a webhook: secrets, by the names templates call them, and headers."""

from __future__ import annotations

import json

from automations.encryption import decrypt
from automations.models import Integration, Secret
from automations.templates import ACCESS_TOKEN


def secret_names_of(integration: Integration) -> frozenset[str]:
    return frozenset(name for name, _ in _granted(integration))


def secret_values_of(integration: Integration) -> dict[str, str]:
    """Name → value, decrypted, for one message."""
    return {name: decrypt(secret.ciphertext) for name, secret in _granted(integration)}


def headers_of(integration: Integration) -> dict[str, str]:
    """Name → value, as they are sent. Never for a page: values may be secrets."""
    found = decrypt(integration.headers_ciphertext)
    headers: dict[str, str] = json.loads(found) if found else {}
    return headers


def header_names_of(integration: Integration) -> list[str]:
    """What a page may show of them."""
    return list(headers_of(integration))


def _granted(integration: Integration) -> list[tuple[str, Secret]]:
    token, signing = integration.access_token, integration.signing_secret
    granted = [(secret.name, secret) for secret in (token, signing) if secret is not None]
    return [*granted, (ACCESS_TOKEN, token)] if token is not None else granted
