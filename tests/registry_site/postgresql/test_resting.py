"""Connections to PostgreSQL rest between requests, for whoever needs one next."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import close_old_connections, connection, transaction

from accounts.statements import run
from registry_site.postgresql import resting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

SERVER_PROCESS = "SELECT pg_backend_pid()"


@pytest.fixture(autouse=True)
def _no_connection_rests():
    connection.close()
    connection.close_pool()
    yield
    connection.close()
    connection.close_pool()


def _server_process() -> int:
    ((pid,),) = run(SERVER_PROCESS)
    return int(pid)


def _answered_by() -> int:
    """The server process of one request."""
    pid = _server_process()
    close_old_connections()
    return pid


def _in_thread(work: Callable[[], int]) -> int:
    told: list[int] = []
    thread = threading.Thread(target=lambda: told.append(work()))
    thread.start()
    thread.join()
    return told[0]


def _end(pid: int) -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def test_requests_one_after_the_other_share_a_connection_whichever_thread_answers():
    assert len({_answered_by(), _in_thread(_answered_by), _answered_by()}) == 1


def test_what_was_prepared_for_one_request_is_prepared_for_the_next():
    run("SELECT CAST(%s AS INTEGER) + 1", [1])
    close_old_connections()
    run("SELECT CAST(%s AS INTEGER) + 1", [2])
    ((uses,),) = run(
        "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%%+ 1'"
    )
    assert uses == 2


def test_requests_at_once_have_connections_of_their_own_and_the_last_one_left_is_taken_first():
    own = _server_process()
    other = _in_thread(_answered_by)
    close_old_connections()
    assert own != other
    assert [_server_process(), _in_thread(_answered_by)] == [own, other]


def test_a_connection_in_a_transaction_does_not_rest():
    with transaction.atomic():
        own = _server_process()
        close_old_connections()
        assert _in_thread(_answered_by) != own
        assert _server_process() == own


def test_one_that_was_left_in_the_middle_of_something_ends():
    own = _server_process()
    connection.connection.pgconn.exec_(b"BEGIN")
    close_old_connections()
    assert _server_process() != own


def test_a_connection_whose_server_is_gone_is_not_handed_on(monkeypatch):
    monkeypatch.setattr(resting, "SECONDS_OF_TRUST", 0)
    gone = _answered_by()
    _end(gone)
    assert _answered_by() != gone


def test_what_a_crowd_needed_is_given_back(monkeypatch):
    own = _server_process()
    crowd = _in_thread(_answered_by)
    monkeypatch.setattr(resting, "SECONDS_OF_REST", 0)
    close_old_connections()
    assert _server_process() == own
    assert _in_thread(_answered_by) != crowd


def test_before_a_process_is_forked_nothing_rests():
    rested = _answered_by()
    connection.close_pool()
    assert _server_process() != rested
