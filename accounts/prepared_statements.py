"""Statements that PostgreSQL prepares, sent past psycopg's cursors.

A cursor does for every statement what these need once: it reads the text, guesses types, looks
for how values are read. That took three times as long as libpq itself, and longer than the
database took to answer. Several statements go in one trip (a pipeline of libpq), each as if sent
alone: the next one begins, and looks at the rows, when the one before it has ended.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult
from psycopg.types.datetime import TimestamptzLoader

# No name comes twice, whoever else prepares for the same connection.
NUMBERS = count(1)
PLACEHOLDERS = re.compile(r"%%|%s")
BEGIN, COMMIT = b"BEGIN", b"COMMIT"
# As numbers: each result is compared with these, and members of an enumeration take longer.
IDLE = pq.TransactionStatus.IDLE.value
FATAL_ERROR = pq.ExecStatus.FATAL_ERROR.value
TUPLES_OK = pq.ExecStatus.TUPLES_OK.value
PIPELINE_SYNC = pq.ExecStatus.PIPELINE_SYNC.value
# A server process keeps each plan in its memory: a quarter to half a megabyte for who sees what.
# The pages have about seventy texts, and more when they are narrowed and sorted.
MOST_KEPT = 160
SECONDS_TO_CANCEL = 5.0

Rows = list[tuple[Any, ...]]
Question = tuple[str, Sequence[Any]]
# What is still to be sent, and who is told its rows.
PutOff = tuple[Question, Callable[[Rows], object]]


class PreparedStatements:
    """Of one connection of psycopg. Texts have `%s` for values, whose types the server infers."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        # Whether each is a transaction of its own; else the first one opens one for all.
        self.autocommit = True
        self._server = connection.pgconn
        self._names: dict[str, bytes] = {}
        self._put_off: list[PutOff] = []
        self._values: abc.Transformer = _transformer(connection)
        self._readiness = select.poll()
        self._readiness.register(self._server.socket, select.POLLIN)

    def put_off(self, questions: Sequence[PutOff]) -> None:
        """Sent with whatever comes next in this transaction, at the latest with its COMMIT."""
        self._put_off += questions

    def forget_put_off(self) -> None:
        """The transaction is rolled back, to before they were asked."""
        self._put_off = []

    def send_put_off(self) -> None:
        """For whatever goes by other ways."""
        if self._put_off:
            self.rows_of_all([])

    def rows_of_all(self, questions: Sequence[Question]) -> list[Rows]:
        """Of each, in one trip; none for one that tells none. When one is refused, those after it
        are not tried."""
        return self._rows_of_all(questions, commits=False)

    def commit(self) -> None:
        """Returns when the change is on the disk of the server, which may refuse it."""
        if self._put_off or self._server.transaction_status != IDLE:
            self._rows_of_all([], commits=True)

    def _rows_of_all(self, questions: Sequence[Question], *, commits: bool) -> list[Rows]:
        put_off = self._put_off
        if put_off:
            questions = [*(question for question, _ in put_off), *questions]
        sent = [(self._name(text), self._dumped(values)) for text, values in questions]
        # Not before: a value that cannot be sent leaves what was put off to be sent later.
        self._put_off = []
        try:
            results = self._exchanged(sent, commits=commits)
        except BaseException:
            self._give_up()
            raise
        for result in results:
            if result.status == FATAL_ERROR:
                raise _error_of(result)
        rows = [self._loaded(result) for result in results]
        for (_, told), those in zip(put_off, rows, strict=False):
            told(those)
        return rows[len(put_off) :]

    def _exchanged(
        self, sent: Sequence[tuple[bytes, Sequence[Any]]], *, commits: bool
    ) -> list[PGresult]:
        begins, server = self._begins(), self._server
        if len(sent) == 1 and not begins and not commits:
            server.send_query_prepared(*sent[0])
            self._flush()
            return self._received()
        server.enter_pipeline_mode()
        if begins:
            server.send_query_params(BEGIN, None)
        for name, values in sent:
            server.send_query_prepared(name, values)
        if commits:
            server.send_query_params(COMMIT, None)
        server.pipeline_sync()
        self._flush()
        count = begins + len(sent) + commits
        results = self._received(count + 1)
        if len(results) <= count:
            raise psycopg.OperationalError("The server ended the connection.")
        server.exit_pipeline_mode()
        return results[begins:-1]

    def _give_up(self) -> None:
        """Interrupted, or without a server: nobody could tell whose answer comes next."""
        with suppress(psycopg.Error):
            self.connection.cancel_safe(timeout=SECONDS_TO_CANCEL)
        self.connection.close()

    def _begins(self) -> bool:
        """As psycopg's cursors do it: the first statement opens the transaction, in the isolation
        that the database has for all."""
        return not self.autocommit and self._server.transaction_status == IDLE

    def _received(self, count: int = 1) -> list[PGresult]:
        """Of so many statements (the end of a pipeline is one), up to what ends the last one; fewer
        when two ends follow each other, as where there is no server any more."""
        server, results = self._server, []
        has_ended = False
        while True:
            if server.is_busy():
                self._wait()
            result = server.get_result()
            if result is not None:
                results.append(result)
                if len(results) == count and result.status == PIPELINE_SYNC:
                    return results
            elif has_ended or len(results) >= count:
                return results
            has_ended = result is None

    def _flush(self) -> None:
        """Reads meanwhile: a server that cannot get rid of its answers takes no more questions."""
        while self._server.flush():
            self._readiness.modify(self._server.socket, select.POLLIN | select.POLLOUT)
            self._readiness.poll()
            self._readiness.modify(self._server.socket, select.POLLIN)
            self._server.consume_input()

    def _wait(self) -> None:
        """Python's signals are heard meanwhile, and other threads run."""
        while True:
            self._readiness.poll()
            self._server.consume_input()
            if not self._server.is_busy():
                return

    def _name(self, text: str) -> bytes:
        name = self._names.pop(text, None) or self._prepared(text)
        # Behind all others: none of those that are sent together makes room for another.
        self._names[text] = name
        return name

    def _prepared(self, text: str) -> bytes:
        if len(self._names) >= MOST_KEPT:
            unused = next(iter(self._names))
            self._require(self._server.exec_(b"DEALLOCATE " + self._names.pop(unused)))
        name = b"waymark_%d" % next(NUMBERS)
        self._require(self._server.prepare(name, numbered(text).encode()))
        return name

    def _require(self, result: PGresult) -> None:
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise _error_of(result)

    def _dumped(self, values: Sequence[Any]) -> Sequence[Any]:
        return self._values.dump_sequence(values, [PyFormat.TEXT] * len(values))

    def _loaded(self, result: PGresult) -> Rows:
        if result.status != TUPLES_OK:
            return []
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, tuple)


def _error_of(result: PGresult) -> psycopg.Error:
    """Every refusal of the server has a state; without one it is libpq that lost the server."""
    error = error_from_result(result)
    return error if error.sqlstate else psycopg.OperationalError(*error.args)


def numbered(text: str) -> str:
    """libpq counts its placeholders: $1, $2."""
    numbers = count(1)
    return PLACEHOLDERS.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", text)


def _transformer(connection: psycopg.Connection) -> abc.Transformer:
    """Django's ways to read values, but of moments, which it reads by Python: these are of UTC as
    well, by psycopg's own reader in C."""
    adapters = AdaptersMap(connection.adapters)
    adapters.register_loader("timestamptz", TimestamptzLoader)
    transformer: abc.Transformer = Transformer(adapters)
    return transformer
