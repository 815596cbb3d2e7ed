"""Statements sent past psycopg's cursors mean what they mean when Django sends them."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet

from accounts import prepared_statements
from accounts.models import Entity, User
from accounts.prepared_statements import numbered
from accounts.statements import (
    NOTHING_TO_ASK,
    asked_together,
    asking,
    kept,
    prepared,
    run,
)
from accounts.written_rows import inserting, updating, updating_by_key

pytestmark = pytest.mark.django_db
TEAM = Entity.Kind.TEAM


@prepared
def entities_named(name: str) -> QuerySet[Entity]:
    return Entity.objects.filter(name=name)


@kept
def entities_like(name: str) -> QuerySet[Entity]:
    return Entity.objects.filter(name=name)


@prepared
def seen_by(user: User) -> QuerySet[User]:
    return User.objects.filter(pk=user.pk, is_active=True)


def names() -> set[str]:
    """Of the teams that a test itself makes."""
    return set(Entity.objects.filter(team=None, kind=TEAM).values_list("name", flat=True))


def test_several_are_told_in_their_order(admin, member):
    told = asked_together(
        entities_named.asking(admin.username),
        asking("SELECT username FROM accounts_user WHERE id = %s", [member.pk]),
        NOTHING_TO_ASK,
        entities_named.asking("nobody"),
        entities_like.asking(member.username),
    )
    assert told == [[admin.entity], [(member.username,)], [], [], [member.entity]]
    assert asked_together() == []


def test_each_sees_what_those_before_it_did():
    entity = Entity(name="a-team", kind=TEAM)
    _, found, _, again = asked_together(
        inserting(entity),
        entities_named.asking("a-team"),
        asking("UPDATE accounts_entity SET name = %s WHERE name = %s", ["b-team", "a-team"]),
        entities_named.asking("a-team"),
    )
    assert (found, again) == ([entity], [])
    assert entity.pk
    entity.name = "c-team"
    asked_together(updating(entity, "name"))
    assert names() == {"c-team"}


def test_when_one_is_refused_all_are_and_the_connection_is_good_for_more(admin):
    run("INSERT INTO accounts_entity (name, kind, created_at) VALUES (%s, %s, %s)", row("taken"))
    with pytest.raises(IntegrityError), transaction.atomic():
        asked_together(
            inserting(Entity(name="before", kind=TEAM)),
            inserting(Entity(name="TAKEN", kind=TEAM)),
            inserting(Entity(name="after", kind=TEAM)),
        )
    assert names() == {"taken"}
    assert entities_named("taken")


def row(name: str) -> list[object]:
    return [name, TEAM, datetime(2026, 3, 1, tzinfo=UTC)]


@pytest.mark.django_db(transaction=True)
def test_the_first_one_opens_the_transaction():
    for several in (True, False):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            writes = [inserting(Entity(name=name, kind=TEAM)) for name in ("one", "two")]
            asked_together(*(writes if several else writes[:1]))
            raise ZeroDivisionError
        assert names() == set()
    with transaction.atomic():
        asked_together(inserting(Entity(name="kept", kind=TEAM)))
    assert names() == {"kept"}


def test_whoever_was_deactivated_sees_nothing_in_company_either(admin, member):
    User.objects.filter(pk=member.pk).update(is_active=False)
    member.refresh_from_db()
    assert asked_together(seen_by.asking(admin), seen_by.asking(member)) == [[admin], []]


@pytest.mark.parametrize(
    "value",
    ["", "ä € 漢 🎈", "'", "\\", "%s %% $1", "line\nline", "x" * 200_000],
    ids=["empty", "unicode", "quote", "backslash", "signs", "lines", "long"],
)
def test_text_arrives_as_it_was_sent(value):
    assert run("SELECT %s || ''", [value]) == [(value,)]


def test_text_that_a_database_cannot_keep_is_refused(admin):
    if connection.vendor == "postgresql":
        with pytest.raises((DataError, ValueError)), transaction.atomic():
            entities_named("a\x00b")
    assert entities_named(admin.username)


def test_moments_are_of_utc_whatever_zone_they_were_written_in(admin):
    moment = datetime(2026, 3, 1, 13, 5, 7, 250, tzinfo=timezone(timedelta(hours=1)))
    admin.date_joined = moment
    asked_together(updating(admin, "date_joined"))
    (found,) = seen_by(admin)
    assert found.date_joined == moment
    assert found.date_joined.tzinfo is UTC


def test_a_row_that_nobody_read_is_updated_by_its_key(admin, member):
    moment = datetime(2026, 3, 1, 13, 5, tzinfo=UTC)
    changes = {"date_joined": moment, "theme": "dark", "is_staff": True}
    asked_together(updating_by_key(User, admin.pk, **changes))
    (found,) = seen_by(admin)
    assert (found.date_joined, found.theme, found.is_staff) == (moment, "dark", True)
    assert found.username == admin.username
    assert not User.objects.get(pk=member.pk).is_staff


def test_more_texts_than_are_kept_go_on_working(monkeypatch):
    monkeypatch.setattr(prepared_statements, "MOST_KEPT", 3)
    texts = [f"SELECT CAST(%s AS INTEGER) + {number}" for number in range(5)]
    for _ in range(3):
        for number, text in enumerate(texts):
            assert run(text, [10]) == [(10 + number,)]
        for pair in ((0, 1), (4, 0), (2, 4)):
            told = asked_together(*(asking(texts[number], [10]) for number in pair))
            assert told == [[(10 + number,)] for number in pair]


def test_placeholders_are_counted():
    assert numbered("a = %s AND b LIKE 'x%%' AND c = %s") == "a = $1 AND b LIKE 'x%' AND c = $2"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_interrupted_statement_ends_its_connection_and_the_next_one_has_a_new_one(admin):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    run("SELECT 1")
    before, handler = connection.connection, signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            run("SELECT pg_sleep(60)")
    finally:
        signal.signal(signal.SIGALRM, handler)
    assert before.closed
    connection.close()
    assert entities_named(admin.username) == [admin.entity]


@pytest.mark.postgresql
@pytest.mark.parametrize("is_prepared", [True, False])
@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_gone_is_no_refusal_of_a_statement(is_prepared):
    text = f"SELECT 1 AS {'prepared' if is_prepared else 'new'}"
    run(text if is_prepared else "SELECT 1")
    info = connection.connection.info
    with psycopg.connect(info.dsn, autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 10000)", [info.backend_pid])
    with pytest.raises(OperationalError):
        run(text)
    connection.close()
    assert run(text) == [(1,)]
