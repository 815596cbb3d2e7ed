"""A new version that turns out badly can be taken back."""

from __future__ import annotations

from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import PACKAGES


def test_every_migration_can_be_undone():
    migrations = MigrationLoader(None).disk_migrations
    ours = {key: migration for key, migration in migrations.items() if key[0] in PACKAGES}
    stuck = [
        f"{app}.{name}: {operation.describe()}"
        for (app, name), migration in ours.items()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert ours
    assert not stuck, stuck
