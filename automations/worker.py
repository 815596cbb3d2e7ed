"""Takes deliveries from the outbox, sends them side by side, keeps what came of them.

The loop of this thread alone talks to the database; threads only send. So a slow receiver
holds a few threads and nothing else, and a worker that is killed leaves nothing but leases.
"""

from __future__ import annotations

import queue
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from django.db import Error, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from accounts.errors import RegistryError
from automations.actions import action_of
from automations.channels.compose import request_of
from automations.channels.webhook import TooLarge
from automations.encryption import NO_KEY
from automations.facts import known_facts
from automations.messages import Story
from automations.models import Delivery
from automations.operations.claims import claim
from automations.operations.results import Result, record_results
from automations.outbound.client import DEADLINE, send
from automations.outbound.requests import Answer, Request
from automations.queries.due import anything_is_due
from automations.refusals import reason_against

logger = structlog.get_logger("automations")

THREADS = 128
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_BETWEEN_LOOKS_AT_REST = 0.25
SECONDS_UNTIL_REST = 30.0  # without anything due
LEASE = DEADLINE + 15.0  # seconds
SECONDS_AFTER_A_FAULT = 1.0
# What is tried again until it answers; every other error is about what was to be written.
DATABASE_AWAY = (OperationalError, InterfaceError)

# How many messages an integration has in hand at once: few while nothing is known of it.
ROOM_OF_STRANGERS = 2
ROOM_OF_THE_QUICK = 32
ROOM_OF_THE_FAILING = 1
QUICK = 500  # milliseconds
SLOW = 3_000


@dataclass
class Pace:
    """What this worker has seen of each integration, and what it has in hand."""

    limits: dict[int, int] = field(default_factory=dict)
    in_hand: Counter[int] = field(default_factory=Counter)

    def room(self) -> dict[int, int]:
        """How many more each may take; those not named may take `ROOM_OF_STRANGERS`."""
        known = set(self.limits) | set(self.in_hand)
        return {pk: self.limits.get(pk, ROOM_OF_STRANGERS) - self.in_hand[pk] for pk in known}

    def learn(self, integration_id: int, answer: Answer) -> None:
        if not answer.is_success or answer.milliseconds > SLOW:
            self.limits[integration_id] = ROOM_OF_THE_FAILING
        elif answer.milliseconds < QUICK:
            self.limits[integration_id] = ROOM_OF_THE_QUICK
        else:
            self.limits.pop(integration_id, None)


