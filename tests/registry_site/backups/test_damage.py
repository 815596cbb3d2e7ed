"""A backup that is not what it says is refused before anything of it is put back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from registry_site.backups.databases import NAMES
from registry_site.backups.notes import read_note
from tests.registry_site.backups.homes import (
    as_before,
    lines_of,
    manage,
    refused,
    run,
    versions_in,
    writer,
)

pytestmark = pytest.mark.django_db(transaction=True)


def database_of(copy: Path) -> Path:
    return copy / NAMES[connection.vendor]


def overwrite(path: Path) -> None:
    """The second half, as a disk does that goes bad: the size stays."""
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(content[:half] + b"\xa5" * (len(content) - half))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def forget_files(copy: Path) -> None:
    (copy / "files.json").write_text("[]")
    shutil.rmtree(copy / "files")


def overwrite_one_file(copy: Path) -> None:
    overwrite(sorted((copy / "files").rglob("sha256/*/*"))[-1])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a database overwritten": lambda copy: overwrite(database_of(copy)),
    "a database cut": lambda copy: cut(database_of(copy)),
    "no database": lambda copy: database_of(copy).unlink(),
    "no files": forget_files,
    "a list cut": lambda copy: cut(copy / "files.json"),
    "no list": lambda copy: (copy / "files.json").unlink(),
    "a file overwritten": overwrite_one_file,
    "a key overwritten": lambda copy: overwrite(copy / "encryption_keys"),
    "no key": lambda copy: (copy / "secret_key").unlink(),
    "a note of something else": lambda copy: (copy / "backup.json").write_text("[]"),
    "a note cut": lambda copy: cut(copy / "backup.json"),
}


def is_one_sentence(told: str) -> bool:
    return told.startswith("CommandError: ") and len(told.splitlines()) == 1


def test_whatever_is_damaged_is_told_and_nothing_is_put_back(copy, new_home, tmp_path):
    folder = Path(new_home["WAYMARK_DATA"])
    for case, damage in DAMAGES.items():
        damaged = shutil.copytree(copy, tmp_path / case)
        damage(damaged)
        told = refused(new_home, "restore", str(damaged))
        assert is_one_sentence(told), (case, told)
        assert "newer" not in told, case
        assert not (folder / "files").exists(), case
        assert not (folder / "files.part").exists(), case
    manage(new_home, "restore", str(copy))
    assert len(versions_in(new_home)) >= 3


def test_a_backup_of_an_older_version_goes_back_and_its_damages_are_told_too(
    copy, new_home, tmp_path
):
    as_before(copy)
    for case in ("no files", "a file overwritten", "no database", "a database cut"):
        damaged = shutil.copytree(copy, tmp_path / case)
        DAMAGES[case](damaged)
        if case != "a database cut" or connection.vendor == "sqlite":
            assert is_one_sentence(refused(new_home, "restore", str(damaged))), case
    manage(new_home, "restore", str(copy))
    assert len(versions_in(new_home)) >= 3


def test_a_backup_of_the_other_kind_of_database_says_so(copy, new_home):
    note = json.loads((copy / "backup.json").read_text())
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    (copy / "backup.json").write_text(json.dumps(note | {"database": other}))
    assert "Set DATABASE_URL to a database of the kind" in refused(new_home, "restore", str(copy))


@pytest.mark.parametrize("damage", [overwrite, lambda path: path.write_bytes(b"nothing of SQLite")])
def test_a_damaged_database_of_sqlite_is_not_backed_up_as_good(damage, home, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    with writer(home) as process:
        lines_of(process, 2)
    database = Path(home["WAYMARK_DATA"]) / "waymark.sqlite3"
    # Brings what is beside the file into it.
    run(home, "-c", f"import sqlite3; sqlite3.connect({str(database)!r}).execute('VACUUM')")
    damage(database)
    assert is_one_sentence(refused(home, "backup", str(tmp_path / "copy")))
    assert not list(tmp_path.glob("copy*"))


def test_a_note_that_is_no_text_is_damaged(tmp_path):
    (tmp_path / "backup.json").write_bytes(b"\xff")
    with pytest.raises(CommandError, match="This backup is damaged"):
        read_note(tmp_path)


def test_a_note_that_cannot_be_read_is_not_called_missing(tmp_path):
    (tmp_path / "backup.json").mkdir()
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        read_note(tmp_path)
