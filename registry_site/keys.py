"""The keys of this server: given by the environment, else made once and kept in the data folder."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32
FEWEST_CHARACTERS_OF_KEY = 8
CHARACTERS_OF_FERNET_KEY = 44
BETWEEN_KEYS = re.compile(r"[,\s]+")


def encryption_keys(given: str, folder: Path) -> list[str]:
    """Fernet keys for secrets in the database, the first of which encrypts.

    Without any, one is made once in `folder`, beside the secret key. What the file there holds may
    be given as it is, so both are divided the same way.
    """
    keys = _divided(given)
    if keys:
        _require_fernet_keys(keys, "WAYMARK_ENCRYPTION_KEYS must be Fernet keys, comma separated")
        return keys
    keys = _divided(_kept(folder, "encryption_keys", _new_fernet_key))
    _require_fernet_keys(
        keys,
        f"{folder / 'encryption_keys'} must hold the Fernet keys of the secrets in the database. "
        "Put it back from a backup; on a server without secrets remove it. The keys are",
    )
    return keys


def _divided(text: str) -> list[str]:
    return [key for key in BETWEEN_KEYS.split(text) if key]


def _require_fernet_keys(keys: list[str], wanted: str) -> None:
    if not keys or not all(map(_is_fernet_key, keys)):
        raise ImproperlyConfigured(
            f"{wanted}: {CHARACTERS_OF_FERNET_KEY} characters each, 32 bytes in URL-safe base64."
        )


def _is_fernet_key(key: str) -> bool:
    """Fernet alone takes anything after the end of a key for nothing."""
    if len(key) != CHARACTERS_OF_FERNET_KEY:
        return False
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def secret_key(given: str, folder: Path) -> str:
    """The one given; without, the key kept in `folder`, made on first use."""
    if given:
        _require_by_chance(
            given,
            "WAYMARK_SECRET_KEY",
            "Without it Waymark makes one and keeps it in the data folder.",
        )
        return given
    kept = _kept(folder, "secret_key", lambda: secrets.token_urlsafe(64))
    _require_by_chance(
        kept.strip(),
        str(folder / "secret_key"),
        "Put it back from a backup. Without the file Waymark makes another: everybody signs in "
        "anew then, and sets up their second factor again.",
    )
    return kept


def _require_by_chance(key: str, where: str, what_to_do: str) -> None:
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS_OF_KEY:
        raise ImproperlyConfigured(
            f"{where} can be guessed: it needs {SHORTEST_KEY} characters by chance. {what_to_do}"
        )


def _new_fernet_key() -> str:
    return Fernet.generate_key().decode()


def _kept(folder: Path, name: str, new: Callable[[], str]) -> str:
    """What the file `name` holds; made when it is missing, readable by the owner alone."""
    path = folder / name
    try:
        if not path.exists():
            _make(path, new())
        return path.read_text()
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(
            f"{path} is damaged: it is no text. Put it back from a backup."
        ) from error
    except OSError as error:
        raise ImproperlyConfigured(
            f"WAYMARK_DATA={folder} cannot hold the keys of this server ({error.strerror}). Give "
            "it a folder that whoever runs Waymark may write."
        ) from error


def _make(path: Path, content: str) -> None:
    """Processes that start together end up with the same: the first link wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
