"""Which messages are to be sent now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.stand_ins import evenly
from accounts.statements import kept
from automations.models import Delivery, Integration


def due(passing_over: Collection[int]) -> QuerySet[Delivery]:
    """Pending, its time come, in nobody's hand, and no earlier one of its order pending for the
    same receiver."""
    return _due_at(timezone.now(), passing_over)


def anything_is_due(passing_over: Collection[int]) -> bool:
    """A look without a lock, so that idle workers write nothing. They look many times a second,
    so its SQL is kept."""
    return bool(_first_due((timezone.now(),), evenly(passing_over)))


@kept
def _first_due(now: tuple[datetime, ...], passing_over: tuple[int, ...]) -> QuerySet[Delivery, Any]:
    return _due_at(now[0], passing_over).values_list("pk")[:1]


def _due_at(now: datetime, passing_over: Collection[int]) -> QuerySet[Delivery]:
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
            integration=OuterRef("integration"),
            order_key=OuterRef("order_key"),
            state=Delivery.State.PENDING,
            pk__lt=OuterRef("pk"),
        )
        .order_by("-pk")
        .values("pk")[:1]
    )
