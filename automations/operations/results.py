"""What came of attempts: kept, and turned into delivered, a next try, or given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from automations.models import Delivery, DeliveryAttempt, Integration
from automations.operations.deliveries import give_up_all
from automations.operations.notes import note_dead, note_switched_off
from automations.outbound.requests import Answer, Request
from automations.schedule import (
    GONE,
    SWITCHED_OFF_AFTER,
    next_attempt,
    pause_of,
)

LONGEST_KEPT = 4_096  # characters of an answer


@dataclass(frozen=True)
class Result:
    """One attempt. Without a request nothing was sent and `answer.error` says why; `is_final`
    means that it would fail again; `is_untried` that it was only given back."""

    delivery: Delivery
    lease: str
    at: datetime
    request: Request | None
    answer: Answer
    is_final: bool = False
    is_untried: bool = False


@transaction.atomic
def record_results(results: Iterable[Result]) -> None:
    """All in one transaction. Whoever's lease has run out meanwhile keeps the attempt alone."""
    results = list(results)
    integrations = _held_integrations(results)
    held = _held(results)
    delivered, attempts = [], []
    for result in results:
        if result.is_untried:
            _give_back(result)
            continue
        delivery = held.get(result.delivery.pk)
        next_at = None
        if delivery is not None and result.answer.is_success:
            delivered.append(result)
        elif delivery is not None:
            integration = integrations.get(result.delivery.integration_id or 0)
            next_at = _failed(delivery, result, integration)
        attempts.append(attempt_of(result, next_at))
    DeliveryAttempt.objects.bulk_create(attempts)
    _deliver(delivered)


def attempt_of(result: Result, next_at: datetime | None = None) -> DeliveryAttempt:
    """The row that is kept: secrets masked, the answer cut off."""
    request, answer = result.request, result.answer
    attempt = DeliveryAttempt(
        delivery=result.delivery,
        number=result.delivery.attempt_count + 1,
        at=result.at,
        milliseconds=answer.milliseconds,
        status=answer.status,
        error=answer.error,
        next_attempt_at=next_at,
    )
    if request is not None:
        mask = request.answer_mask
        attempt.request_url = request.shown_url
        attempt.request_headers = request.shown_headers()
        attempt.request_body = request.shown_body()
        attempt.response_headers = {
            _storable(name): mask.cut(_storable(value), LONGEST_KEPT)
            for name, value in answer.headers.items()
        }
        attempt.response_body = mask.cut(
            _storable(answer.body.decode("utf-8", "replace")), LONGEST_KEPT
        )
        attempt.error = mask(answer.error)
    return attempt


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\x00", "\ufffd")


def _held_integrations(results: list[Result]) -> dict[int, Integration]:
    """Those that fail, or did so far: locked before any delivery, in the order of their ids,
    because workers that switch one off change the deliveries of others."""
    failed = {result.delivery.integration_id for result in results if not result.answer.is_success}
    others = {result.delivery.integration_id for result in results} - failed
    rows = Integration.objects.select_for_update(of=("self",), no_key=True).filter(
        Q(pk__in=failed - {None}) | Q(pk__in=others - {None}, failing_since__isnull=False)
    )
    return {row.pk: row for row in rows.order_by("pk")}


def _held(results: list[Result]) -> dict[int, Delivery]:
    leases = {result.delivery.pk: result.lease for result in results}
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=leases).order_by("pk")
    return {row.pk: row for row in rows if row.lease == leases[row.pk]}


def _give_back(result: Result) -> None:
    Delivery.objects.filter(pk=result.delivery.pk, lease=result.lease).update(
        lease="", leased_until=None
    )


def _deliver(results: list[Result]) -> None:
    Delivery.objects.filter(pk__in=[result.delivery.pk for result in results]).update(
        state=Delivery.State.DELIVERED,
        note="",
        finished_at=timezone.now(),
        attempt_count=F("attempt_count") + 1,
        tries=F("tries") + 1,
        lease="",
        leased_until=None,
    )
    well = [pk for result in results if (pk := result.delivery.integration_id) is not None]
    Integration.objects.filter(pk__in=well, failing_since__isnull=False).update(
        failing_since=None, slow_until=None
    )


def _failed(delivery: Delivery, result: Result, integration: Integration | None) -> datetime | None:
    """The time of the next try; None when there is none."""
    now, answer = result.at + timedelta(milliseconds=result.answer.milliseconds), result.answer
    delivery.attempt_count += 1
    delivery.tries += 1
    delivery.lease, delivery.leased_until = "", None
    retry_after = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after")
    pause = pause_of(answer.status, retry_after, delivery.tries, now)
    off = _note_failure(integration, result, now, pause)
    next_at = None if off or result.is_final else next_attempt(delivery.tries, now, pause)
    why = _why(answer)
    if delivery.state == Delivery.State.PENDING and next_at is not None:
        delivery.note = why
        delivery.next_attempt_at = next_at
        _hold_back_later(delivery)
    elif delivery.state == Delivery.State.PENDING:
        _give_up(delivery, off or why, now)
    delivery.save()
    return next_at


def _hold_back_later(delivery: Delivery) -> None:
    """Those that wait for this one in their order need not be looked at before it."""
    if delivery.order_key:
        Delivery.objects.filter(
            automation=delivery.automation_id,
            integration=delivery.integration_id,
            order_key=delivery.order_key,
            state=Delivery.State.PENDING,
            pk__gt=delivery.pk,
            next_attempt_at__lt=delivery.next_attempt_at,
        ).update(next_attempt_at=delivery.next_attempt_at)


def _give_up(delivery: Delivery, why: str, now: datetime) -> None:
    delivery.state = Delivery.State.DEAD
    delivery.finished_at = now
    tries = "once" if delivery.tries == 1 else f"{delivery.tries} times"
    delivery.note = f"Given up after it was tried {tries}. {why}"
    automation = delivery.automation
    note_dead(automation, f"“{automation.name}”: a message was given up. {why}")
    if delivery.order_key:
        # What waited for it may go now.
        Delivery.objects.filter(
            automation=automation,
            integration=delivery.integration_id,
            order_key=delivery.order_key,
            state=Delivery.State.PENDING,
            pk__gt=delivery.pk,
            tries=0,
        ).update(next_attempt_at=now)


def _note_failure(
    integration: Integration | None, result: Result, now: datetime, pause: timedelta | None
) -> str:
    """On the integration. Says why it was switched off, if it was."""
    if integration is None or result.request is None:
        return ""
    integration.failing_since = integration.failing_since or result.at
    if pause is not None:
        until = now + pause
        integration.slow_until = max(until, integration.slow_until or until)
    reason = _reason_to_switch_off(integration, result.answer, now)
    if reason and not integration.is_off:
        integration.switched_off_at = now
        integration.switched_off_because = reason
    integration.save(
        update_fields=["failing_since", "slow_until", "switched_off_at", "switched_off_because"]
    )
    if reason:
        note_switched_off(integration, give_up_all(integration, result.delivery))
    return f"{integration.name} was switched off: {reason}" if reason else ""


def _reason_to_switch_off(integration: Integration, answer: Answer, now: datetime) -> str:
    if answer.status == GONE:
        return "The receiver answered 410 Gone."
    since = integration.failing_since
    if since is not None and now - since >= SWITCHED_OFF_AFTER:
        return "It has failed for 5 days."
    return ""


def _why(answer: Answer) -> str:
    if answer.status is None:
        return answer.error
    if 300 <= answer.status < 400:
        return f"The receiver answered {answer.status}: redirects are not followed."
    return f"The receiver answered {answer.status}."
