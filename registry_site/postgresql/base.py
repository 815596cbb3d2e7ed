"""Connections that rest between requests and keep what they have prepared.

Django's own choices are a connection or a question to the server for each request; either
takes longer than the queries of a script's whole request.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from accounts.prepared_statements import PreparedStatements
from registry_site.commits import RefusedCommits
from registry_site.dispatcher import let_another_answer
from registry_site.postgresql.resting import RestingConnections

# By the address of the database.
RESTING: dict[tuple[Any, ...], RestingConnections] = {}


class DatabaseWrapper(RefusedCommits, base.DatabaseWrapper):
    _statements: PreparedStatements | None = None
    _resting: RestingConnections
    # Whether the last one was left to rest: all that Django sets for another is set by then.
    _has_rested = False

    def connect(self) -> None:
        rested = self._resting.take() if self._has_rested else None
        if rested is None:
            super().connect()
            return
        self._statements, self.connection = rested, rested.connection

    def close(self) -> None:
        self._has_rested = False
        super().close()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that rests, while there are such."""
        place = tuple(conn_params.get(name) for name in ("host", "port", "dbname", "user"))
        self._resting = RESTING.setdefault(place, RestingConnections())
        self._statements = self._resting.take()
        if self._statements is None:
            return super().get_new_connection(conn_params)
        return self._statements.connection

    def commit(self) -> None:
        """The server answers when the change is on its disk."""
        let_another_answer()
        super().commit()

    def _commit(self) -> None:
        """As Django does it, past psycopg's generators."""
        if self.queries_logged or self.connection is None:
            self._let_cursor_go_on()
            super()._commit()  # type: ignore[misc] # Django has it
            return
        with self.wrap_database_errors:
            self.prepared_statements().commit()

    def _cursor(self, name: str | None = None) -> Any:
        self._let_cursor_go_on()
        return super()._cursor(name)  # type: ignore[misc] # Django has it

    def validate_no_broken_transaction(self) -> None:
        """Django's cursors ask it before each statement."""
        super().validate_no_broken_transaction()
        self._let_cursor_go_on()

    def _let_cursor_go_on(self) -> None:
        """In the transaction there is, and behind what was put off."""
        if self.connection is None:
            return
        if self._statements is not None and self._statements.connection is self.connection:
            with self.wrap_database_errors:
                self._statements.send_put_off()
        if self.autocommit or not self.connection.autocommit:
            return
        if self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            super()._set_autocommit(False)  # type: ignore[misc] # Django has it

    def _rollback(self) -> None:
        self._forget_put_off()
        super()._rollback()  # type: ignore[misc] # Django has it

    def _savepoint_rollback(self, sid: str) -> None:
        """What was put off before the savepoint has been sent by then."""
        self._forget_put_off()
        super()._savepoint_rollback(sid)  # type: ignore[misc] # Django has it

    def _forget_put_off(self) -> None:
        if self._statements is not None:
            self._statements.forget_put_off()

    def _set_autocommit(self, autocommit: bool) -> None:
        """Prepared statements begin a transaction by themselves. psycopg, which does so for its
        cursors, is told when there is one: telling it takes as long as a statement."""
        if autocommit and not self.connection.autocommit:
            super()._set_autocommit(True)  # type: ignore[misc] # Django has it

    def prepared_statements(self) -> PreparedStatements:
        """Of the connection there is now: a new one has prepared none."""
        if self._statements is None or self._statements.connection is not self.connection:
            self._statements = PreparedStatements(self.connection)
        self._statements.autocommit = self.autocommit
        return self._statements

    def close_if_unusable_or_obsolete(self) -> None:
        """Called by Django before and after each request."""
        if self.in_atomic_block:
            return
        super().close_if_unusable_or_obsolete()
        if self.connection is None:
            return
        if self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self._resting.leave(self.prepared_statements())
            self.connection, self._has_rested = None, True
        else:
            self.close()

    def close_pool(self) -> None:
        """Of all that rest, as Django asks before it drops a database or a process is forked."""
        super().close_pool()
        for resting in RESTING.values():
            resting.close()
