"""Trips to PostgreSQL, counted."""

from __future__ import annotations

import pytest

from accounts.prepared_statements import PreparedStatements


def counted_trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From now on: how many statements went in each, BEGIN and COMMIT besides."""
    trips: list[int] = []
    send = PreparedStatements._exchanged

    def counted(self, sent, *, commits):
        trips.append(len(sent))
        return send(self, sent, commits=commits)

    monkeypatch.setattr(PreparedStatements, "_exchanged", counted)
    return trips
