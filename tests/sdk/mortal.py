"""Servers that may be killed, the folders they work in, and what is found there afterwards."""

from __future__ import annotations

import http.client
import json
import os
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60


def settings_of(data: Path) -> dict[str, str]:
    """As an operator would start it: SQLite in a folder of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "WAYMARK_DATA": str(data),
        "WAYMARK_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "registry_site.settings",
    }


def manage(data: Path, *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=settings_of(data), capture_output=True, text=True, check=True
    )
    return done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Product:
    """Loaded once; servers are forked from it, on copies of `furnished`."""

    def __init__(self, furnished: Path) -> None:
        self.furnished = furnished
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sdk.dying_server"],
            cwd=ROOT,
            env=settings_of(furnished),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def serve(self, **order: Any) -> Served:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            print(json.dumps(order), file=self._process.stdin, flush=True)
            return Served(int(self._process.stdout.readline()))

    def end(self) -> None:
        self._process.communicate()


class Served:
    """A process that is no child of this one."""

    def __init__(self, process_id: int) -> None:
        self._process = os.pidfd_open(process_id)

    def has_ended(self, within: float = 0) -> bool:
        return bool(select.select([self._process], [], [], within)[0])

    def end(self) -> None:
        if not self.has_ended():
            signal.pidfd_send_signal(self._process, signal.SIGTERM)
            assert self.has_ended(within=PATIENCE)
        os.close(self._process)


class MortalServer:
    """In a folder of its own, always at the same address."""

    def __init__(self, product: Product, folder: Path) -> None:
        self._product = product
        self.data = folder / "data"
        shutil.copytree(product.furnished, self.data)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._told = folder / "points"
        self._served: Served | None = None

    def start(self, fatal: int = 0) -> None:
        self.end()
        self._served = self._product.serve(
            port=self.port, fatal=fatal, told=str(self._told), data=str(self.data)
        )
        give_up_at = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < give_up_at, (self.data / "server.log").read_text()[-2000:]
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def points_passed(self) -> int:
        return int(self._told.read_text())

    def is_dead(self) -> bool:
        return self._served is not None and self._served.has_ended()

    def end(self) -> None:
        if self._served is not None:
            self._served.end()
            self._served = None

    def rows(self, query: str) -> list[tuple]:
        connection = sqlite3.connect(self.data / "waymark.sqlite3")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def require_whole_or_absent(self) -> None:
        """No version points at content that is not there to the last byte."""
        unfinished = """
            SELECT v.id FROM registries_version v JOIN artifacts_artifact a ON a.id = v.artifact_id
            WHERE a.state != 'COMMITTED' OR a.file_count != (
                SELECT count(*) FROM artifacts_manifestentry e WHERE e.artifact_id = a.id)
        """
        assert self.rows(unfinished) == []
        for sha256, size in self.rows("SELECT sha256, size FROM artifacts_storedfile"):
            place = self.data / "files" / "sha256" / sha256[:2] / sha256
            assert place.stat().st_size == size
        numbers = self.rows("SELECT collection_id, number FROM registries_version")
        assert len(numbers) == len(set(numbers))
        without_latest = """
            SELECT id FROM registries_collection c WHERE
                EXISTS (SELECT 1 FROM registries_version v WHERE v.collection_id = c.id) AND NOT
                EXISTS (SELECT 1 FROM registries_alias a
                        WHERE a.collection_id = c.id AND a.name = 'latest')
        """
        assert self.rows(without_latest) == []

    def aliases_in(self, collection: str) -> dict[str, int]:
        """Name → number, of the one collection of this name."""
        found = self.rows(f"""
            SELECT a.name, v.number FROM registries_alias a
            JOIN registries_version v ON v.id = a.version_id
            JOIN registries_collection c ON c.id = v.collection_id WHERE c.name = '{collection}'
        """)
        return dict(found)
