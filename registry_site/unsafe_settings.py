"""Settings that are right one by one and under which a server should not run all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from registry_site.environment import is_loopback

OTHERS = 0o007


def refuse_unsafe(host: str) -> None:
    """ImproperlyConfigured with the first sentence that applies to a server listening on `host`."""
    for sentence in _complaints(host):
        raise ImproperlyConfigured(sentence)


def _complaints(host: str) -> Iterator[str]:
    yield from _of_addresses(host, settings.WAYMARK_BASE_URL)
    yield from _of_data_folder(Path(settings.WAYMARK_DATA))
    if connection.vendor == "sqlite" and ":memory:" in str(connection.settings_dict["NAME"]):
        yield "DATABASE_URL names a database in memory: everything would be gone at the end."


def _of_addresses(host: str, base: str) -> Iterator[str]:
    """Passwords and keys travel in what this server sends and takes, and it speaks no TLS."""
    if not base and not is_loopback(host):
        yield (
            f"HOST={host} lets other machines in, so WAYMARK_BASE_URL must be the address people "
            "use, for example https://registry.example.org."
        )
    address = urlsplit(base)
    is_plain = address.scheme == "http" and not is_loopback(address.hostname or "")
    if is_plain and not settings.WAYMARK_ALLOW_PLAIN_HTTP:
        yield (
            f"{base} would carry passwords and keys in the clear. Put a proxy with TLS before "
            "this server and begin WAYMARK_BASE_URL with https://; docs/self-hosting.md shows how. "
            "In a network where nobody listens, WAYMARK_ALLOW_PLAIN_HTTP=1 lets it start."
        )
    if address.scheme == "https" and not settings.WAYMARK_TRUSTED_PROXIES:
        yield (
            f"{base} is served by a proxy, because this server speaks no TLS. Name it in "
            "WAYMARK_TRUSTED_PROXIES (127.0.0.1 if it runs on this machine), or everybody behind "
            "it counts as one visitor and some wrong passwords lock all of them out."
        )


def _of_data_folder(folder: Path) -> Iterator[str]:
    if folder.exists() and folder.stat().st_mode & OTHERS:
        yield (
            f"Everybody on this machine can look into {folder}, which holds keys and files. "
            f"Close it: chmod o-rwx {folder}"
        )
