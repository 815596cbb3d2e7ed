"""Which secrets were granted to a webhook, by the names templates call them."""

from __future__ import annotations

from automations.encryption import decrypt
from automations.models import Integration, Secret
from automations.templates import ACCESS_TOKEN


def secret_names_of(integration: Integration) -> frozenset[str]:
    return frozenset(name for name, _ in _granted(integration))


def secret_values_of(integration: Integration) -> dict[str, str]:
    """Name → value, decrypted, for one message."""
    return {name: decrypt(secret.ciphertext) for name, secret in _granted(integration)}


def _granted(integration: Integration) -> list[tuple[str, Secret]]:
    token, signing = integration.access_token, integration.signing_secret
    granted = [(secret.name, secret) for secret in (token, signing) if secret is not None]
    return [*granted, (ACCESS_TOKEN, token)] if token is not None else granted
