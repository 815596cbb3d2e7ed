"""Servers to back up and to restore into, each in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

SECONDS = 120


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


def other_end(pipe: Path, process: subprocess.Popen) -> int:
    """Of a pipe, once the process reads from it."""
    while process.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the process ended before it came to this file")


def as_before(copy: Path) -> None:
    """What an older Waymark wrote: no SHA-256 but those of files."""
    note = json.loads((copy / "backup.json").read_text())
    del note["sha256"]
    (copy / "backup.json").write_text(json.dumps(note | {"form": 1}))
