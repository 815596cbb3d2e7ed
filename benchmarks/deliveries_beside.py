"""How soon healthy receivers have a message while seven others misbehave.

    python -m benchmarks.deliveries_beside ANSWER

In an empty database; writes JSON: milliseconds from the commit of an alias to the arrival.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Sized
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from automations.actions import CallWebhook  # noqa: E402
from automations.operations.automations import create_automation  # noqa: E402
from automations.operations.integrations import create_webhook  # noqa: E402
from benchmarks.deliveries_measure import Scene  # noqa: E402
from registries.operations.aliases import add_aliases  # noqa: E402
from tests.automations.receivers import Got, always, answer_with, receiving  # noqa: E402

HEALTHY = 20
MOVES = 40
SECONDS_BETWEEN = 0.5


def slowly(handler: BaseHTTPRequestHandler, _: Got) -> None:
    time.sleep(14)
    answer_with(handler, 200)


def endlessly(handler: BaseHTTPRequestHandler, _: Got) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


HOSTILE: dict[str, Any] = {
    "slow": slowly,
    "failing": always(500),
    "gone": always(410),
    "busy": always(429, Retry_After="5"),
    "redirecting": always(302, Location="http://127.0.0.1:1/"),
    "endless": endlessly,
}


def listen(scene: Scene, name: str, url: str) -> None:
    webhook = create_webhook(scene.by, scene.registry.organization.entity, name, url).integration
    create_automation(scene.by, scene.registry.project, name, "alias.added", CallWebhook(webhook))


def unanswered() -> tuple[socket.socket, str]:
    """A port where connections are taken by nobody."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1)
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}/"


def wait_for(arrived: Sized, count: int) -> None:
    give_up_at = time.monotonic() + 60
    while len(arrived) < count and time.monotonic() < give_up_at:
        time.sleep(0.1)


def measured(scene: Scene) -> list[float]:
    committed: dict[str, float] = {}
    arrived: list[tuple[str, float]] = []

    def note(handler: BaseHTTPRequestHandler, got: Got) -> None:
        arrived.append((json.loads(got.body)["data"]["alias"], time.monotonic()))
        answer_with(handler, 204)

    with ExitStack() as stack:
        healthy = stack.enter_context(receiving(note))
        for number in range(HEALTHY):
            listen(scene, f"healthy {number}", f"{healthy.url}/{number}")
        for name, answer in HOSTILE.items():
            listen(scene, name, stack.enter_context(receiving(answer)).url)
        silent, url = unanswered()
        stack.callback(silent.close)
        listen(scene, "dead", url)
        worker = subprocess.Popen([sys.executable, "manage.py", "deliver"])
        stack.callback(worker.wait)
        stack.callback(worker.terminate)
        for number in range(MOVES):
            alias = f"alias-{number}"
            add_aliases(scene.by, scene.versions[number % 2], [alias])
            committed[alias] = time.monotonic()
            if number == 0:
                wait_for(arrived, HEALTHY)  # the worker has started
            time.sleep(SECONDS_BETWEEN)
        wait_for(arrived, HEALTHY * MOVES)
    if len(arrived) < HEALTHY * MOVES:
        raise SystemExit(f"Only {len(arrived)} of {HEALTHY * MOVES} arrived.")
    return [(at - committed[alias]) * 1000 for alias, at in arrived if alias != "alias-0"]


def main() -> None:
    call_command("migrate", verbosity=0)
    times = sorted(measured(Scene(1)))
    figures = {
        "median": statistics.median(times),
        "95th percentile": times[int(len(times) * 0.95)],
    }
    Path(sys.argv[1]).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
