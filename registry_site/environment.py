"""What the environment asks for, turned into settings or refused with a sentence."""

from __future__ import annotations

import re
import tomllib
import warnings
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

ALWAYS_ALLOWED_HOSTS = ("localhost", "127.0.0.1", "[::1]")
# A name, with a dot before it for all below it too, or an address in brackets.
HOST_NAME = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)

# As above without brackets and all below; what resolves in a network of one's own may have a _.
OUTBOUND_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?", re.IGNORECASE)

ON = {"1", "true", "yes", "on"}
OFF = {"0", "false", "no", "off"}

MOST_DIGITS_OF_PORT = 5
# Of what both databases count with.
MOST_DIGITS = 18

MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 587, "smtp+ssl": 465}
SECONDS_FOR_MAIL_SERVER = 10

QUEUED_SQLITE = "registry_site.queued_sqlite3"

# Deferred transactions that turn into writers late are refused by SQLite however long the
# timeout is; taking the write lock at once makes writers wait for each other instead.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    # Seconds, for whoever comes past the queue: a shell of SQLite's, a copy being taken.
    "timeout": 20,
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"),
}

# PostgreSQL compiles statements whose cost is guessed high, which takes seconds; all take less. And
# what is prepared (accounts/statements.py) it would plan for the first five values anew.
POSTGRESQL_OPTIONS = "-c jit=off -c plan_cache_mode=force_generic_plan"


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings of one database. Without an address: SQLite in `folder`."""
    if not url:
        name = folder / "waymark.sqlite3"
        return {
            "ENGINE": QUEUED_SQLITE,
            "NAME": name,
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,
        }
    settings = _parsed(url)
    settings["CONN_MAX_AGE"] = None
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        if options.keys() - SQLITE_OPTIONS.keys():
            raise ImproperlyConfigured("DATABASE_URL of SQLite is a path alone, without options.")
        settings["ENGINE"] = QUEUED_SQLITE
        options.update(SQLITE_OPTIONS)
    elif settings["ENGINE"] == "django.db.backends.postgresql":
        if not settings["NAME"] and "service" not in options:
            raise _no_database()
        settings["ENGINE"] = "registry_site.postgresql"
        options["options"] = f"{options.get('options', '')} {POSTGRESQL_OPTIONS}".strip()
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite://.")
    return settings


def _parsed(url: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            # Of a scheme it does not know the library prints everything, the password too.
            warnings.simplefilter("ignore")
            settings: dict[str, Any] = Env.db_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise _no_database() from error
    if not settings.get("ENGINE") or any("\0" in str(value) for value in settings.values()):
        raise _no_database()
    return settings


def _no_database() -> ImproperlyConfigured:
    """Without the address: it may hold a password."""
    return ImproperlyConfigured(
        "DATABASE_URL must be like postgres://name:password@host:5432/database or "
        "sqlite:////folder/name.sqlite3."
    )


def base_url(text: str) -> str:
    """`text` as scheme and host, without a slash at the end; "" stays ""."""
    try:
        return _scheme_and_host(text.rstrip("/")) if text else ""
    except ValueError as error:
        raise ImproperlyConfigured(
            f"WAYMARK_BASE_URL must be like https://registry.example.org, not {text}."
        ) from error


def _scheme_and_host(address: str) -> str:
    """ValueError for what has more to it, or less."""
    parts = urlsplit(address)
    scheme, port = parts.scheme, "" if parts.port is None else f":{parts.port}"
    name = _bracketed(parts.hostname or "")
    is_host = HOST_NAME.fullmatch(name) and not name.startswith(".")
    if scheme not in {"http", "https"} or not is_host or port == ":0":
        raise ValueError(address)
    # Scheme and host are the same in capitals, and what is compared with them is not.
    whole = f"{scheme}://{name}{port}"
    if whole != address.lower():
        raise ValueError(address)
    return whole


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def port(env: Env) -> int:
    """The port to listen on."""
    text = env.str("PORT", default="") or "8000"
    if not text.isdecimal() or len(text) > MOST_DIGITS_OF_PORT or not 0 < int(text) < 2**16:
        raise ImproperlyConfigured(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def local_url(host: str, port: int) -> str:
    """Where people on this machine reach a server that listens on `host`."""
    return f"http://{_bracketed(reachable(host))}:{port}"


def reachable(host: str) -> str:
    """An address of this machine for `host`, which may mean all its addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 compared, not bound


