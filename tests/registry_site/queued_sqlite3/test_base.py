"""Writers of a SQLite database take turns; readers wait for nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.signals import request_finished
from django.db import (
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from accounts.errors import Conflict
from accounts.models import Entity

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="what only SQLite needs"),
]


def _make(name: str) -> None:
    Entity.objects.create(name=name, kind="person")


def _in_thread(work) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_transaction_has_the_turn_from_begin_to_its_end():
    assert not connection.queue.has_turn
    with transaction.atomic():
        assert connection.queue.has_turn
        with transaction.atomic():
            _make("inside")
        assert connection.queue.has_turn
    assert not connection.queue.has_turn


def test_a_transaction_that_fails_gives_the_turn_back():
    with pytest.raises(IntegrityError), transaction.atomic():
        _make("twin")
        _make("TWIN")
    assert not connection.queue.has_turn


def test_a_commit_that_is_refused_gives_the_turn_back():
    with pytest.raises(Conflict), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO accounts_organization (entity_id) VALUES (%s)", [10**6]
        )
    assert not connection.queue.has_turn


def test_a_connection_closed_in_the_middle_gives_the_turn_back():
    def leave_open() -> None:
        with transaction.atomic():
            _make("lost")
            connection.close()

    _in_thread(leave_open).join()
    _make("next")
    assert list(Entity.objects.values_list("name", flat=True)) == ["next"]


def test_a_single_statement_takes_its_turn_too():
    with transaction.atomic():
        _make("first")
        begun = threading.Event()

        def write() -> None:
            begun.set()
            _make("second")

        other = _in_thread(write)
        begun.wait()
        assert list(Entity.objects.values_list("name", flat=True)) == ["first"]
    other.join()
    assert Entity.objects.count() == 2
    assert not connection.queue.has_turn


def test_readers_wait_for_no_writer():
    seen = []
    with transaction.atomic():
        _make("unseen")
        _in_thread(lambda: seen.append(Entity.objects.count())).join()
    assert seen == [0]


def test_a_connection_stays_open_between_requests_until_the_database_refuses_something(client):
    with _requests_end():
        client.get("/healthz")
        first = connection.connection
        assert first is not None
        client.get("/healthz")
        assert connection.connection is first
        with pytest.raises(OperationalError):
            connection.cursor().execute("SELECT * FROM nowhere")
        client.get("/healthz")
        assert connection.connection is not first


@contextmanager
def _requests_end() -> Iterator[None]:
    """As the server's do: the test client leaves connections alone."""
    request_finished.connect(_end)
    try:
        yield
    finally:
        request_finished.disconnect(_end)


def _end(**_: object) -> None:
    close_old_connections()
