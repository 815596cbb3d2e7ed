"""Deliveries go on whichever process of a server is killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.registry_site.test_start import (  # noqa: F401 fixtures
    database_url,
    environment,
    later,
    port,
    started,
)

PATIENCE = 60  # seconds

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def parent_of(process: int) -> int:
    """0 of one that has ended."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except FileNotFoundError:
        return 0


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except FileNotFoundError:
        return ""


def worker_below(server: int) -> tuple[int, int]:
    """The worker and the process between, once there are both."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        for process in (int(path.name) for path in Path("/proc").glob("[0-9]*")):
            between = parent_of(process)
            if "manage.py deliver" in command_of(process) and parent_of(between) == server:
                return process, between
        time.sleep(0.05)
    raise AssertionError("nothing is delivered")


def wait_for_end_of(worker: int) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while "manage.py deliver" in command_of(worker):
        assert time.monotonic() < give_up_at, "a worker is left over"
        time.sleep(0.05)


@pytest.mark.parametrize("killed", ["worker", "between", "both"])
def test_a_worker_is_there_again_whoever_was_killed(later, killed, capfd):  # noqa: F811
    with started(later) as (server, _):
        first, between = worker_below(server.pid)
        for process in {"worker": [first], "between": [between], "both": [between, first]}[killed]:
            os.kill(process, signal.SIGKILL)
        wait_for_end_of(first)
        second, _ = worker_below(server.pid)
        assert second != first
        assert server.poll() is None
    assert ("deliverer_ended" in capfd.readouterr().err) == (killed != "worker")
