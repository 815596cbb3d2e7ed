"""The drill: back up under load, restore into nothing, look at every byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.faults import places

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 120
ACKNOWLEDGED_BEFORE = 12


@contextmanager
def empty_database() -> Iterator[str]:
    """Of the kind the suite runs on. "" is SQLite in the data folder."""
    if connection.vendor != "postgresql":
        yield ""
        return
    server = os.environ["DATABASE_URL"]
    name = f"backup_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def home(django_db_setup) -> Iterator[dict[str, str]]:
    """With the tables an earlier start made."""
    with places.copy_of(places.tests_own_place()) as place:
        yield environment(place.environment)


@pytest.fixture
def new_home(tmp_path) -> Iterator[dict[str, str]]:
    with empty_database() as database:
        yield environment({"DATABASE_URL": database, "WAYMARK_DATA": str(tmp_path / "new")})


def environment(place: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    return kept | {"DJANGO_SETTINGS_MODULE": "registry_site.settings"} | place


def run(home: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def manage(home: dict[str, str], *command: str) -> str:
    """What it printed; the test fails with what it complained of."""
    done = run(home, "manage.py", *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(home: dict[str, str], *command: str) -> str:
    done = run(home, "manage.py", *command)
    assert done.returncode == 1
    return done.stderr


@contextmanager
def writer(home: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.registry_site.backups.worker", "write"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=home, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_of(process: subprocess.Popen[str], number: int) -> list[str]:
    assert process.stdout
    return [process.stdout.readline().strip() for _ in range(number)]


def versions_in(home: dict[str, str]) -> list[str]:
    done = run(home, "-m", "tests.registry_site.backups.worker", "read")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


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
