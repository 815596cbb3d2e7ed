"""Which messages are to be sent now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from automations.models import Delivery, Integration


def due(passing_over: Collection[int]) -> QuerySet[Delivery]:
    """Pending, its time come, in nobody's hand, and no earlier one of its order pending."""
    now = timezone.now()
    paused = Integration.objects.filter(slow_until__gt=now).values("pk")
    found = Delivery.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        state=Delivery.State.PENDING,
        next_attempt_at__lte=now,
    ).exclude(integration__in=paused)
    if passing_over:
        found = found.exclude(integration__in=list(passing_over))
    return found.alias(before=Subquery(_before())).filter(Q(order_key="") | Q(before=None))


def _before() -> QuerySet[Delivery, Any]:
    """The nearest one it waits for. Asked for each row by an index: joined with all others,
    those of one order would be compared each with each."""
    return (
        Delivery.objects.filter(
            automation=OuterRef("automation"),
            order_key=OuterRef("order_key"),
            state=Delivery.State.PENDING,
            pk__lt=OuterRef("pk"),
        )
        .order_by("-pk")
        .values("pk")[:1]
    )
