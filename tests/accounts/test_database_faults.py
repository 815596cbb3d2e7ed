from __future__ import annotations

import sqlite3

import psycopg.errors
import pytest
from django.db import DataError, IntegrityError, InterfaceError, InternalError, OperationalError

from accounts.database_faults import refusal_of


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("fault", "cause", "code", "status"),
    [
        (OperationalError, of_sqlite(sqlite3.SQLITE_FULL), "disk_full", 413),
        (OperationalError, psycopg.errors.DiskFull(), "disk_full", 413),
        (OperationalError, of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), "database_read_only", 503),
        (InternalError, psycopg.errors.ReadOnlySqlTransaction(), "database_read_only", 503),
        (OperationalError, psycopg.errors.AdminShutdown(), "database_unavailable", 503),
        (OperationalError, of_sqlite(sqlite3.SQLITE_IOERR), "database_unavailable", 503),
        (InterfaceError, None, "database_unavailable", 503),
    ],
)
def test_a_fault_of_the_database_is_told_by_what_it_is(fault, cause, code, status):
    error = fault()
    error.__cause__ = cause
    refusal = refusal_of(error)
    assert (refusal.code, refusal.status) == (code, status)


@pytest.mark.parametrize(
    "error", [None, IntegrityError(), DataError(), InternalError(), OSError(), ValueError()]
)
def test_whatever_else_goes_wrong_is_none(error):
    assert refusal_of(error) is None
