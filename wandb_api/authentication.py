"""API keys on requests, as the SDK sends them: `Basic base64("api:" + key)`, or Bearer."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest

from accounts.models import User
from accounts.operations.api_keys import user_of_api_key


def user_of_request(request: HttpRequest) -> User | None:
    """Whose live key the request carries. Keys in addresses are not looked at."""
    scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    secret = _key(scheme.lower(), credentials.strip())
    return user_of_api_key(secret) if secret else None


def _key(scheme: str, credentials: str) -> str | None:
    if scheme == "bearer":
        return credentials
    if scheme != "basic":
        return None
    try:
        _, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return password
