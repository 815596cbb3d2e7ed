"""Two deeds at once, one of them halted at a chosen statement until the other is done or waits.

What comes out has to be what comes out when one is done after the other, in either order.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

from accounts.errors import RegistryError
from tests.faults.places import server_address
from tests.faults.rules import require_rules_hold
from tests.faults.whole_state import State, whole_state

Deed = Callable[[], object]
# Looks up what it needs, as a page does, and answers the deed.
Plan = Callable[[], Deed]
Outcome = tuple[str, str]
WRITES = ("INSERT", "UPDATE", "DELETE")
LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")
TOO_LONG = 30


@dataclass(frozen=True)
class Result:
    """`halted_at` is None when the halted deed was over before it came to its halt."""

    outcomes: tuple[Outcome, Outcome]
    state: State
    halted_at: str | None = None


def one_after_the_other(first: Plan, second: Plan) -> Result:
    """Both have looked before one of them begins."""
    one, two = first(), second()
    return _result((_outcome(one), _outcome(two)), None)


def at_once(halted: Plan, other: Plan, halt: int) -> Result:
    """`halted` waits at its `halt`th halt, from 1, until `other` is over or waits for it."""
    one, two = _Actor(halted(), halt), _Actor(other())
    one.start()
    one.halted_or_over.wait(TOO_LONG)
    if one.halted_at is None:
        return Result((one.outcome, one.outcome), {})
    two.start()
    _wait_until_over_or_waiting(two, one.holds_all)
    one.go_on.set()
    one.join(TOO_LONG)
    two.join(TOO_LONG)
    return _result((one.outcome, two.outcome), one.halted_at)


class _Actor(threading.Thread):
    """Does one deed with a connection of its own and tells how far it is."""

    def __init__(self, deed: Deed, halt: int = 0) -> None:
        super().__init__(daemon=True)
        self.deed = deed
        self.halts = _Halts(halt, self._halt)
        self.outcome: Outcome = ("not over", "")
        self.halted_at: str | None = None
        self.holds_all = False
        self.server_process: int | None = None
        self.connected, self.begins = threading.Event(), threading.Event()
        self.halted_or_over, self.go_on = threading.Event(), threading.Event()

    def run(self) -> None:
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            self.server_process = connection.connection.info.backend_pid
        connection.execute_wrappers.append(self._before_statement)
        self.connected.set()
        commit = connection._commit  # type: ignore[attr-defined]

        def commit_after_halt() -> None:
            self.halts.pass_by("COMMIT")
            commit()

        connection._commit = commit_after_halt  # type: ignore[attr-defined]
        try:
            self.outcome = _outcome(self.deed)
        finally:
            connection.close()
            self.begins.set()
            self.halted_or_over.set()

    def _before_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.halts.pass_by(sql)
        if sql.startswith("BEGIN"):
            self.begins.set()
        return execute(sql, params, many, context)

    def _halt(self, sql: str) -> None:
        self.halted_at = sql
        # On SQLite whoever is in a transaction is alone.
        self.holds_all = connection.vendor == "sqlite" and sql == "COMMIT"
        self.halted_or_over.set()
        self.go_on.wait(TOO_LONG)


@dataclass
class _Halts:
    """Before a lock, before the first of several writes, before BEGIN and COMMIT."""

    wanted: int
    halt: Callable[[str], None]
    count: int = 0
    last: str = field(default="")

    def pass_by(self, sql: str) -> None:
        kind = _kind(sql)
        if kind and (kind, self.last) != ("write", "write"):
            self.count += 1
            if self.count == self.wanted:
                self.halt(sql)
        self.last = kind or self.last


def _kind(sql: str) -> str:
    if connection.vendor == "sqlite":
        return "alone" if sql.startswith(("BEGIN", "COMMIT")) else ""
    if sql.startswith(WRITES):
        return "write"
    return "lock" if sql == "COMMIT" or any(lock in sql for lock in LOCKS) else ""


def _wait_until_over_or_waiting(actor: _Actor, all_is_held: bool) -> None:
    actor.connected.wait(TOO_LONG)
    if all_is_held:
        actor.begins.wait(TOO_LONG)
    elif actor.server_process is None:
        actor.join(TOO_LONG)
    else:
        _wait_for_lock(actor, actor.server_process)


def _wait_for_lock(actor: _Actor, server_process: int) -> None:
    """Asks the server again and again: it tells nobody when somebody begins to wait."""
    with psycopg.connect(**server_address("postgres")) as server:
        while actor.is_alive():
            waits = server.execute(
                "SELECT cardinality(pg_blocking_pids(%s)) > 0", [server_process]
            ).fetchone()
            if waits == (True,):
                return


def _outcome(deed: Deed) -> Outcome:
    try:
        return ("done", str(deed()))
    except RegistryError as refusal:
        return ("refused", refusal.code)
    except Exception:  # noqa: BLE001 shown by the test
        return ("raised", traceback.format_exc(limit=-1))


def _result(outcomes: tuple[Outcome, Outcome], halted_at: str | None) -> Result:
    require_rules_hold()
    return Result(outcomes, _comparable(whole_state()), halted_at)


def _comparable(state: State) -> State:
    """Events of different collections may stand in any order between each other."""
    by_collection = sorted(
        state["registries.Event"],
        key=lambda row: [text for text in row if text.startswith(("home_name", "collection_name"))],
    )
    return state | {"registries.Event": by_collection}
