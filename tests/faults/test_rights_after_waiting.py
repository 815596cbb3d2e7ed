"""Whoever waits for a lock is judged by what they may do when they have it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.callers import OPERATOR, Caller
from accounts.errors import NotAllowed, NotFound, RegistryError
from accounts.operations.organizations import remove_from_organization
from accounts.operations.teams import remove_from_team
from registries.models import Collection, Event, Version
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.collections import delete_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.versions import link_version, unlink_version
from tests.faults.places import server_address
from tests.personas import caller_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

TOO_LONG = 30

DEEDS: dict[str, Callable[[Caller, Version], object]] = {
    "adds an alias": lambda by, version: add_aliases(by, version, ["late"]),
    "takes an alias off": lambda by, version: remove_aliases(by, version, ["latest"]),
    "edits the version": lambda by, version: edit_version(by, version, description="late"),
    "edits the collection": lambda by, version: edit_collection(
        by, version.collection, description="late"
    ),
    "unlinks": unlink_version,
    "links with an alias": lambda by, version: link_version(
        by, version.artifact, version.collection.project, version.collection.name, ["late"]
    ),
    "deletes the collection": lambda by, version: delete_collection(by, version.collection),
}


@contextmanager
def _held(collection: Collection) -> Iterator[None]:
    """By somebody who takes long."""
    with psycopg.connect(**_address() | {"autocommit": False}) as holder:
        holder.execute(
            "SELECT 1 FROM registries_collection WHERE id = %s FOR UPDATE", [collection.pk]
        )
        yield


def _wait_until_it_waits(thread: threading.Thread) -> None:
    """Asks again and again: the server tells nobody when somebody begins to wait."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
    with psycopg.connect(**_address()) as server:
        while server.execute(query).fetchone() == (0,):
            assert thread.is_alive()


def _address() -> dict[str, Any]:
    return server_address(str(connection.settings_dict["NAME"]))


@pytest.mark.parametrize("leave", ["the team", "the organization"])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_role_taken_away_while_somebody_waits_counts(
    version, member, team, organization, deed, leave
):
    refusals: list[RegistryError] = []

    def do() -> None:
        try:
            DEEDS[deed](caller_of(member), version)
        except RegistryError as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    before = Event.objects.filter(actor=member).count()
    with _held(version.collection):
        waiting = threading.Thread(target=do, daemon=True)
        waiting.start()
        _wait_until_it_waits(waiting)
        if leave == "the team":
            remove_from_team(OPERATOR, team, member)
        else:
            remove_from_organization(OPERATOR, organization, member)
    waiting.join(TOO_LONG)
    assert [type(refusal) for refusal in refusals] in ([NotAllowed], [NotFound])
    assert Event.objects.filter(actor=member).count() == before