class Worker:
    """One process's share of the work. `run` returns after `stop`, nothing left half done."""

    def __init__(
        self, *, lease_seconds: float = LEASE, threads: int = THREADS, once: bool = False
    ) -> None:
        self.lease = uuid.uuid4().hex
        self.lease_seconds = lease_seconds
        self.threads = threads
        self.once = once
        self.pace = Pace()
        self.results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self.unkept: list[Result] = []
        self.running = 0
        self.busy_at = time.monotonic()
        self.stopping = False

    def stop(self) -> None:
        self.stopping = True

    def run(self) -> None:
        """Until it is stopped; with `once` until nothing is due any more or the database fails."""
        with ThreadPoolExecutor(self.threads, thread_name_prefix="send") as senders:
            while not (self.stopping and self.running == 0 and not self.unkept):
                try:
                    idle = self._turn(senders)
                except Error as error:
                    if self.once:
                        raise
                    # A database that restarts is asked again; what was sent is kept in memory.
                    logger.warning("database_fault", error=type(error).__name__)
                    time.sleep(SECONDS_AFTER_A_FAULT)
                    close_old_connections()
                    continue
                if idle and self.once:
                    return

    def _turn(self, senders: ThreadPoolExecutor) -> bool:
        """Keeps what has come back, takes what there is room for; says if there is nothing."""
        self._keep_results()
        taken = [] if self.stopping else self._take()
        for delivery in taken:
            senders.submit(self._attempt, delivery, time.monotonic())
        if taken:
            self.busy_at = time.monotonic()
        else:
            self._wait_for_result()
        return not taken and self.running == 0 and not self.unkept

    def _take(self) -> list[Delivery]:
        room = self.pace.room()
        free = self.threads - self.running
        full = [pk for pk, left in room.items() if left <= 0]
        if free <= 0 or not anything_is_due(full):
            return []
        taken = claim(self.lease, self.lease_seconds, free, room, ROOM_OF_STRANGERS)
        refusals = [reason_against(delivery) for delivery in taken]
        for delivery in taken:
            texts = delivery.automation.texts
            delivery.happening.facts = known_facts(delivery.happening, texts)
        to_send = []
        for delivery, refusal in zip(taken, refusals, strict=True):
            self.pace.in_hand[delivery.integration_id or 0] += 1
            self.running += 1
            if refusal:
                answer = Answer(error=refusal.sentence)
                self.results.put(self._result(delivery, None, answer, final=True))
            else:
                to_send.append(delivery)
        return to_send

    def _wait_for_result(self) -> None:
        at_rest = time.monotonic() - self.busy_at > SECONDS_UNTIL_REST
        wait = SECONDS_BETWEEN_LOOKS_AT_REST if at_rest else SECONDS_BETWEEN_LOOKS
        if self.once and not self.running:
            wait = 0.0
        try:
            self._note(self.results.get(timeout=wait) if wait else self.results.get_nowait())
        except queue.Empty:
            return

    def _keep_results(self) -> None:
        while True:
            try:
                self._note(self.results.get_nowait())
            except queue.Empty:
                break
        if not self.unkept:
            return
        try:
            record_results(self.unkept)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 one answer must not end the work of all
            logger.error("results_not_kept", error=type(error).__name__)
            self._keep_one_by_one()
        self.unkept = []

    def _keep_one_by_one(self) -> None:
        """What cannot be recorded of one receiver is no reason to lose what others answered."""
        while self.unkept:
            result = self.unkept[0]
            try:
                record_results([result])
            except DATABASE_AWAY:
                raise
            except Exception as error:  # noqa: BLE001 whatever a receiver answered
                pk = result.delivery.pk
                logger.error("result_not_kept", delivery=pk, error=type(error).__name__)
                record_results([unrecordable(result)])
            self.unkept.pop(0)

    def _note(self, result: Result) -> None:
        integration_id = result.delivery.integration_id or 0
        self.running -= 1
        self.pace.in_hand[integration_id] -= 1
        if result.request is not None:
            self.pace.learn(integration_id, result.answer)
        self.unkept.append(result)

    def _attempt(self, delivery: Delivery, taken_at: float) -> None:
        """In a thread. Whatever happens, a result comes back."""
        try:
            self.results.put(self._send(delivery, taken_at))
        except Exception as error:  # noqa: BLE001 a fault of ours must not lose the delivery
            logger.error("attempt_failed", delivery=delivery.pk, error=type(error).__name__)
            answer = Answer(error="This server failed while it prepared the request.")
            self.results.put(self._result(delivery, None, answer))

    def _send(self, delivery: Delivery, taken_at: float) -> Result:
        try:
            request = request_for(delivery)
        except (RegistryError, TooLarge) as error:
            lacks_key = isinstance(error, RegistryError) and error.code == NO_KEY
            if lacks_key:
                # A worker beside this one, or this one with the right keys, can send it later.
                logger.error("secret_without_key", delivery=delivery.pk)
            answer = Answer(error=str(error))
            return self._result(delivery, None, answer, final=not lacks_key)
        if request is None:
            answer = Answer(error="The automation sends nothing any more.")
            return self._result(delivery, None, answer, final=True)
        at = timezone.now()
        if time.monotonic() - taken_at > self.lease_seconds / 2:
            # Another worker may have it by the time the receiver gets it.
            return Result(delivery, self.lease, at, None, Answer(), is_untried=True)
        return Result(delivery, self.lease, at, request, send(request))

    def _result(
        self, delivery: Delivery, request: Request | None, answer: Answer, *, final: bool = False
    ) -> Result:
        return Result(delivery, self.lease, timezone.now(), request, answer, final)


def unrecordable(result: Result) -> Result:
    """The same without what the receiver sent: a success stays one, anything else is given up."""
    status = result.answer.status if result.answer.is_success else None
    answer = Answer(status, error="This server could not record the answer.")
    return Result(result.delivery, result.lease, result.at, None, answer, is_final=True)


def request_for(delivery: Delivery) -> Request | None:
    """The request of this attempt; its id is that of all attempts."""
    story = Story.of(delivery.happening, delivery.automation)
    delivery.automation.integration = delivery.integration
    return request_of(action_of(delivery.automation), story, delivery.webhook_id, int(time.time()))
