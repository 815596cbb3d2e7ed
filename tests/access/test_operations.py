"""Every operation for every persona: done, refused, or not found, and then without a trace."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

import accounts.operations
import artifacts.operations
import automations.operations
import registries.operations
from accounts.errors import NotAllowed, NotFound
from accounts.models import User
from tests.access import (
    account_table,
    automation_table,
    operation_table,
    registry_table,
    upload_table,
)
from tests.access.building_blocks import NOT_DOORS
from tests.access.stage import build
from tests.personas import caller_of
from tests.refusals import everything

if TYPE_CHECKING:
    from collections.abc import Callable

FLOORS = (
    accounts.operations,
    artifacts.operations,
    registries.operations,
    automations.operations,
)
TABLES = {
    "accounts": account_table.ACCOUNTS,
    "artifacts": operation_table.ARTIFACTS,
    "sources": operation_table.SOURCES,
    "uploads": upload_table.UPLOADS,
    "settings": operation_table.SETTINGS,
    "collections": registry_table.COLLECTIONS,
    "versions": registry_table.VERSIONS,
    "aliases": registry_table.ALIASES,
    "automations": automation_table.AUTOMATIONS,
    "integrations": automation_table.INTEGRATIONS,
}
DOORS = {row.operation for rows in TABLES.values() for row in rows}


class Undone(Exception):
    """Ends a cell, so that the next finds the stage as it was."""


def public_functions() -> set[Callable]:
    """Defined in, not imported by, the modules of operations."""
    found = set()
    for floor in FLOORS:
        for module_info in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
            module = importlib.import_module(module_info.name)
            found |= {
                function
                for name, function in inspect.getmembers(module, inspect.isfunction)
                if function.__module__ == module.__name__ and not name.startswith("_")
            }
    return found


def names(functions) -> set[str]:
    return {f"{function.__module__}.{function.__name__}" for function in functions}


def outcome_of(row, user: User, stage) -> str:
    """✓, or the status of the refusal, and “changed” where a refusal left a trace."""
    before = everything()
    by = caller_of(User.objects.get(pk=user.pk))
    try:
        with transaction.atomic():
            row.do(by, stage)
            raise Undone
    except Undone:
        return "✓"
    except (NotAllowed, NotFound) as refusal:
        return str(refusal.status) if everything() == before else "changed"


@pytest.fixture
def stage(personas, project):
    return build(personas, project)


@pytest.mark.parametrize("table", TABLES)
def test_every_persona_gets_from_every_operation_what_the_table_says(
    stage, personas, table, subtests
):
    for row in TABLES[table]:
        with subtests.test(str(row)):
            found = {name: outcome_of(row, user, stage) for name, user in personas.items()}
            assert found == row.expected()


def test_no_operation_is_missing_from_the_table():
    assert names(public_functions() - DOORS - set(NOT_DOORS)) == set()


def test_the_table_names_no_operation_that_is_gone_and_none_twice():
    assert names((DOORS | set(NOT_DOORS)) - public_functions()) == set()
    assert names(DOORS & set(NOT_DOORS)) == set()


def test_every_door_asks_first_who_comes():
    first = {door: next(iter(inspect.signature(door).parameters)) for door in DOORS}
    assert names(door for door, parameter in first.items() if parameter != "by") == set()


def test_every_building_block_has_its_reason():
    assert all(NOT_DOORS.values())
