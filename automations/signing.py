"""Signatures of a message, by three conventions, and the secrets they are made with."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from automations.models import Integration

STANDARD_PREFIX = "whsec_"


def new_signing_secret() -> str:
    """For the one who asks for it to hand to both sides: 32 random bytes."""
    return STANDARD_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature_headers(
    values: list[str], encoding: str, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """For none, one, or while it is rotated two secrets, the newest first."""
    if not values:
        return {}
    signed = f"{message_id}.{timestamp}.".encode() + body
    standard = [
        base64.b64encode(hmac.digest(standard_key(secret), signed, hashlib.sha256)).decode()
        for secret in values
    ]
    of_body = hmac.digest(values[0].encode(), body, hashlib.sha256)
    is_hex = encoding == Integration.SignatureEncoding.HEX
    return {
        "webhook-signature": " ".join(f"v1,{signature}" for signature in standard),
        "X-Wandb-Signature": of_body.hex() if is_hex else base64.b64encode(of_body).decode(),
        "X-Hub-Signature-256": f"sha256={of_body.hex()}",
    }


def standard_key(secret: str) -> bytes:
    """Standard Webhooks: what `whsec_` encodes. Another secret counts as its own letters."""
    if secret.startswith(STANDARD_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(STANDARD_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
