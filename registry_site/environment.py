"""What the environment asks for, turned into settings or refused with a sentence."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

ALWAYS_ALLOWED_HOSTS = ("localhost", "127.0.0.1", "[::1]")

# Deferred transactions that turn into writers late are refused by SQLite however long the
# timeout is; taking the write lock at once makes writers wait for each other instead.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    # SQLite's waiting writers poll and do not queue: among 32 of them one may be passed over
    # for long. Seconds.
    "timeout": 120,
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"),
}


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings of one database. Without an address: SQLite in `folder`."""
    if not url:
        engine = "django.db.backends.sqlite3"
        return {"ENGINE": engine, "NAME": folder / "waymark.sqlite3", "OPTIONS": SQLITE_OPTIONS}
    settings: dict[str, Any] = Env.db_url_config(url)
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        options.update(SQLITE_OPTIONS)
    elif settings["ENGINE"] == "django.db.backends.postgresql":
        # Checked when taken from the pool, so that a restarted server is noticed.
        settings["CONN_HEALTH_CHECKS"] = True
        options["pool"] = {"min_size": 1, "max_size": 10, "timeout": 5}
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


def secret_key(folder: Path) -> str:
    """The key kept in `folder`, made on first use and readable by the owner alone.

    Processes that start together end up with the same key: the first link wins.
    """
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".secret_key-")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text()
