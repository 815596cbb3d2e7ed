"""Which server a command worked on. Most that goes wrong with one is that it was another."""

from __future__ import annotations

from django.conf import settings
from django.db import connection


def settings_in_use() -> str:
    """Sentences without secrets."""
    return (
        f"WAYMARK_DATA is {settings.WAYMARK_DATA} and the database {_database()}. A command needs "
        "the settings the server runs with: see Commands in docs/self-hosting.md."
    )


def _database() -> str:
    described = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(described["NAME"])
    host = described["HOST"] or "this machine"
    return f"{described['NAME']} of PostgreSQL on {host}"


def on_one_line(error: Exception) -> str:
    """What a database or a system says of a fault, with one full stop at its end."""
    return " ".join(str(error).split()).rstrip(".") + "."
