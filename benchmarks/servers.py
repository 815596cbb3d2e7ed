"""Starting and ending what is measured."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import until_ready

SECONDS_TO_START = 180


@contextmanager
def running(
    command: list[str], folder: Path, environment: Mapping[str, str], port: int, health: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`command` in a process group of its own, from its first healthy answer to its end."""
    with (folder / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        until_ready(lambda: _answers(process, port, health), seconds=SECONDS_TO_START)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


@contextmanager
def waymark(
    folder: Path, database: str, **environment: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The product as its start command runs it: two processes of forty threads. Port, process."""
    port = free_port()
    folder.chmod(0o700)  # it does not start where others can look in
    settings = {"PORT": str(port), "DATABASE_URL": database, "WAYMARK_DATA": str(folder)}
    root = Path(__file__).resolve().parent.parent
    command = [str(root / ".venv/bin/python"), str(root / "manage.py"), "start"]
    with running(
        command, folder, settings | {"WAYMARK_DEMO": "0"} | environment, port, "/healthz"
    ) as process:
        yield port, process


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int, path: str) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"A server ended with {process.returncode} instead of starting.")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
