"""A restore that is interrupted never looks whole, and is done by doing it again."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.registry_site.backups.homes import (
    SECONDS,
    lines_of,
    manage,
    other_end,
    refused,
    versions_in,
    writer,
)

pytestmark = pytest.mark.django_db(transaction=True)

LARGEST_FILE = 64 * 1024
KEYS = ("secret_key", "encryption_keys")


@pytest.fixture(params=["in the files", "before the database"])
def interrupted(request, copy, new_home) -> dict[str, str]:
    """The new home after a restore that did not come to its end."""
    {"in the files": kill_at_a_file, "before the database": fail_at_the_database}[request.param](
        copy, new_home
    )
    return new_home


def kill_at_a_file(copy: Path, home: dict[str, str]) -> None:
    held = sorted((copy / "files").rglob("sha256/*/*"))[1]
    content = held.read_bytes()
    held.unlink()
    os.mkfifo(held)
    command = [sys.executable, "manage.py", "restore", str(copy)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=home) as process:
        end = other_end(held, process)
        process.kill()
        process.wait(SECONDS)
        os.close(end)
    held.unlink()
    held.write_bytes(content)


def fail_at_the_database(copy: Path, home: dict[str, str]) -> None:
    """Its files of 20,000 bytes have room, a database of SQLite has none."""
    if connection.vendor == "sqlite":
        told = with_limited_files(home, "restore", str(copy))
    else:
        told = refused(home | {"PATH": "/nowhere"}, "restore", str(copy))
    assert told.startswith("CommandError: ")
    assert len(told.splitlines()) == 1


def with_limited_files(home: dict[str, str], *command: str) -> str:
    """What it complained of on a disk that is full for anything larger."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=home,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=limit(LARGEST_FILE),
        timeout=SECONDS,
    )
    assert done.returncode == 1
    return done.stderr


def limit(size: int) -> Callable[[], None]:
    def apply() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return apply


def test_a_restore_that_is_interrupted_does_not_start_and_can_be_done_again(
    interrupted, home, copy
):
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    told = refused(interrupted | {"PORT": str(port)}, "start")
    assert "was interrupted. Do it again" in told
    manage(interrupted, "restore", str(copy))
    assert versions_in(interrupted) == versions_in(home)
    folders = [Path(each["WAYMARK_DATA"]) for each in (home, interrupted)]
    for key in KEYS:
        assert len({(folder / key).read_text() for folder in folders}) == 1
    assert not (folders[1] / "files.part").exists()


def test_a_database_is_there_only_after_its_keys_and_files(copy, home, new_home):
    fail_at_the_database(copy, new_home)
    folders = [Path(each["WAYMARK_DATA"]) for each in (home, new_home)]
    for key in KEYS:
        assert len({(folder / key).read_text() for folder in folders}) == 1
    assert len(list((folders[1] / "files").rglob("sha256/*/*"))) >= 3


def test_another_backup_after_an_interrupted_one_brings_its_own_files_alone(
    home, new_home, tmp_path
):
    manage(home, "backup", str(tmp_path / "early"))
    with writer(home) as process:
        lines_of(process, 3)
    manage(home, "backup", str(tmp_path / "late"))
    fail_at_the_database(tmp_path / "late", new_home)
    manage(new_home, "restore", str(tmp_path / "early"))
    assert not list((Path(new_home["WAYMARK_DATA"]) / "files").rglob("sha256/*/*"))
    assert versions_in(new_home) == []


def test_a_disk_that_is_full_is_one_clear_sentence_and_no_backup_is_left(home, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("pg_dump writes this database into less")
    with writer(home) as process:
        lines_of(process, 1)
    told = with_limited_files(home, "backup", str(tmp_path / "copy"))
    assert told.startswith("CommandError: No backup was made: ")
    assert len(told.splitlines()) == 1
    assert not list(tmp_path.glob("copy*"))


def test_keys_of_the_environment_leave_the_data_folder_to_the_restore(copy, home, new_home):
    keys = {
        f"WAYMARK_{key.upper()}": (Path(home["WAYMARK_DATA"]) / key).read_text().strip()
        for key in KEYS
    }
    manage(new_home | keys, "restore", str(copy))
    folder = Path(new_home["WAYMARK_DATA"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert versions_in(new_home) == versions_in(home)
