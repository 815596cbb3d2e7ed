"""A worker that works until nothing is due, in the process and thread of the test."""

from __future__ import annotations

from automations.worker import Worker


def deliver() -> None:
    Worker(threads=4, once=True).run()
