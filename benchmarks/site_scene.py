"""Puts the scene of the tests of query counts into the database of this environment, for good.

Run by pytest, because the scene is made of fixtures; they make everything by operations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from benchmarks.site_rows import Scene, fill
from benchmarks.site_sizes import SIZES
from tests.architecture.automation_pages import crowd_automations
from tests.architecture.crowded import Crowd, crowd_accounts, crowd_projects

pytest_plugins = ["tests.personas", "tests.things", "tests.architecture.furnished"]


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is the one in the settings, not one of the tests."""


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Nothing is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield


def test_the_scene_is_built(furnished: Crowd) -> None:
    size = SIZES[os.environ["BENCHMARK_SIZE"]]
    fill(Scene(furnished.version, furnished.source, furnished.by, furnished.team_group_id, size))
    crowd_projects(furnished, size.at_most)
    crowd_accounts(furnished, size.at_most)
    crowd_automations(size.at_most)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
