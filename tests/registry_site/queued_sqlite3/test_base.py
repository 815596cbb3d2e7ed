"""Writers of a SQLite database take turns; readers wait for nobody."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

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
