"""Databases with their folders of files, copied so that each step of a test has one to itself."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections

from registry_site.environment import SQLITE_OPTIONS
from tests.machine.memory import memory


@dataclass(frozen=True)
class Place:
    """`database` is the path of a SQLite file or the name of a PostgreSQL database."""

    database: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What tells a program of its own to work here."""
        address = ""
        if connection.vendor == "postgresql":
            address = "{}/{}".format(os.environ["DATABASE_URL"].rpartition("/")[0], self.database)
        return {"DATABASE_URL": address, "WAYMARK_DATA": str(self.folder)}

    def move_in(self) -> None:
        """Lets this process work here, with the product's own options. For children only."""
        described = connections.settings["default"]
        described["NAME"] = self.database
        if connection.vendor == "sqlite":
            described["OPTIONS"] = dict(SQLITE_OPTIONS)
        settings.WAYMARK_DATA = self.folder


@contextmanager
def copy_of(place: Place) -> Iterator[Place]:
    """Nobody may be connected to `place` meanwhile."""
    close_connections()
    folder = Path(tempfile.mkdtemp(prefix="waymark-place-", dir=memory()))
    database = _copy_database(place.database, folder)
    try:
        if (place.folder / "files").exists():
            shutil.copytree(place.folder / "files", folder / "files")
        yield Place(database, folder)
    finally:
        _drop_database(database)
        shutil.rmtree(folder)


def tests_own_place() -> Place:
    """The migrated and otherwise empty database the test runner made."""
    return Place(str(connections.settings["default"]["NAME"]), Path(settings.WAYMARK_DATA))


def close_connections() -> None:
    """Nothing open may be shared with a child, nor keep a database from being copied."""
    for each in connections.all(initialized_only=True):
        each.close()
        if hasattr(each, "close_pool"):
            each.close_pool()


def server_address(database: str) -> dict[str, Any]:
    """Keywords for psycopg to reach `database` on the server of the tests."""
    described = connections.settings["default"]
    return {
        "host": described["HOST"],
        "port": described["PORT"],
        "user": described["USER"],
        "password": described["PASSWORD"],
        "dbname": database,
        "autocommit": True,
    }


def _copy_database(source: str, folder: Path) -> str:
    if connection.vendor == "sqlite":
        copy = str(folder / "waymark.sqlite3")
        for suffix in ("", "-wal"):
            if Path(source + suffix).exists():
                shutil.copyfile(source + suffix, copy + suffix)
        return copy
    copy = f"waymark_place_{secrets.token_hex(6)}"
    _order(f'CREATE DATABASE "{copy}" TEMPLATE "{source}" STRATEGY FILE_COPY')
    return copy


def _drop_database(name: str) -> None:
    if connection.vendor == "postgresql":
        _order(f'DROP DATABASE "{name}" WITH (FORCE)')


def _order(statement: str) -> None:
    with psycopg.connect(**server_address("postgres")) as server:
        server.execute(statement.encode())
