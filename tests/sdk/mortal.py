"""A server that may be killed, the folder it works in, and what is found there afterwards."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

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


class MortalServer:
    """On a copy of `furnished`, always at the same address."""

    def __init__(self, furnished: Path, folder: Path) -> None:
        self.data = folder / "data"
        shutil.copytree(furnished, self.data)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._told = folder / "points"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, fatal: int = 0) -> None:
        command = [sys.executable, "-m", "tests.sdk.dying_server"]
        with (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, str(self.port), str(fatal), str(self._told)],
                cwd=ROOT,
                env=settings_of(self.data),
                stdout=log,
                stderr=log,
            )
        give_up_at = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < give_up_at, (self.data / "server.log").read_text()[-2000:]
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
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
        return self._process is not None and self._process.poll() is not None

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

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
