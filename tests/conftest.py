"""What every test stands on. The folder and the database of each process: tests/settings.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

pytest_plugins = ["tests.personas", "tests.things"]


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    if connection.vendor == "postgresql":
        return
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="shows what only PostgreSQL does"))
