"""Commands where there is no server to work on: one sentence, which says what they looked at."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SECONDS = 60


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """Of an operator who forgot the settings of the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    place = {"DATABASE_URL": "", "WAYMARK_DATA": str(tmp_path / "elsewhere")}
    return kept | {"DJANGO_SETTINGS_MODULE": "registry_site.settings"} | place


def refusal(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


COMMANDS = [
    ("create_user", "ada"),
    ("remove_unreferenced_files",),
    ("deliver", "--once"),
    ("backup", "copy"),
]


def in_place(command: tuple[str, ...], tmp_path: Path) -> tuple[str, ...]:
    return tuple(str(tmp_path / word) if word == "copy" else word for word in command)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_without_the_settings_of_the_server_says_where_it_looked(
    command, environment, tmp_path
):
    told = refusal(environment, *in_place(command, tmp_path))
    assert f"WAYMARK_DATA is {environment['WAYMARK_DATA']} and the database" in told
    assert "waymark.sqlite3" in told
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_whose_database_is_down_says_which(command, environment, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    address = {"DATABASE_URL": f"postgres://nobody:s3cret@127.0.0.1:{port}/nothing"}
    told = refusal(environment | address, *in_place(command, tmp_path))
    assert "the database nothing of PostgreSQL on 127.0.0.1" in told
    assert "s3cret" not in told
    assert not list(tmp_path.glob("copy*"))


WITHOUT_A_PLACE = {
    "below a device": ({"WAYMARK_DATA": "/dev/null/x"}, "WAYMARK_DATA=/dev/null/x cannot hold"),
    "where nobody writes": ({"WAYMARK_DATA": "/proc/x"}, "WAYMARK_DATA=/proc/x cannot hold"),
    "a file": ({"WAYMARK_DATA": __file__}, "cannot hold the keys of this server (File exists)"),
    "no folder": ({"DATABASE_URL": "sqlite:////nowhere/x.db"}, "/nowhere/x.db-queue: No such file"),
    "no option": ({"DATABASE_URL": "postgres://a:s3cret@127.0.0.1:1/c?foo=bar"}, 'option "foo"'),
    "no name": ({"DATABASE_URL": "postgres://"}, "DATABASE_URL must be like"),
    "no name but a host": ({"DATABASE_URL": "postgres://a:s3cret@b/"}, "DATABASE_URL must be like"),
}


@pytest.mark.parametrize("case", WITHOUT_A_PLACE)
def test_a_start_on_a_place_that_is_none_is_one_clear_sentence(case, environment, free_port):
    setting, sentence = WITHOUT_A_PLACE[case]
    told = refusal(environment | setting | {"PORT": str(free_port)}, "start")
    assert sentence in told
    assert "s3cret" not in told


def test_a_folder_that_cannot_be_is_told_where_keys_are_given(environment, tmp_path, free_port):
    keys = {
        "WAYMARK_SECRET_KEY": "of the tests alone, used nowhere else",
        "WAYMARK_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    }
    place = {"WAYMARK_DATA": "/proc/x", "PORT": str(free_port)}
    assert "WAYMARK_DATA=/proc/x cannot be used" in refusal(environment | keys | place, "start")


def test_a_file_that_is_no_database_is_one_clear_sentence(environment, tmp_path, free_port):
    (tmp_path / "x.db").write_bytes(b"nothing of SQLite" * 100)
    place = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PORT": str(free_port)}
    assert "file is not a database" in refusal(environment | place, "start")


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])
