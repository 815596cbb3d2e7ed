"""Threads that answer scripts stay together, where the server has a processor for each process."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry_site.processors import OwnProcessor

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="This system does not tell its processors."
)


def in_a_thread(work: Callable[[], None]) -> None:
    """In a thread of its own, whose processors are no others'."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(work).result()


def usable() -> set[int]:
    return os.sched_getaffinity(0)


def test_with_one_for_each_process_a_thread_stays_on_that_of_its_own_and_goes_anywhere_else():
    everything = usable()

    def work() -> None:
        last = len(everything) - 1
        own = OwnProcessor(last, processes=len(everything))
        assert usable() == everything
        own.stay()
        assert usable() == {sorted(everything)[last]}
        own.go_anywhere()
        assert usable() == everything

    in_a_thread(work)
    assert usable() == everything


@pytest.mark.parametrize("others", [-1, 1])
def test_with_more_or_fewer_processors_than_processes_all_are_for_all(others):
    everything = usable()

    def work() -> None:
        own = OwnProcessor(0, processes=len(everything) + others)
        own.stay()
        assert usable() == everything

    in_a_thread(work)


def test_processors_that_are_taken_away_end_the_choice_and_no_answer(monkeypatch):
    everything = usable()

    def refuse(_thread: int, _processors: object) -> None:
        raise OSError("Invalid argument")

    def work() -> None:
        own = OwnProcessor(0, processes=len(everything))
        own.stay()
        monkeypatch.setattr(os, "sched_setaffinity", refuse)
        own.go_anywhere()
        own.stay()

    in_a_thread(work)
