"""Runs a command with a PostgreSQL of its own, which ends with it and leaves nothing.

    python -m tests.machine.postgresql pytest

The command finds the address in DATABASE_URL.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg

from tests.machine.memory import memory

INSTALLED_BY_DEBIAN = Path("/usr/lib/postgresql")

# The database whose tables those of the tests are copies of, on a server of `main`.
TABLES = "waymark_tables"

# Nothing here has to survive the machine, so nothing waits for its disk.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
}


def program(name: str) -> str | None:
    """Where a program of the newest PostgreSQL is; Debian keeps servers off the PATH."""
    versions = INSTALLED_BY_DEBIAN.glob(f"*/bin/{name}")
    found = sorted(versions, key=lambda path: int(path.parts[-3]), reverse=True)
    return str(found[0]) if found else shutil.which(name)


@contextmanager
def running_postgresql() -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="waymark-postgresql-", dir=memory()) as name,
        served_postgresql(Path(name), OPTIONS, stop="immediate") as address,
    ):
        yield address


@contextmanager
def served_postgresql(
    folder: Path, options: Mapping[str, str], *, stop: str = "fast"
) -> Iterator[str]:
    """The address of the database kept in `folder`, which is made when it is not there yet.

    Servers refuse to run as root: theirs is `postgres`.
    """
    owner = _owner()
    if owner:
        shutil.chown(folder, owner)
    port = _free_port()
    if not (folder / "cluster").exists():
        _make_cluster(folder, owner)
    try:
        _control(folder, owner, "start", "-o", _options(options, folder, port))
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        _control(folder, owner, "stop", "-m", stop)


def restart(folder: Path) -> None:
    """As after a crash of the machine: nobody connected to it is waited for."""
    _control(folder, _owner(), "restart", "-m", "immediate")


def _owner() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _make_cluster(folder: Path, owner: str | None) -> None:
    settings = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    _run(["initdb", "--no-sync", *settings, "-D", f"{folder}/cluster"], folder, owner)


def _control(folder: Path, owner: str | None, *order: str) -> None:
    log = f"{folder}/log"
    _run(["pg_ctl", "-w", "-s", "-D", f"{folder}/cluster", "-l", log, *order], folder, owner)


def _options(options: Mapping[str, str], folder: Path, port: int) -> str:
    settings = {**options, "port": str(port), "unix_socket_directories": str(folder)}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _run(command: list[str], folder: Path, owner: str | None) -> None:
    path = program(command[0])
    if path is None:
        raise FileNotFoundError(command[0])
    # Written to a file: a server that was started would keep a pipe open.
    with (folder / "output").open("w+") as output:
        done = subprocess.run(
            [path, *command[1:]],
            cwd=folder,
            user=owner,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            sys.stderr.write(output.read())
            raise SystemExit(f"{command[0]} failed")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _end_in_order(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def main() -> int:
    if program("initdb") is None:
        sys.stdout.write("\n*** SKIPPED: the suite on PostgreSQL, which is not installed.\n\n")
        return 0
    signal.signal(signal.SIGTERM, _end_in_order)
    with running_postgresql() as address:
        environment = os.environ | {"DATABASE_URL": address}
        if not _make_tables(address, environment):
            return 1
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


def _make_tables(address: str, environment: Mapping[str, str]) -> bool:
    """Once, for the databases of all processes to be copied from."""
    program_of_tables = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    place = {"DATABASE_URL": f"{address.rpartition('/')[0]}/{TABLES}"}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."}
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TABLES}")
    return not subprocess.run(
        program_of_tables, env={**environment, **place, **settings}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
