"""Faults of the database that are no faults of the program, as sentences.

Its disk is full, it takes no changes for a while (a standby, a folder mounted read-only), or it
does not answer.
"""

from __future__ import annotations

import sqlite3

from django.db import Error, InterfaceError, OperationalError

from accounts.errors import Full, RegistryError, Unavailable

DISK_FULL, READ_ONLY = "53100", "25006"  # of SQLSTATE


def refusal_of(fault: BaseException | None) -> RegistryError | None:
    """None of whatever is something else."""
    if not isinstance(fault, Error):
        return None
    if _is(fault, sqlite3.SQLITE_FULL, DISK_FULL):
        return Full("disk_full", "The disk of this server is full. Nothing was kept.")
    if _is(fault, sqlite3.SQLITE_READONLY, READ_ONLY):
        sentence = "The database takes no changes for now. Nothing was kept; try again later."
        return Unavailable("database_read_only", sentence)
    if isinstance(fault, InterfaceError | OperationalError):
        return Unavailable("database_unavailable", "The database does not answer; try again.")
    return None


def _is(fault: Error, of_sqlite: int, of_postgresql: str) -> bool:
    """The lowest eight bits of SQLite's codes tell the kind, the others its cause."""
    code = getattr(fault.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return bool(code & 0xFF == of_sqlite)
    return getattr(fault.__cause__, "sqlstate", None) == of_postgresql
