"""32 clients on the same few aliases at once: nothing is lost, and everybody is told the truth."""

from __future__ import annotations

from functools import partial

import pytest

from registries.models import Event
from registries.models import Registry as RegistryModel
from tests.counts import few_and_all
from tests.faults import alias_clients, furniture
from tests.faults.alias_clients import Reply
from tests.faults.children import in_child
from tests.faults.crowd import THREADS, crowd
from tests.faults.event_replay import require_history_agrees
from tests.faults.linearizability import (
    require_latest_is_highest,
    require_protection_was_kept,
    require_real_time_order,
    require_replies_are_the_history,
)
from tests.faults.places import Place

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PROCESSES = 4
CLIENTS = PROCESSES * THREADS
REFUSALS = {"protected_alias", "version_gone", "alias_moved", "not_allowed"}


@pytest.mark.parametrize("requests", few_and_all(640, 8000))
def test_32_clients_change_the_same_aliases_at_once_and_nothing_is_lost(
    place: Place, requests: int
):
    in_child(place, alias_clients.make_clients, CLIENTS)
    work = partial(alias_clients.replies_of, count=requests // CLIENTS)
    replies = [reply for replies in crowd(place, work, PROCESSES) for reply in replies]
    assert len(replies) == requests
    assert {reply.refused for reply in replies} - {""} <= REFUSALS
    assert sum(not reply.refused for reply in replies) > requests / 2
    require_real_time_order(replies)
    in_child(place, _require_agreement, replies)


def _require_agreement(replies: list[Reply]) -> None:
    require_history_agrees()
    home: RegistryModel = furniture.registry()
    events = list(Event.objects.filter(project=home.project).select_related("actor").order_by("pk"))
    crowded = [event for event in events if event.collection_name == alias_clients.COLLECTION]
    asked = [event for event in crowded if event.actor and event.actor.username != "max"]
    before = [event for event in crowded if event not in asked]
    require_replies_are_the_history(replies, asked, before)
    require_latest_is_highest(replies, crowded)
    admins = {f"client-{n}" for n in range(CLIENTS) if alias_clients.is_admin(n)} | {"ada"}
    require_protection_was_kept(events, admins)
