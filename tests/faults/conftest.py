"""A furnished place, made once for each process of the test runner, and copies of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import furniture
from tests.faults.children import in_child
from tests.faults.event_replay import require_history_agrees
from tests.faults.places import Place, copy_of, tests_own_place
from tests.faults.whole_state import whole_state


@pytest.fixture(scope="session")
def furnished(django_db_setup, django_db_blocker) -> Iterator[Place]:
    """Never worked in: copied. Tests that want it are marked `django_db(transaction=True)`."""
    with copy_of(tests_own_place()) as place:
        with django_db_blocker.unblock():
            in_child(place, furniture.furnish)
            # What Django works out at the first query of a table need not be in each child.
            whole_state()
            require_history_agrees()
        yield place


@pytest.fixture
def place(furnished: Place) -> Iterator[Place]:
    """A copy for one test alone."""
    with copy_of(furnished) as copy:
        yield copy
