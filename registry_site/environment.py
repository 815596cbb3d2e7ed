"""What the environment asks for, turned into settings or refused with a sentence."""

from __future__ import annotations

import os
import secrets
import tempfile
import tomllib
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environ import Env

ALWAYS_ALLOWED_HOSTS = ("localhost", "127.0.0.1", "[::1]")

QUEUED_SQLITE = "registry_site.queued_sqlite3"

# Deferred transactions that turn into writers late are refused by SQLite however long the
# timeout is; taking the write lock at once makes writers wait for each other instead.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    # Seconds, for whoever comes past the queue: a shell of SQLite's, a copy being taken.
    "timeout": 20,
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"),
}


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings of one database. Without an address: SQLite in `folder`."""
    if not url:
        name = folder / "waymark.sqlite3"
        return {"ENGINE": QUEUED_SQLITE, "NAME": name, "OPTIONS": SQLITE_OPTIONS}
    settings: dict[str, Any] = Env.db_url_config(url)
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["ENGINE"] = QUEUED_SQLITE
        options.update(SQLITE_OPTIONS)
    elif settings["ENGINE"] == "django.db.backends.postgresql":
        settings["ENGINE"] = "registry_site.postgresql"
        settings["CONN_MAX_AGE"] = None
        settings["CONN_HEALTH_CHECKS"] = True
        # For the statements of accounts/statements.py; Django has all others written out.
        options["prepare_threshold"] = 5
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite://.")
    return settings


def base_url(text: str) -> str:
    """`text` as scheme and host, without a slash at the end; "" stays ""."""
    address = text.rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path):
        raise ImproperlyConfigured(
            f"WAYMARK_BASE_URL must be like https://registry.example.org, not {text}."
        )
    return address


def allowed_hosts(extra: list[str], base: str) -> list[str]:
    """The names this server answers to: always its own machine, then what is configured."""
    hosts = [*ALWAYS_ALLOWED_HOSTS, *extra]
    if base:
        name = urlsplit(base).hostname or ""
        hosts.append(f"[{name}]" if ":" in name else name)
    return list(dict.fromkeys(hosts))


def version(pyproject: Path) -> str:
    """As the project's own description has it."""
    described: str = tomllib.loads(pyproject.read_text())["project"]["version"]
    return described


def encryption_keys(given: list[str], folder: Path) -> list[str]:
    """Fernet keys for secrets in the database, the first of which encrypts.

    Without any, one is made once in `folder`, beside the secret key.
    """
    keys = [key.strip() for key in given if key.strip()]
    keys = keys or _kept(folder, "encryption_keys", _new_fernet_key).split()
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                "WAYMARK_ENCRYPTION_KEYS must be Fernet keys, comma separated: "
                "32 bytes each, in URL-safe base64."
            ) from error
    return keys


def outbound_allow(given: list[str]) -> list[str]:
    """Hosts and ranges that may be called though they are not public."""
    for text in given:
        if "/" in text:
            try:
                ip_network(text.strip())
            except ValueError as error:
                raise ImproperlyConfigured(
                    f"WAYMARK_OUTBOUND_ALLOW: “{text}” is neither a host nor a range "
                    "like 10.1.0.0/16."
                ) from error
    return given


def secret_key(folder: Path) -> str:
    """The key kept in `folder`, made on first use."""
    return _kept(folder, "secret_key", lambda: secrets.token_urlsafe(64))


def _new_fernet_key() -> str:
    return Fernet.generate_key().decode()


def _kept(folder: Path, name: str, new: Callable[[], str]) -> str:
    """What the file `name` holds; made when it is missing, readable by the owner alone.

    Processes that start together end up with the same: the first link wins.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}-")
        with os.fdopen(descriptor, "w") as file:
            file.write(new())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text()
