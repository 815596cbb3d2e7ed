"""Calls in a loop find room, however deep the loop stands."""

import resource
import threading
from functools import partial

import pytest

from registry_site.call_frames import with_room_for_calls

DEEPEST = 300
CALLS = 200


def deeper(levels, run):
    return deeper(levels - 1, run) if levels else run()


def pages_fetched_for_calls():
    """Pages of memory that this thread got anew while it made calls in a loop."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        deeper(3, int)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def most_at_any_depth(wrapped):
    looks = [partial(deeper, depth, pages_fetched_for_calls) for depth in range(DEEPEST)]
    return max(wrapped(look) for look in looks)


@pytest.fixture
def in_a_thread():
    """A thread's calls begin at the beginning of a piece."""

    def run(look):
        found = []
        thread = threading.Thread(target=lambda: found.append(look()))
        thread.start()
        thread.join()
        return found[0]

    return run


def test_calls_of_a_loop_fetch_no_memory_each_at_whatever_depth(in_a_thread):
    assert in_a_thread(lambda: most_at_any_depth(lambda run: run())) >= CALLS
    assert in_a_thread(lambda: most_at_any_depth(with_room_for_calls(lambda run: run()))) < CALLS


def test_what_a_call_is_given_and_answers_is_left_alone():
    @with_room_for_calls
    def told(*values, **named):
        return values, named

    assert told(1, kept="so") == ((1,), {"kept": "so"})
    assert told.__name__ == "told"
