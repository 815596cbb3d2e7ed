"""What every test stands on. The folder and the database of each process: tests/settings.py."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection

from tests.machine.untouched import go_back_after_each_test, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_django import DjangoDbBlocker

pytest_plugins = ["tests.personas", "tests.things", "tests.architecture.furnished"]


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    if connection.vendor == "postgresql":
        return
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="shows what only PostgreSQL does"))


@pytest.fixture(autouse=True)
def _no_files_of_earlier_tests() -> Iterator[None]:
    """Rows are taken back after each test; so are the bytes they spoke of."""
    kept = Path(settings.WAYMARK_DATA) / "files"
    yield
    shutil.rmtree(kept, ignore_errors=True)


@pytest.fixture(scope="session")
def kept_tables(pytestconfig: pytest.Config) -> Path:
    """A folder that outlives this run."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("tables")


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool, django_db_modify_db_settings: None, kept_tables: Path
) -> bool:
    """Those of an earlier run are not made again."""
    if connection.vendor == "sqlite":
        lay_out(kept_tables)
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, kept_tables: Path
) -> Iterator[None]:
    """The tables, as pytest-django makes them, with a quicker way back to how they were."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        if connection.vendor == "sqlite":
            with django_db_blocker.unblock():
                go_back_after_each_test(kept_tables, monkeypatch)
        yield
