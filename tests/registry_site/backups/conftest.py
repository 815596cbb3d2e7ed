from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import places
from tests.registry_site.backups.homes import empty_database, environment, lines_of, manage, writer


@pytest.fixture
def home(django_db_setup) -> Iterator[dict[str, str]]:
    """With the tables an earlier start made."""
    with places.copy_of(places.tests_own_place()) as place:
        yield environment(place.environment)


@pytest.fixture
def new_home(tmp_path) -> Iterator[dict[str, str]]:
    with empty_database() as database:
        yield environment({"DATABASE_URL": database, "WAYMARK_DATA": str(tmp_path / "new")})


@pytest.fixture
def copy(home, tmp_path) -> Path:
    """A backup with a few files."""
    with writer(home) as process:
        lines_of(process, 3)
    manage(home, "backup", str(tmp_path / "copy"))
    return tmp_path / "copy"
