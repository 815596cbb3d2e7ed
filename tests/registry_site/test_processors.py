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


def in_a_process(work: Callable[[], None]) -> None:
    """In a thread of its own, whose processors are no others'."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(work).result()


def usable() -> set[int]:
    return os.sched_getaffinity(0)


def test_with_one_for_each_process_threads_begin_and_stay_on_that_of_their_own():
    everything = usable()

    def work() -> None:
        last = len(everything) - 1
        OwnProcessor(last, processes=len(everything))
        assert usable() == {sorted(everything)[last]}
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(usable).result() == {sorted(everything)[last]}

    in_a_process(work)
    assert usable() == everything


def test_a_thread_goes_anywhere_for_other_work_and_comes_back():
    everything = usable()

    def work() -> None:
        own = OwnProcessor(0, processes=len(everything))
        own.go_anywhere()
        assert usable() == everything
        own.stay()
        assert usable() == {min(everything)}

    in_a_process(work)


@pytest.mark.parametrize("others", [-1, 1])
def test_with_more_or_fewer_processors_than_processes_all_are_for_all(others):
    everything = usable()

    def work() -> None:
        own = OwnProcessor(0, processes=len(everything) + others)
        own.stay()
        assert usable() == everything

    in_a_process(work)


def test_processors_that_are_taken_away_end_the_choice_and_no_answer(monkeypatch):
    everything = usable()

    def refuse(_thread: int, _processors: object) -> None:
        raise OSError("Invalid argument")

    def work() -> None:
        own = OwnProcessor(0, processes=len(everything))
        monkeypatch.setattr(os, "sched_setaffinity", refuse)
        own.go_anywhere()
        own.stay()

    in_a_process(work)
