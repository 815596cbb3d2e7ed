"""The drill: back up under load, restore into nothing, look at every byte."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.callers import OPERATOR
from artifacts.models import StoredFile
from artifacts.operations.cleaning import remove_unreferenced_files
from artifacts.storage import place_of
from registries.models import Version
from registries.operations.sources import delete_source
from tests.faults import places
from tests.personas import caller_of
from tests.registry_site.backups.homes import (
    SECONDS,
    environment,
    lines_of,
    manage,
    other_end,
    refused,
    versions_in,
    writer,
)
from tests.things import log

pytestmark = pytest.mark.django_db(transaction=True)

ACKNOWLEDGED_BEFORE = 12


def test_everything_acknowledged_before_a_backup_is_back_with_its_bytes(home, new_home, tmp_path):
    with writer(home) as process:
        before = lines_of(process, ACKNOWLEDGED_BEFORE)
        assert "secrets" in manage(home, "backup", str(tmp_path / "copy"))
        after = lines_of(process, 1)
        assert after[0].startswith("v")
    manage(new_home, "restore", str(tmp_path / "copy"))
    back = versions_in(new_home)
    assert before == back[: len(before)]
    assert len({line.split()[0] for line in back}) == len(back)
    for key in ("secret_key", "encryption_keys"):
        kept = [(Path(each["WAYMARK_DATA"]) / key).read_text() for each in (home, new_home)]
        assert kept[0] == kept[1]


def test_a_backup_takes_no_other_place_and_a_restore_covers_nothing(home, new_home, tmp_path):
    with writer(home) as process:
        lines_of(process, 2)
    copy = tmp_path / "copy"
    manage(home, "backup", str(copy))
    assert "exists" in refused(home, "backup", str(copy))
    held = versions_in(home)
    assert "has files" in refused(home, "restore", str(copy))
    files = Path(home["WAYMARK_DATA"]) / "files"
    aside = files.rename(files.with_name("aside"))
    assert "has tables" in refused(home, "restore", str(copy))
    aside.rename(files)
    assert versions_in(home) == held
    assert "is no backup" in refused(new_home, "restore", str(tmp_path))


@contextmanager
def backup_halfway(target: Path, held: Path) -> Iterator[Popen]:
    """A backup that has copied the database and is at the first file, which is kept from it.

    When this is left the file goes on.
    """
    content = held.read_bytes()
    held.unlink()
    os.mkfifo(held)
    place = environment(places.tests_own_place().environment)
    if connection.vendor == "sqlite":
        place["DATABASE_URL"] = f"sqlite:///{connection.settings_dict['NAME']}"
    command = [sys.executable, "manage.py", "backup", str(target)]
    with Popen(command, cwd=settings.BASE_DIR, env=place) as process:
        with os.fdopen(other_end(held, process), "wb") as rest:
            yield process
            rest.write(content)
        process.wait(SECONDS)


def path_of(version: Version) -> Path:
    return place_of(version.artifact.entries.get().stored_file.sha256)


@pytest.fixture
def nobody_needs(project, member) -> list[Path]:
    """Files of two versions that were deleted long ago, in the order of a backup."""
    versions = [log(member, project, content, name=content) for content in ("one", "two")]
    paths = sorted(map(path_of, versions))
    for version in versions:
        delete_source(caller_of(member), version, delete_aliases=True)
    StoredFile.objects.update(arrived_at=timezone.now() - timedelta(days=2))
    return paths


def clean() -> int:
    try:
        return remove_unreferenced_files(OPERATOR).files
    finally:
        connection.close()


def is_held_against_cleaning() -> bool:
    with (Path(settings.WAYMARK_DATA) / "files" / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_cleaning_beside_a_backup_waits_and_uploads_go_on(project, member, nobody_needs, tmp_path):
    with ThreadPoolExecutor(1) as pool:
        with backup_halfway(tmp_path / "copy", nobody_needs[0]) as process:
            cleaning = pool.submit(clean)
            assert is_held_against_cleaning()
            meanwhile = log(member, project, "meanwhile")
        assert process.returncode == 0
        assert cleaning.result(SECONDS) == 2
    copied = {path.name for path in (tmp_path / "copy" / "files").rglob("sha256/*/*")}
    assert copied >= {path.name for path in nobody_needs}
    assert path_of(meanwhile).exists()
    assert not any(path.exists() for path in nobody_needs)


def test_a_backup_that_is_killed_keeps_nothing_from_being_cleaned(nobody_needs, tmp_path):
    with (
        pytest.raises(BrokenPipeError),
        backup_halfway(tmp_path / "copy", nobody_needs[0]) as process,
    ):
        process.kill()
        process.wait(SECONDS)
    assert clean() == 2
    assert not (tmp_path / "copy").exists()


def test_a_backup_into_a_place_that_cannot_be_one_is_one_clear_sentence(home, tmp_path):
    (tmp_path / "file").touch()
    told = refused(home, "backup", str(tmp_path / "file" / "copy"))
    assert told.startswith("CommandError: No backup was made: ")
    assert len(told.splitlines()) == 1


def test_a_damaged_file_is_told_and_no_backup_is_left_that_looks_whole(home, new_home, tmp_path):
    with writer(home) as process:
        kept = lines_of(process, 2)[0].split()[1]
    manage(home, "backup", str(tmp_path / "copy"))
    note = json.loads((tmp_path / "copy" / "backup.json").read_text())
    assert note["files"] >= 2
    damaged = next((tmp_path / "copy" / "files").rglob("sha256/*/*"))
    damaged.write_bytes(b"other bytes")
    assert damaged.name in refused(new_home, "restore", str(tmp_path / "copy"))
    lost = Path(home["WAYMARK_DATA"]) / "files" / "sha256" / kept[:2] / kept
    lost.unlink()
    assert lost.name in refused(home, "backup", str(tmp_path / "second"))
    assert not (tmp_path / "second").exists()
