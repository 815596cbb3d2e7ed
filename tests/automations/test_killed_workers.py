"""Workers are killed while they work and aliases move: nothing is lost, nothing out of order."""

from __future__ import annotations

import json
import random
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import User
from accounts.operations.organizations import set_organization_role
from accounts.operations.teams import add_to_team, create_team
from artifacts.operations.projects import create_project
from automations.actions import CallWebhook
from automations.models import Delivery
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.worker import Worker
from registries.models import Event, Registry, Version
from registries.operations.aliases import add_aliases
from registries.operations.organizations import create_organization
from tests.automations.receivers import receiving
from tests.faults import places
from tests.faults.children import Child, in_child
from tests.personas import caller_of, person
from tests.things import link, log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.automations.receivers import Receiver
    from tests.faults.places import Place

ALIASES = 25
LEASE = 0.5  # seconds; a killed worker's deliveries wait for it
LIVES = (0.05, 0.2, LEASE + 0.5, LEASE + 0.5)  # seconds; the last outlive the leases of the dead
PATIENCE = 900  # seconds, for what ten thousand events have left behind
TEMPLATE = '{"alias": "${alias}", "event": "${event_id}"}'

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


class Undone(Exception):
    """Rolls a change back after its outbox was written."""


def furnish(url: str) -> None:
    """Two versions in Model, and an automation for every alias added there."""
    organization = create_organization(OPERATOR, "smle-reg")
    user = person("mover", organization)
    set_organization_role(OPERATOR, organization, user, "admin")
    team = create_team(OPERATOR, organization, "movers")
    add_to_team(OPERATOR, team, user)
    project = create_project(caller_of(user), team.entity, "zoo")
    registry = Registry.objects.select_related("project").get(
        organization=organization, name="Model"
    )
    for text in ("first", "second"):
        link(user, log(user, project, text).artifact, registry)
    webhook = create_webhook(caller_of(user), organization.entity, "ci", url).integration
    create_automation(
        caller_of(user), registry.project, "n", "alias.added", CallWebhook(webhook, TEMPLATE)
    )


def move_aliases(moves: int) -> None:
    """Each move is its own transaction; every tenth is taken back together with its outbox."""
    by = Caller(User.objects.get(username="mover"), Way.WEB)
    versions = list(Version.objects.filter(collection__kind="portfolio").order_by("number"))
    for number in range(moves):
        version = versions[number // ALIASES % 2]
        add_aliases(by, version, [f"alias-{number % ALIASES}"])
        if number % 10 == 0:
            take_back(by, version, f"alias-{number % ALIASES}", versions)


def take_back(by: Caller, version: Version, alias: str, versions: list[Version]) -> None:
    other = versions[1 - versions.index(version)]
    try:
        with transaction.atomic():
            add_aliases(by, other, [alias, "taken-back"])
            raise Undone
    except Undone:
        return


def work() -> None:
    Worker(lease_seconds=LEASE, threads=8).run()


def work_off() -> list[tuple[str, int, str]]:
    """Until nothing is pending. Id, event and state of every delivery."""
    give_up_at = time.monotonic() + PATIENCE
    while Delivery.objects.filter(state="pending").exists() and time.monotonic() < give_up_at:
        Worker(lease_seconds=LEASE, threads=8, once=True).run()
        time.sleep(0.05)
    deliveries = Delivery.objects.select_related("happening").order_by("pk")
    return [(one.webhook_id, one.happening.event_id or 0, one.state) for one in deliveries]


def committed_events() -> list[int]:
    kinds = [Event.Kind.ALIAS_ADDED, Event.Kind.ALIAS_MOVED]
    listened = Event.objects.filter(kind__in=kinds, alias__startswith="alias-")
    return list(listened.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def place(receiver) -> Iterator[Place]:
    with places.copy_of(places.tests_own_place()) as copy:
        in_child(copy, furnish, receiver.url)
        yield copy


def kill_workers(place: Place, receiver: Receiver, kills: int, seed: int) -> None:
    """Each lives for so many messages, or so many seconds: some do not get to work at all."""
    chance = random.Random(seed)
    for _ in range(kills):
        worker = Child(place, work)
        wanted = len(receiver.got) + chance.randrange(25)
        give_up_at = time.monotonic() + chance.choice(LIVES)
        while len(receiver.got) < wanted and time.monotonic() < give_up_at:
            time.sleep(0.001)
        worker.kill()
        assert worker.was_killed()


def require_nothing_lost(place: Place, receiver: Receiver, moves: int) -> None:
    deliveries = in_child(place, work_off)
    assert len(deliveries) == moves
    bodies = [(got.headers["webhook-id"], json.loads(got.body)) for got in receiver.got]
    assert {state for _, _, state in deliveries} == {"delivered"}
    assert {webhook_id for webhook_id, _ in bodies} == {one for one, _, _ in deliveries}
    assert [event for _, event, _ in deliveries] == in_child(place, committed_events)
    # A duplicate tells of the same event under the same id.
    told = {(webhook_id, body["event"]) for webhook_id, body in bodies}
    assert told == {(webhook_id, str(event)) for webhook_id, event, _ in deliveries}
    orders: dict[str, list[int]] = {}
    for _, body in bodies:
        orders.setdefault(body["alias"], []).append(int(body["event"]))
    assert set(orders) == {f"alias-{number}" for number in range(ALIASES)}
    for alias, events in orders.items():
        assert all(one <= next_one for one, next_one in pairwise(events)), alias


def hunt(place: Place, receiver: Receiver, moves: int, kills: int, seed: int) -> None:
    writer = Child(place, move_aliases, moves)
    kill_workers(place, receiver, kills, seed)
    # They worked between two kills: what came so far came from workers that were killed.
    assert len(receiver.got) >= kills
    writer.answer()
    require_nothing_lost(place, receiver, moves)


def test_a_killed_worker_loses_nothing_and_keeps_the_order(place, receiver):
    hunt(place, receiver, moves=60, kills=10, seed=1)


@pytest.mark.thorough
def test_ten_thousand_events_survive_a_thousand_kills(place, receiver):
    hunt(place, receiver, moves=10_000, kills=1_000, seed=2)
    assert len(receiver.got) > 10_000  # some came twice
