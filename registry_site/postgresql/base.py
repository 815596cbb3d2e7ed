"""Each thread keeps its connection, and looks whether it is alive when it has rested.

Django's own choices are a connection or a question to the server for each request; either
takes longer than the queries of a script's whole request.
"""

from __future__ import annotations

import time

from django.db.backends.postgresql import base

from accounts.prepared_statements import PreparedStatements
from registry_site.commits import RefusedCommits

SECONDS_OF_TRUST = 1.0


class DatabaseWrapper(RefusedCommits, base.DatabaseWrapper):
    _used_at = 0.0
    _statements: PreparedStatements | None = None

    def close_if_health_check_failed(self) -> None:
        """A server that was restarted is noticed by whoever comes later than that."""
        now = time.monotonic()
        if now - self._used_at > SECONDS_OF_TRUST:
            super().close_if_health_check_failed()
        self._used_at = now

    def prepared_statements(self) -> PreparedStatements:
        """Of the connection there is now: a new one has prepared none."""
        if self._statements is None or self._statements.connection is not self.connection:
            self._statements = PreparedStatements(self.connection)
        return self._statements
