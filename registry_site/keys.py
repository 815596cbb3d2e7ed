"""The keys of this server: given by the environment, else made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32
FEWEST_CHARACTERS_OF_KEY = 8


def encryption_keys(given: list[str], folder: Path) -> list[str]:
    """Fernet keys for secrets in the database, the first of which encrypts.

    Without any, one is made once in `folder`, beside the secret key.
    """
    keys = [key.strip() for key in given if key.strip()]
    if keys:
        _require_fernet_keys(keys, "WAYMARK_ENCRYPTION_KEYS must be Fernet keys, comma separated")
        return keys
    keys = _kept(folder, "encryption_keys", _new_fernet_key).split()
    _require_fernet_keys(
        keys,
        f"{folder / 'encryption_keys'} must hold the Fernet keys of the secrets in the database. "
        "Put it back from a backup; on a server without secrets remove it. The keys are",
    )
    return keys


def _require_fernet_keys(keys: list[str], wanted: str) -> None:
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        keys = []
    if not keys:
        raise ImproperlyConfigured(f"{wanted}: 32 bytes each, in URL-safe base64.")


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
