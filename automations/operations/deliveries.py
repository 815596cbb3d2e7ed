"""Sending again what was given up, cancelled, or should come once more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, NotFound
from artifacts.models import Project
from automations.models import Automation, Delivery
from automations.permissions import access_to_automations
from automations.visibility import deliveries_visible_to


@transaction.atomic
def send_again(by: Caller, delivery: Delivery) -> Delivery:
    """Queues it anew under its old id. Nothing happens to one that is pending."""
    held = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("automation", "integration")
        .filter(pk=delivery.pk)
        .first()
    )
    if held is None or not deliveries_visible_to(by.user).filter(pk=held.pk).exists():
        raise NotFound
    _refuse_unsendable(held)
    if held.state != Delivery.State.PENDING:
        held.state, held.note = Delivery.State.PENDING, ""
        held.finished_at, held.tries = None, 0
        held.next_attempt_at = timezone.now()
        held.lease, held.leased_until = "", None
        held.save()
    return held


@transaction.atomic
def send_failed_again(
    by: Caller, home: Project, since: datetime, *, automation: Automation | None = None
) -> int:
    """All that were given up since then, of one automation or of all; says how many.

    Those whose integration is off or whose automation was deleted stay as they are.
    """
    access_to_automations(by, home)
    failed = Delivery.objects.filter(
        project=home,
        state=Delivery.State.DEAD,
        finished_at__gte=since,
        automation__deleted_at=None,
        integration__deleted_at=None,
        integration__switched_off_at=None,
        integration__isnull=False,
    )
    if automation is not None:
        failed = failed.filter(automation=automation)
    ids = list(failed.order_by("pk").values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=ids, state=Delivery.State.DEAD).update(
        state=Delivery.State.PENDING,
        note="",
        finished_at=None,
        tries=0,
        next_attempt_at=timezone.now(),
        lease="",
        leased_until=None,
    )


def _refuse_unsendable(delivery: Delivery) -> None:
    integration = delivery.integration
    if delivery.automation.deleted_at is not None:
        raise Conflict("automation_deleted", "Its automation was deleted. Nothing is sent.")
    if integration is None or integration.deleted_at is not None:
        raise Conflict("nothing_to_send", "There is nothing to send: it has no integration.")
    if integration.is_off:
        raise Conflict("switched_off", f"{integration.name} is switched off. Switch it on first.")
