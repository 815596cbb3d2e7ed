"""Sending again what was given up, cancelled, or should come once more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, NotFound
from accounts.models import Entity
from artifacts.models import Project
from automations.models import Automation, Delivery, Integration
from automations.permissions import access_to_automations, may_be_told
from automations.queries.failures import failed_since
from automations.refusals import MEANT_AS_IT_IS, reason_against, unseen_by
from automations.visibility import deliveries_visible_to


@transaction.atomic
def send_again(by: Caller, delivery: Delivery) -> Delivery:
    """Queues it anew under its old id. One that waits for its next try goes at once, and so do
    those before and after it in their order."""
    held = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("automation", "integration__entity__user", "project")
        .filter(pk=delivery.pk)
        .first()
    )
    if held is None or not deliveries_visible_to(by.user).filter(pk=held.pk).exists():
        raise NotFound
    _refuse_unsendable(held)
    if held.state == Delivery.State.PENDING:
        _hurry(Delivery.objects.filter(pk=held.pk))
        if held.order_key:
            _hurry(held.automation.deliveries.filter(order_key=held.order_key))
    else:
        _queue_anew(Delivery.objects.filter(pk=held.pk))
    held.refresh_from_db()
    return held


@transaction.atomic
def send_failed_again(
    by: Caller, home: Project, since: datetime, *, automation: Automation | None = None
) -> int:
    """All that failed since then, of one automation or of all; says how many. Those that wait
    for their next try go at once.

    Those whose integration is off or whose automation was deleted stay as they are, and so do
    those that their automation means for something else by now.
    """
    access_to_automations(by, home)
    failed = failed_since(home, since, automation).filter(
        MEANT_AS_IT_IS, automation__deleted_at=None
    )
    retried = failed.filter(state=Delivery.State.PENDING)
    count = retried.count() + _queue_anew(failed.filter(state=Delivery.State.DEAD))
    # With those that wait behind one that is retried.
    _hurry(
        Delivery.objects.filter(project=home, tries=0, automation__in=retried.values("automation"))
    )
    _hurry(retried)
    return count


def give_up_all(integration: Integration, but: Delivery | None = None) -> str:
    """Nothing waits for an integration that is off or deleted; the log shows what it missed, and
    why."""
    reason = f"{integration.name} was deleted."
    if integration.deleted_at is None:
        reason = f"{integration.name} is switched off: {integration.switched_off_because}"
    waiting = integration.deliveries.filter(state=Delivery.State.PENDING)
    _give_up(waiting if but is None else waiting.exclude(pk=but.pk), reason)
    return reason


def give_up_unseen(home: Project) -> None:
    """Before a home ends: what waits for persons who do not see it, as long as that can be told."""
    waiting = home.deliveries.filter(
        state=Delivery.State.PENDING, integration__entity__kind=Entity.Kind.PERSON
    )
    own = Integration.objects.filter(pk__in=waiting.values("integration"))
    for integration in own.select_related("entity__user").order_by("pk"):
        if not may_be_told(integration, home):
            reason = unseen_by(integration.entity.name)
            _give_up(
                home.deliveries.filter(state=Delivery.State.PENDING, integration=integration),
                reason,
            )


def _give_up(waiting: QuerySet[Delivery], reason: str) -> None:
    # In the order in which workers lock them.
    list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    waiting.update(state=Delivery.State.DEAD, finished_at=timezone.now(), note=reason)


def _queue_anew(deliveries: QuerySet[Delivery]) -> int:
    ended = Delivery.objects.filter(pk__in=deliveries.values("pk"))
    return ended.exclude(state=Delivery.State.PENDING).update(
        state=Delivery.State.PENDING,
        note="",
        finished_at=None,
        tries=0,
        next_attempt_at=timezone.now(),
        lease="",
        leased_until=None,
    )


def _hurry(deliveries: QuerySet[Delivery]) -> None:
    """Those that wait need not wait any longer than for each other."""
    now = timezone.now()
    waiting = deliveries.filter(state=Delivery.State.PENDING, next_attempt_at__gt=now)
    waiting.update(next_attempt_at=now)


def _refuse_unsendable(delivery: Delivery) -> None:
    if delivery.automation.deleted_at is not None:
        raise Conflict("automation_deleted", "Its automation was deleted. Nothing is sent.")
    reason = reason_against(delivery)
    if reason is None:
        return
    if reason.code == "switched_off" and delivery.integration is not None:
        name = delivery.integration.name
        raise Conflict(reason.code, f"{name} is switched off. Switch it on first.")
    raise Conflict(*reason)
