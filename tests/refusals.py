"""What a refusal must be: the right kind, a sentence, and nothing changed anywhere."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper

    from accounts.errors import RegistryError

OUR_APPS = ("accounts", "artifacts", "registries", "automations", "sessions")


def everything() -> dict[str, list[str]]:
    """All rows of all tables of the product, and the names of all files it keeps.

    Parts on their way are no files yet: which have arrived is told by rows. Nor is the empty one
    that writers lock.
    """
    return all_rows() | {"files": sorted(_files(Path(settings.WAYMARK_DATA) / "files"))}


def all_rows(labels: tuple[str, ...] = OUR_APPS) -> dict[str, list[str]]:
    """Table → its rows as text, of the apps named."""
    tables = _tables(labels)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _asked_at_once(cursor, tables)
        state = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            state[table] = sorted(map(repr, cursor.fetchall()))
    return state


def _asked_at_once(cursor: CursorWrapper, tables: list[str]) -> dict[str, list[str]]:
    """Each way to a server costs more than what is fetched there."""
    parts = (f"SELECT '{table}', kept::text FROM \"{table}\" AS kept" for table in tables)
    cursor.execute(" UNION ALL ".join(parts))
    state: dict[str, list[str]] = {table: [] for table in tables}
    for table, row in cursor.fetchall():
        state[table].append(row)
    return {table: sorted(rows) for table, rows in state.items()}


def _files(kept: Path) -> Iterator[str]:
    for part in kept.iterdir() if kept.exists() else ():
        if part.is_dir() and part.name != "parts":
            for folder, _, names in os.walk(part):
                yield from (os.path.join(folder, name) for name in names)  # noqa: PTH118


@cache
def _tables(labels: tuple[str, ...]) -> list[str]:
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return [model._meta.db_table for model in models]


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()


@contextmanager
def refused(
    kind: type[RegistryError], code: str | None = None
) -> Iterator[pytest.ExceptionInfo[RegistryError]]:
    """The block is refused with `kind` (and `code`), in a whole sentence, without any trace."""
    with nothing_changes(), pytest.raises(kind) as refusal:
        yield refusal
    assert refusal.type is kind
    if code is not None:
        assert refusal.value.code == code
    sentence = refusal.value.sentence
    assert sentence == sentence.strip()
    assert sentence.endswith(".")
    assert not any(word in sentence.lower() for word in ("please", "sorry", "oops", "!"))
