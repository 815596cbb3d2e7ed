"""Copying a database as of one moment, and putting a copy into an empty one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]
    register as register_functions,
)
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from registry_site.settings_in_use import settings_in_use

# What a file's row tells: SHA-256 in hex, bytes.
StoredFile = tuple[str, int]

# Other people of the machine see what a program is called with.
SECRETS = {"password", "sslpassword"}
TABLE = "artifacts_storedfile"
FILES = f"SELECT sha256, size FROM {TABLE} ORDER BY sha256"  # noqa: S608 ours
# An extension often belongs to a superuser, who alone may comment on it. Backups of before hold
# comments, so both programs leave them out.
NO_COMMENTS = "--no-comments"
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def copy_database(folder: Path) -> list[StoredFile]:
    """Writes the copy into `folder`; the files it knows of."""
    path = folder / NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        return _copy_sqlite(path)
    return _copy_postgresql(path)


def is_empty() -> bool:
    return not connection.introspection.table_names()


def refuse_tableless() -> None:
    """CommandError for a database no server has started on."""
    if TABLE not in connection.introspection.table_names():
        raise CommandError(f"There is nothing to back up. {settings_in_use()}")


def refuse_filled(kind: str) -> None:
    """CommandError for a database that has tables already or is of another kind."""
    if kind != connection.vendor:
        raise CommandError(
            f"This backup is not of {connection.display_name}. Set DATABASE_URL to a database of "
            "the kind it was made of."
        )
    if not is_empty():
        raise CommandError(
            "This database has tables. A backup goes into an empty one: nothing was changed."
        )


def refuse_damaged(folder: Path) -> None:
    """CommandError for a copy that is missing, or that SQLite finds wrong. Backups of before have
    no SHA-256 of it."""
    path = folder / NAMES[connection.vendor]
    if not path.exists():
        raise CommandError(f"This backup is not whole: {path.name} is missing.")
    if connection.vendor == "sqlite":
        with closing(_opened(path)) as copy:
            _check(copy, "This backup is damaged")


def put_database(folder: Path) -> None:
    """The database is empty: `refuse_filled` was asked before."""
    path = folder / NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        _put_sqlite(path)
    else:
        whole = ("--no-owner", NO_COMMENTS, "--exit-on-error", "--single-transaction")
        _run("pg_restore", *whole, str(path))


def _copy_sqlite(path: Path) -> list[StoredFile]:
    """In one go: SQLite's own copying in steps begins anew with every write."""
    connection.ensure_connection()
    source = cast("sqlite3.Connection", connection.connection)
    with closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        _check(copy, "The database of this server is damaged, so no backup was made")
        found: list[StoredFile] = copy.execute(FILES).fetchall()
    _flush(path)
    return found


def _check(copy: sqlite3.Connection, sentence: str) -> None:
    """Every page. The rules of tables ask functions that Django brings."""
    register_functions(copy)
    try:
        told = [str(row[0]) for row in copy.execute("PRAGMA quick_check(1)")]
    except sqlite3.DatabaseError as error:
        told = [str(error)]
    if told != ["ok"]:
        raise CommandError(f"{sentence}: {' '.join(told[0].split())}.")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def _put_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(_opened(path)) as copy:
        copy.backup(cast("sqlite3.Connection", connection.connection))
    connection.close()


def _copy_postgresql(path: Path) -> list[StoredFile]:
    """The dump and the list of files are of the same moment."""
    with _one_moment() as (cursor, moment):
        cursor.execute(FILES)
        found = list(cursor.fetchall())
        _run("pg_dump", NO_COMMENTS, "--format=custom", f"--snapshot={moment}", f"--file={path}")
    _flush(path)
    return found


@contextmanager
def _one_moment() -> Iterator[tuple[Any, str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, str(cursor.fetchone()[0])


def _run(program: str, *arguments: str) -> None:
    """A program of PostgreSQL on our database. Its password is told where nobody sees it."""
    path = shutil.which(program)
    if path is None:
        raise CommandError(f"{program} is not installed (Debian: postgresql-client).")
    address, password = _address()
    done = subprocess.run(  # noqa: S603 a program of PostgreSQL with paths of ours
        [path, f"--dbname={address}", *arguments],
        env=os.environ | password,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{program} failed: {done.stderr.strip()}")


def _address() -> tuple[str, dict[str, str]]:
    """With all that DATABASE_URL asks of a connection, TLS above all; the password beside it."""
    asked = connection.get_connection_params()
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} - SECRETS
    address = make_conninfo(**{name: asked[name] for name in known & asked.keys()})
    return address, {"PGPASSWORD": asked["password"]} if "password" in asked else {}


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
