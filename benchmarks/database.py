"""A database of its own for one run, and this process working on it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from benchmarks.databases import POSTGRESQL_OPTIONS
from benchmarks.processors import postmaster_of
from tests.machine.postgresql import served_postgresql


@contextmanager
def durable_postgresql() -> Iterator[tuple[str, int]]:
    """The address of an empty one and its first process. A commit is on the disk when answered."""
    with (
        tempfile.TemporaryDirectory(prefix="waymark-postgresql-") as name,
        served_postgresql(Path(name), POSTGRESQL_OPTIONS) as address,
    ):
        yield address, postmaster_of(Path(name))


def connect(folder: Path, database: str) -> None:
    """This process works on that database from now on, with all its tables."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "registry_site.settings",
        "DATABASE_URL": database,
        "WAYMARK_DATA": str(folder),
    }
    django.setup()
    from registry_site.preparation import prepare_database

    prepare_database()
