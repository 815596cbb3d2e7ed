"""Messages that failed, since some time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from artifacts.models import Project
from automations.models import Automation, Delivery, DeliveryAttempt


def failed_since(
    home: Project, since: datetime, automation: Automation | None = None
) -> QuerySet[Delivery]:
    """Given up since then, or tried since then and waiting for the next try."""
    tried = DeliveryAttempt.objects.filter(delivery=OuterRef("pk"), at__gte=since)
    failed = Delivery.objects.filter(
        Q(state=Delivery.State.DEAD, finished_at__gte=since)
        | Q(Exists(tried), state=Delivery.State.PENDING, tries__gt=0),
        project=home,
    )
    return failed if automation is None else failed.filter(automation=automation)


def switched_off_since(
    home: Project, since: datetime, automation: Automation | None = None
) -> list[str]:
    """The names of integrations that are off and missed something since then."""
    missed = failed_since(home, since, automation).filter(
        integration__switched_off_at__isnull=False, integration__deleted_at=None
    )
    return sorted(set(missed.values_list("integration__name", flat=True)))
