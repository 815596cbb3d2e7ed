"""PostgreSQL ends under the hands of a server that goes on working."""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from django.conf import settings

from tests.machine.memory import memory
from tests.machine.postgresql import restart, served_postgresql
from tests.registry_site.test_start import started
from tests.sdk.mortal import free_port

CLIENTS = 4
CHANGES = 8
PATIENCE = 60
# More than the server has threads.
TRIES = 100
PLACE = {"entityName": "smle-reg-team-2", "projectName": "zoo_experiment"}
SEQUENCE = "zoo_dataset"
FIND = """query Q($entityName: String!, $projectName: String!, $name: String!) {
  project(entityName: $entityName, name: $projectName) { artifact(name: $name) {
    id aliases { alias } } } }"""
ADD = "mutation M($input: AddAliasesInput!) { addAliases(input: $input) { success } }"


@dataclass
class Script:
    """Somebody with a key. Each request has a connection of its own."""

    port: int
    key: str
    seen: list[int] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    def ask(self, query: str, **variables: Any) -> Any:
        """The answer; None where the server said that it cannot answer now."""
        pair = base64.b64encode(f"api:{self.key}".encode()).decode()
        body = json.dumps({"query": query, "variables": variables})
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as wire:
            wire.request("POST", "/graphql", body, headers)
            response = wire.getresponse()
            self.seen.append(response.status)
            whole = response.read()
        return json.loads(whole)["data"] if response.status == 200 else None

    def add(self, artifact: str, alias: str) -> None:
        given = {"alias": alias, "artifactCollectionName": SEQUENCE} | PLACE
        if self.ask(ADD, input={"artifactID": artifact, "aliases": [given]}):
            self.acknowledged.append(alias)


@pytest.fixture
def cluster() -> Iterator[tuple[Path, str]]:
    """A database that keeps what it acknowledged, and where it is kept."""
    options = {"listen_addresses": "127.0.0.1"}
    with (
        tempfile.TemporaryDirectory(prefix="waymark-postgresql-", dir=memory()) as name,
        served_postgresql(Path(name), options, stop="immediate") as address,
    ):
        yield Path(name), address


@pytest.fixture
def environment(cluster, tmp_path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "registry_site.settings",
        "DATABASE_URL": cluster[1],
        "WAYMARK_DATA": str(tmp_path / "data"),
        "WAYMARK_SECRET_KEY": "",
        "WAYMARK_DEMO": "1",
        "PORT": str(free_port()),
    }


def key_of_an_admin(environment: dict[str, str]) -> str:
    person = ["create_user", "ada", "--organization", "smle-reg", "--org-role", "admin"]
    command = [sys.executable, "manage.py", *person, "--team", PLACE["entityName"], "--api-key"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()[-1]


def artifact_of(script: Script) -> tuple[str, set[str]]:
    """Asked again where the server cannot answer now, as scripts do: each of its threads finds out
    for itself that the connection it used a moment ago has ended."""
    answers = (script.ask(FIND, **PLACE, name=f"{SEQUENCE}:v0") for _ in range(TRIES))
    found = next(answer for answer in answers if answer)["project"]["artifact"]
    return found["id"], {given["alias"] for given in found["aliases"]}


@dataclass
class Load:
    """Scripts that add aliases until the block ends."""

    scripts: list[Script]
    artifact: str
    done: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    enough: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._threads = [
            threading.Thread(target=self._work, args=(script, f"mark-{number}"))
            for number, script in enumerate(self.scripts)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.enough.set()
        for thread in self._threads:
            thread.join()

    def wait_for_changes(self) -> None:
        """Until some more were acknowledged."""
        while self.done.acquire(blocking=False):
            pass
        for _ in range(CHANGES):
            assert self.done.acquire(timeout=PATIENCE)

    def _work(self, script: Script, name: str) -> None:
        for number in itertools.count():
            if self.enough.is_set():
                return
            before = len(script.acknowledged)
            script.add(self.artifact, f"{name}-{number}")
            if len(script.acknowledged) > before:
                self.done.release()


@pytest.mark.faults
@pytest.mark.postgresql
def test_a_server_outlives_the_restart_of_its_database_and_no_change_is_lost(cluster, environment):
    port = int(environment["PORT"])
    with started(environment) as (server, _):
        key = key_of_an_admin(environment)
        scripts = [Script(port, key) for _ in range(CLIENTS)]
        artifact, _ = artifact_of(scripts[0])
        with Load(scripts, artifact) as load:
            load.wait_for_changes()
            restart(cluster[0])
            load.wait_for_changes()
        assert server.poll() is None
        _, kept = artifact_of(scripts[0])
        assert kept >= {alias for script in scripts for alias in script.acknowledged}
        assert {status for script in scripts for status in script.seen} <= {200, 503}
