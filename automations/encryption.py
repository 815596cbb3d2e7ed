"""How secrets stand in the database: Fernet, by keys that are not in it.

The first of the keys encrypts, all of them decrypt, so that a key can be replaced: put the new
one first, restart, run `manage.py rotate_encryption_keys`, take the old one out.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from accounts.errors import Conflict

# Refusals of this code are about the process, not about the secret: another may have its key.
NO_KEY = "encryption_key"


def encrypt(text: str) -> str:
    """The form a column may hold; "" stays ""."""
    return _cipher(_keys()).encrypt(text.encode()).decode() if text else ""


def decrypt(ciphertext: str) -> str:
    """What was encrypted. Conflict when none of the keys is the one it was encrypted with."""
    if not ciphertext:
        return ""
    try:
        return _cipher(_keys()).decrypt(ciphertext).decode()
    except InvalidToken as error:
        raise Conflict(
            NO_KEY,
            "A secret was encrypted with a key this server no longer has. Write it anew.",
        ) from error


def rotate(ciphertext: str) -> str:
    """The same secret under the first key. Conflict as for `decrypt`."""
    return encrypt(decrypt(ciphertext))


def _keys() -> tuple[str, ...]:
    return tuple(settings.WAYMARK_ENCRYPTION_KEYS)


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
