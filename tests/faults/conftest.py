"""A furnished place, made once for each process of the test runner, and copies of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import furniture
from tests.faults.children import in_child
from tests.faults.places import Place, copy_of, tests_own_place


@pytest.fixture(scope="session")
def furnished(django_db_setup, django_db_blocker) -> Iterator[Place]:
    """Never worked in: copied. Tests that want it are marked `django_db(transaction=True)`."""
    with copy_of(tests_own_place()) as place:
        with django_db_blocker.unblock():
            in_child(place, furniture.furnish)
        yield place


@pytest.fixture
def place(furnished: Place) -> Iterator[Place]:
    """A copy for one test alone."""
    with copy_of(furnished) as copy:
        yield copy
