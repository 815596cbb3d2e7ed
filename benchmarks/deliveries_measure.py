"""Measures in the database of this environment, which has to be empty. Writes JSON to a file.

python -m benchmarks.deliveries_measure ANSWER
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, islice, repeat
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.callers import OPERATOR, Caller, Way  # noqa: E402
from accounts.operations.organizations import set_organization_role  # noqa: E402
from accounts.operations.people import create_user  # noqa: E402
from accounts.operations.teams import add_to_team, create_team  # noqa: E402
from artifacts.operations.projects import create_project  # noqa: E402
from automations import listeners  # noqa: E402
from automations.actions import CallWebhook  # noqa: E402
from automations.filters import filter_of_pattern  # noqa: E402
from automations.kinds import EventKind  # noqa: E402
from automations.models import Automation, Delivery, Integration  # noqa: E402
from automations.operations.automations import create_automation  # noqa: E402
from automations.operations.integrations import create_webhook  # noqa: E402
from registries.events import happened, happening  # noqa: E402
from registries.models import Registry, Version  # noqa: E402
from registries.operations.aliases import add_aliases  # noqa: E402
from registries.operations.organizations import create_organization  # noqa: E402
from registries.operations.sources import log_version  # noqa: E402
from registries.operations.versions import link_version  # noqa: E402

MOVES = 200
ROUNDS = 4
DELIVERIES = 6_000
SUBSCRIBERS = 30
WORKERS = 4

SAME = repeat("production")
NEW = (f"production-{number}" for number in count())


class Scene:
    """Two versions between which an alias moves, and a webhook to a receiver."""

    def __init__(self, port: int) -> None:
        organization = create_organization(OPERATOR, "benchmark")
        user = create_user(OPERATOR, "ada")
        set_organization_role(OPERATOR, organization, user, "admin")
        team = create_team(OPERATOR, organization, "team")
        add_to_team(OPERATOR, team, user)
        self.by = Caller(user, Way.WEB)
        self.registry = Registry.objects.select_related("project").get(
            organization=organization, name="Model"
        )
        project = create_project(self.by, team.entity, "project")
        self.versions = [self._version(project, text) for text in ("a", "b")]
        self.webhook: Integration = create_webhook(
            self.by, organization.entity, "receiver", f"http://127.0.0.1:{port}/"
        ).integration

    def _version(self, project: object, text: str) -> Version:
        logged = log_version(
            self.by,
            project,  # type: ignore[arg-type]
            "data",
            "dataset",
            {"file": io.BytesIO(text.encode())},
        ).version
        return link_version(
            self.by, logged.artifact, self.registry.project, "Collection", []
        ).version

    def listen(self, count: int, pattern: Callable[[int], str]) -> None:
        kind = EventKind.ALIAS_ADDED
        for number in range(count):
            create_automation(
                self.by,
                self.registry.project,
                f"automation {number}",
                kind,
                CallWebhook(self.webhook),
                filter=filter_of_pattern(kind, pattern(number)),
            )

    def forget(self) -> None:
        """A benchmark's database is nobody's: it need not go through the doors."""
        Delivery.objects.all().delete()
        Automation.objects.all().delete()

    def move(self, names: Iterator[str], times: int) -> list[float]:
        """Milliseconds of each move of an alias from one version to the other."""
        taken = []
        for number, name in enumerate(islice(names, times)):
            started = time.perf_counter()
            add_aliases(self.by, self.versions[number % 2], [name])
            taken.append((time.perf_counter() - started) * 1000)
        return taken


def added(scene: Scene, names: Iterator[str] = SAME, moves: int = MOVES) -> float:
    """Milliseconds the outbox adds to a move: medians with and without, turn by turn."""
    with_outbox, without = [], []
    for _ in range(ROUNDS):
        with_outbox += scene.move(names, moves // ROUNDS)
        happening.disconnect(listeners.ask_who_listens)
        happened.disconnect(listeners.tell)
        without += scene.move(names, moves // ROUNDS)
        happened.connect(listeners.tell)
        happening.connect(listeners.ask_who_listens)
    return statistics.median(with_outbox) - statistics.median(without)


def outbox(scene: Scene) -> dict[str, float]:
    figures = {"nobody listens": added(scene)}
    scene.listen(1, lambda number: "prod.*")
    figures["one automation, which matches"] = added(scene)
    scene.forget()
    scene.listen(1_000, lambda number: "prod.*" if number == 0 else f"stag.*{number}$")
    figures["1,000 automations, one of which matches"] = added(scene)
    figures["the same, an alias that this process has not seen yet"] = added(scene, names=NEW)
    scene.forget()
    scene.listen(1_000, lambda number: "")
    figures["1,000 automations, all of which match"] = added(scene, moves=20)
    scene.forget()
    return figures


def throughput(scene: Scene, receiver: subprocess.Popen[str]) -> float:
    """Deliveries a second, from the first arrival to the last."""
    scene.listen(SUBSCRIBERS, lambda number: "")
    names = [f"alias-{number}" for number in range(DELIVERIES // SUBSCRIBERS)]
    add_aliases(scene.by, scene.versions[0], names)
    pending = Delivery.objects.filter(state=Delivery.State.PENDING)
    total = pending.count()
    command = [sys.executable, "manage.py", "deliver"]
    workers = [subprocess.Popen(command) for _ in range(WORKERS)]
    give_up_at = time.monotonic() + 300
    while pending.exists() and time.monotonic() < give_up_at:
        time.sleep(0.5)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait()
    count, seconds = receiver.communicate("")[0].split()
    if int(count) < total:
        raise SystemExit(f"Only {count} of {total} arrived.")
    return int(count) / float(seconds)


def main() -> None:
    os.environ["WAYMARK_OUTBOUND_ALLOW"] = "127.0.0.1"
    call_command("migrate", verbosity=0)
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.deliveries_receiver"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as receiver:
        if receiver.stdout is None:
            raise SystemExit("The receiver has no output.")
        scene = Scene(int(receiver.stdout.readline()))
        figures = {"outbox": outbox(scene), "a second": throughput(scene, receiver)}
    Path(sys.argv[1]).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
