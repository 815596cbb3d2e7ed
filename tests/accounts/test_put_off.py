"""Writes that are put off happen in their place, whatever comes next, and all or none of them."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from accounts.errors import Conflict
from accounts.models import Entity
from accounts.statements import asking, put_off, run
from accounts.written_rows import inserting
from tests.accounts.test_prepared_statements import TEAM, entities_named, names, row
from tests.trips import counted_trips

pytestmark = pytest.mark.django_db(transaction=True)
MISSING = 2**40


def team(name: str) -> Entity:
    return Entity(name=name, kind=TEAM)


def test_they_are_there_when_the_transaction_has_ended_and_know_their_keys():
    first, second = team("first"), team("second")
    with transaction.atomic():
        put_off(inserting(first))
        put_off(inserting(second))
    assert names() == {"first", "second"}
    assert entities_named("second") == [second]
    assert first.pk < second.pk


def by_cursor() -> set[str]:
    return names()


def by_prepared_statement() -> set[str]:
    return {entity.name for entity in entities_named("early")}


def by_sql() -> set[str]:
    return {name for (name,) in run("SELECT name FROM accounts_entity WHERE name = 'early'")}


@pytest.mark.parametrize("look", [by_cursor, by_prepared_statement, by_sql])
def test_whoever_looks_before_the_end_finds_them(look: Callable[[], set[str]]):
    with transaction.atomic():
        put_off(inserting(team("early")))
        assert look() == {"early"}
    assert names() == {"early"}


def test_outside_of_a_transaction_nothing_is_put_off():
    entity = team("at-once")
    put_off(inserting(entity))
    assert entity.pk
    assert names() == {"at-once"}


def test_what_is_rolled_back_takes_them_along():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put_off(inserting(team("gone")))
        raise ZeroDivisionError
    with transaction.atomic():
        put_off(inserting(team("kept")))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            put_off(inserting(team("gone")))
            raise ZeroDivisionError
        with transaction.atomic():
            put_off(inserting(team("within")))
    assert names() == {"kept", "within"}


def test_one_that_is_refused_refuses_the_end_of_its_transaction():
    put_off(inserting(team("taken")))
    with pytest.raises(IntegrityError), transaction.atomic():
        put_off(inserting(team("before")), inserting(team("TAKEN")), inserting(team("after")))
    assert names() == {"taken"}
    put_off(inserting(team("next")))
    assert names() == {"taken", "next"}


def test_one_that_is_refused_refuses_what_is_asked_next():
    put_off(inserting(team("taken")))
    with pytest.raises(IntegrityError), transaction.atomic():
        put_off(inserting(team("TAKEN")))
        names()
    assert names() == {"taken"}


def test_one_that_refers_to_what_is_gone_is_told_as_that():
    to_nobody = (
        "INSERT INTO registries_collectiontag (collection_id, name, folded) VALUES (%s, %s, %s)"
    )
    with pytest.raises(Conflict, match="at the same moment"), transaction.atomic():
        put_off(inserting(team("before")), asking(to_nobody, [MISSING, "tag", "tag"]))
    assert names() == set()


@pytest.mark.postgresql
def test_a_value_that_cannot_be_sent_takes_none_of_them_along():
    with transaction.atomic():
        put_off(inserting(team("kept")))
        with pytest.raises(DataError):
            entities_named("nul\0")
    assert names() == {"kept"}


def test_a_transaction_that_is_broken_takes_none():
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        put_off(inserting(team("never")))
    assert names() == set()


@pytest.mark.postgresql
def test_they_go_in_one_trip_with_the_end_of_the_transaction(monkeypatch):
    trips = counted_trips(monkeypatch)
    with transaction.atomic():
        run("SELECT 1")
        put_off(inserting(team("one")), inserting(team("two")))
    assert trips == [1, 2]


@pytest.mark.postgresql
def test_a_server_that_is_gone_at_the_end_has_none_of_them():
    with pytest.raises(OperationalError), transaction.atomic():
        run("SELECT 1")
        info = connection.connection.info
        put_off(inserting(team("lost")))
        with psycopg.connect(info.dsn, autocommit=True) as another:
            another.execute("SELECT pg_terminate_backend(%s, 10000)", [info.backend_pid])
    connection.close()
    assert names() == set()


def test_a_cursor_from_before_goes_on_within_the_transaction_and_finds_them():
    text = "INSERT INTO accounts_entity (name, kind, created_at) VALUES (%s, %s, %s)"
    with connection.cursor() as cursor:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            cursor.execute(text, row("gone"))
            raise ZeroDivisionError
        with transaction.atomic():
            put_off(inserting(team("found")))
            cursor.execute("SELECT name FROM accounts_entity WHERE name IN ('gone', 'found')")
            assert cursor.fetchall() == [("found",)]
            cursor.execute(text, row("along"))
    assert names() == {"found", "along"}
