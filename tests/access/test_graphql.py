"""Every root field of `/graphql` for every persona: answered, null or refused without a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from accounts.models import ApiKey
from tests.access import (
    graphql_automations_table,
    graphql_queries_table,
    graphql_settings_table,
    graphql_versions_table,
)
from tests.access.stage import Stage, build
from tests.refusals import everything
from tests.wandb_api.asking import Asker
from wandb_api.schema import SCHEMA

if TYPE_CHECKING:
    from accounts.models import User
    from tests.access.graphql_rows import Field

TABLES = {
    "queries": graphql_queries_table.QUERIES,
    "logging": graphql_versions_table.LOGGING,
    "versions": graphql_versions_table.VERSIONS,
    "registries": graphql_settings_table.REGISTRIES,
    "people": graphql_settings_table.PEOPLE,
    "collections": graphql_settings_table.COLLECTIONS,
    "automations": graphql_automations_table.AUTOMATIONS,
}
FIELDS = {field.name for fields in TABLES.values() for field in fields}


class Undone(Exception):
    """Ends a cell, so that the next finds the stage as it was."""


def state() -> dict[str, list[str]]:
    """All but the notes on when a key was used."""
    return {table: rows for table, rows in everything().items() if table != ApiKey._meta.db_table}


def outcome_of(field: Field, user: User, ask: Asker, stage: Stage, before) -> str:
    try:
        with transaction.atomic():
            answer = ask(user, field.document, **field.variables(stage))
            refused = answer.status != 200 or answer.sentences
            left_a_trace = refused and state() != before
            raise Undone
    except Undone:
        pass
    if left_a_trace:
        return "changed"
    if refused:
        return str(answer.status)
    return "✓" if answer.data[field.name] is not None else "–"


@pytest.fixture
def stage(personas, project) -> Stage:
    return build(personas, project)


@pytest.fixture
def ask(personas) -> Asker:
    """Whose keys are made before any cell, so that undoing a cell leaves them."""
    asker = Asker()
    for user in personas.values():
        asker.headers(user)
    return asker


@pytest.mark.parametrize("table", TABLES)
def test_every_persona_gets_from_every_field_what_the_table_says(
    stage, ask, personas, table, subtests
):
    before = state()
    for field in TABLES[table]:
        with subtests.test(str(field)):
            found = {
                name: outcome_of(field, user, ask, stage, before) for name, user in personas.items()
            }
            assert found == field.expected()


def test_no_field_of_the_schema_is_missing_from_the_table():
    assert SCHEMA.query_type is not None
    assert SCHEMA.mutation_type is not None
    assert set(SCHEMA.query_type.fields) | set(SCHEMA.mutation_type.fields) == FIELDS


def test_every_row_asks_for_the_field_it_is_about():
    for fields in TABLES.values():
        for field in fields:
            assert field.name in field.document
