"""A large file up and down by the requests of the SDK, and what others notice of it.

    python -m benchmarks.large_file [--gigabytes 5]

The file is announced with the MD5 of each 100 MiB part, every part is sent over a connection of
its own, all at once, and the whole is joined. It is fetched by ranges of that size, and once more
over a single connection, as a browser does. Meanwhile somebody looks at pages, one after the
other, and the memory of all processes of the server is summed up. The bytes are made in memory,
so the client's disk has no part in it. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.database import connect
from benchmarks.large_file_client import Sender, Source
from benchmarks.names import ORGANIZATION, REGISTRY, TEAM
from benchmarks.processors import private_bytes
from benchmarks.servers import waymark

LEAST_RATE, MOST_MEMORY, MOST_MILLISECONDS = 200, 64, 300
MEGA = 1_000_000
FORK = multiprocessing.get_context("fork")
HOME = f"/orgs/{ORGANIZATION}/registry/{REGISTRY}"
COLLECTION = f"{HOME}/collections/model-0001"
PAGES = (HOME, COLLECTION, f"{COLLECTION}/versions/v0", "/healthz")


@dataclass
class Watched:
    """What was seen of a server: milliseconds of each page, most private memory in bytes."""

    port: int
    process: int
    cookie: str
    milliseconds: list[float] = field(default_factory=list)
    memory: int = 0

    def look(self) -> None:
        for page in PAGES:
            begun = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", page, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            self.milliseconds.append(1000 * (time.perf_counter() - begun))
            if answer.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{page} was answered with {answer.status}.")
            self.memory = max(self.memory, private_bytes(self.process))
            time.sleep(0.05)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--gigabytes", type=float, default=5)
    source = Source(int(options.parse_args().gigabytes * 1000 * MEGA))
    with tempfile.TemporaryDirectory(prefix="waymark-benchmark-") as name:
        folder = Path(name)
        connect(folder, "")
        key, cookie, artifact = _furnish()
        from tests.wandb_api.test_sdk_documents import documents

        with waymark(folder, "") as (port, process):
            sender = Sender(port, source, documents(), key)
            watched = Watched(port, process.pid, cookie)
            for _ in range(10):
                watched.look()
            identifier = base64.b64encode(f"Artifact:{artifact}".encode()).decode()
            is_met = [_measured("up", source, watched, lambda: sender.up(identifier))]
            path = _path()
            is_met += [
                _measured("down by ranges", source, watched, lambda: sender.by_ranges(path)),
                _measured("down at once", source, watched, lambda: sender.at_once(path)),
            ]
    return 0 if all(is_met) else 1


def _measured(what: str, source: Source, watched: Watched, act: Callable[[], None]) -> bool:
    watched.milliseconds, watched.memory = [], 0
    before = private_bytes(watched.process)
    begun = time.perf_counter()
    with _looking(watched):
        act()
        seconds = time.perf_counter() - begun
    pages = sorted(watched.milliseconds)
    rate = source.size / MEGA / seconds
    memory = (watched.memory - before) / 1024**2
    slow = sum(page > MOST_MILLISECONDS for page in pages)
    is_met = rate >= LEAST_RATE and memory < MOST_MEMORY and not slow
    print(
        f"{what:16}{rate:7.0f} MB/s (least {LEAST_RATE}), memory +{memory:.0f} MiB (most "
        f"{MOST_MEMORY}), {len(pages)} pages: median {pages[len(pages) // 2]:.0f} ms, slowest "
        f"{pages[-1]:.0f} ms, {slow} over {MOST_MILLISECONDS} ms: {'met' if is_met else 'MISSED'}",
        flush=True,
    )
    return is_met


@contextmanager
def _looking(watched: Watched) -> Iterator[None]:
    """In a process of its own: the threads of the client wait for each other, and pages would wait
    with them."""
    here, there = FORK.Pipe()
    looker = FORK.Process(target=_keep_looking, args=(watched, there))
    looker.start()
    try:
        yield
    finally:
        here.send("That is enough.")
        seen = here.recv()
        looker.join()
    if isinstance(seen, Exception):
        raise seen
    watched.milliseconds, watched.memory = seen


def _keep_looking(watched: Watched, other: Connection) -> None:
    try:
        while not other.poll():
            watched.look()
    except (OSError, RuntimeError) as error:
        other.send(error)
    else:
        other.send((watched.milliseconds, watched.memory))


def _furnish() -> tuple[str, str, int]:
    """The key of a script, the cookie of somebody who looks, the announced artifact."""
    from django.conf import settings
    from django.test import Client

    from accounts.callers import Caller, Way
    from accounts.models import User
    from artifacts.models import Project
    from benchmarks.furniture import furnish
    from registries.operations.drafts import announce_version

    key = furnish(3, 3).api_key
    trainer = User.objects.get(username="trainer")
    project = Project.objects.get(entity__name=TEAM, name="training")
    by = Caller(trainer, Way.SDK)
    artifact = announce_version(by, project, "large", "model", "d", tags=[])
    client = Client()
    client.force_login(trainer)
    name = settings.SESSION_COOKIE_NAME
    return key, f"{name}={client.cookies[name].value}", artifact.pk


def _path() -> str:
    from django.urls import reverse

    from artifacts.models import StoredFile
    from artifacts.signing import sign_download

    stored = StoredFile.objects.order_by("-size")[0]
    return reverse("stored-file", args=[sign_download(stored.sha256), "weights"])


if __name__ == "__main__":
    sys.exit(main())