def allowed_hosts(extra: list[str], base: str) -> list[str]:
    """The names this server answers to: always its own machine, then what is configured."""
    for name in extra:
        _require_host_name(name)
    hosts = [*ALWAYS_ALLOWED_HOSTS, *extra]
    if base:
        hosts.append(_bracketed(urlsplit(base).hostname or ""))
    return list(dict.fromkeys(hosts))


def _require_host_name(name: str) -> None:
    if "*" in name or (name.startswith(".") and name.count(".") == 1):
        raise ImproperlyConfigured(
            f"WAYMARK_ALLOWED_HOSTS: “{name}” lets anybody make links to a place of their own. "
            "List the names people use."
        )
    if not HOST_NAME.fullmatch(name):
        raise ImproperlyConfigured(
            f"WAYMARK_ALLOWED_HOSTS lists names like registry.example.org, without scheme and "
            f"port, not {name}."
        )


def is_loopback(name: str) -> bool:
    """Whether a host, as a name or an address, is this machine to itself alone."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def switch(env: Env, name: str, *, default: bool) -> bool:
    """A setting that is on or off. A word that is neither would be taken for off in silence."""
    text = env.str(name, default="").strip().lower()
    if text and text not in ON | OFF:
        raise ImproperlyConfigured(f"{name} is 1 or 0, not {text}.")
    return text in ON if text else default


def amount(env: Env, name: str) -> int | None:
    """A whole number; nothing and 0 are None, no end."""
    text = env.str(name, default="").strip()
    if text and not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(f"{name} is a whole number, not {text}.")
    if len(text) > MOST_DIGITS:
        raise ImproperlyConfigured(f"{name} has at most {MOST_DIGITS} digits.")
    return int(text or 0) or None


def mail(url: str) -> dict[str, Any]:
    """Django's settings of mail. Without an address letters appear where the server was started."""
    scheme = url.partition("://")[0]
    try:
        found: dict[str, Any] = Env.email_url_config(url or "consolemail://")
    except (ImproperlyConfigured, ValueError) as error:
        raise _no_mail_server() from error
    if not url:
        return found
    if scheme not in MAIL_PORTS or not found["EMAIL_HOST"]:
        raise _no_mail_server()
    if scheme == "smtp" and found["EMAIL_HOST_PASSWORD"] and not is_loopback(found["EMAIL_HOST"]):
        raise ImproperlyConfigured(
            f"EMAIL_URL would send its password to {found['EMAIL_HOST']} in the clear. "
            "Begin it with smtp+tls:// (STARTTLS) or smtp+ssl://."
        )
    found["EMAIL_PORT"] = found["EMAIL_PORT"] or MAIL_PORTS[scheme]
    return found | {"EMAIL_TIMEOUT": found.get("EMAIL_TIMEOUT", SECONDS_FOR_MAIL_SERVER)}


def _no_mail_server() -> ImproperlyConfigured:
    """Without the address: it may hold a password."""
    return ImproperlyConfigured(
        "EMAIL_URL must be like smtp+tls://name:password@mail.example.org:587, with signs such as "
        "@ and / of name and password written as %40 and %2F."
    )


def version(pyproject: Path) -> str:
    """As the project's own description has it."""
    described: str = tomllib.loads(pyproject.read_text())["project"]["version"]
    return described


def outbound_allow(given: list[str]) -> list[str]:
    """Hosts and ranges that may be called though they are not public."""
    for text in filter(None, map(str.strip, given)):
        _require_outbound(text)
    return given


def _require_outbound(text: str) -> None:
    if "/" not in text and OUTBOUND_NAME.fullmatch(text):
        return
    try:
        allowed = ip_network(text.strip("[]"))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"WAYMARK_OUTBOUND_ALLOW: “{text}” is neither a host like ci.example.org nor a range "
            "like 10.1.0.0/16."
        ) from error
    if allowed.prefixlen == 0:
        raise ImproperlyConfigured(
            f"WAYMARK_OUTBOUND_ALLOW: “{text}” would let webhooks reach everything this server "
            "reaches. Name the hosts and ranges that are meant."
        )
