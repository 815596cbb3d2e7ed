"""The database on SQLite before the first test: kept, to be there at once and to go back to.

Running every migration takes seconds. Emptying every table after a test, and making content
types and permissions anew, takes twenty times as long as putting the file back.

    python -m tests.machine.untouched

makes the tables before several runs of tests that begin at once would each make them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

PACKAGES = Path("constraints.txt")
# Where pytest's own cache keeps a folder of this name.
KEPT = Path(".pytest_cache/d/tables")


def lay_out(kept: Path) -> None:
    """The tables where Django will look for those of the tests, if an earlier run left them. What
    it does then is look whether a migration is missing."""
    if (tables := _place(kept)).exists():
        shutil.copyfile(tables, connection.settings_dict["TEST"]["NAME"])


def go_back_after_each_test(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Called once, when the tables are there. Those tests go back that commit what they do."""
    untouched = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    _driver().backup(untouched)
    _keep(untouched, _place(kept))

    def go_back(test: TransactionTestCase) -> None:
        connection.ensure_connection()
        untouched.backup(_driver())

    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", go_back)


def _driver() -> Any:
    """The connection below Django's."""
    return connection.connection


def _place(kept: Path) -> Path:
    """Another file for other migrations or packages."""
    folders = [Path(app.path) for app in apps.get_app_configs()]
    migrations = sorted(file for folder in folders for file in folder.glob("migrations/*.py"))
    read = sha256()
    for file in (PACKAGES, *migrations):
        read.update(file.read_bytes())
    return kept / f"{read.hexdigest()}.sqlite3"


def _keep(untouched: sqlite3.Connection, place: Path) -> None:
    """Whole or not at all; of several processes the last one's."""
    if place.exists():
        return
    partial = Path(connection.settings_dict["NAME"]).with_suffix(".partial")
    with sqlite3.connect(partial) as copy:
        untouched.backup(copy)
    copy.close()
    shutil.copyfile(partial, near := place.with_name(f"{partial.parent.name}-{partial.name}"))
    near.replace(place)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    KEPT.mkdir(parents=True, exist_ok=True)
    if _place(KEPT).exists():
        return
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    _keep(_driver(), _place(KEPT))


if __name__ == "__main__":
    main()
