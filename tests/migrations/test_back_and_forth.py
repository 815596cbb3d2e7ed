"""Migrations on tables that hold what people made: forward, back, and forward again."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import PACKAGES
from tests.faults import furniture
from tests.faults.children import in_child
from tests.faults.event_replay import require_history_agrees
from tests.faults.places import Place
from tests.faults.whole_state import State, whole_state

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def _apps() -> list[str]:
    """Those with migrations, the highest floor first."""
    return [app for app in PACKAGES if app in MigrationLoader(connection).migrated_apps]


def _migrate(*where: str) -> None:
    call_command("migrate", *where, interactive=False, verbosity=0)


def _back_to_the_first_and_forward() -> tuple[State, State]:
    before = whole_state()
    for app in _apps():
        _migrate(app, "0001")
    _migrate()
    require_history_agrees()
    return before, whole_state()


def _back_to_nothing_and_forward() -> State:
    for app in _apps():
        _migrate(app, "zero")
    left = connection.introspection.table_names()
    assert not [table for table in left if table.startswith(tuple(f"{app}_" for app in PACKAGES))]
    _migrate()
    return whole_state()


def _back_and_forward_then_work() -> None:
    _back_to_the_first_and_forward()
    furniture.log_content(furniture.project(), "animals", "after all migrations")
    require_history_agrees()


def test_what_people_made_is_the_same_after_going_back_and_forward(place: Place):
    before, after = in_child(place, _back_to_the_first_and_forward)
    assert before == after
    assert before["registries.Version"]


def test_work_goes_on_after_going_back_and_forward(place: Place):
    in_child(place, _back_and_forward_then_work)


def test_filled_tables_can_be_taken_away_whole_and_made_again(place: Place):
    assert in_child(place, _back_to_nothing_and_forward) == {}
