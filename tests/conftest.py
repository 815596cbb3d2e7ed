"""What every test stands on. The folder and the database of each process: tests/settings.py."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

pytest_plugins = ["tests.personas", "tests.things"]


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
