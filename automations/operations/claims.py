"""How workers share the outbox: each takes what is due and says for how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from automations.models import Delivery
from automations.queries.due import due

# Candidates are looked at for each one that is taken: a full receiver is passed over.
CANDIDATES_FOR_ONE = 4


@transaction.atomic
def claim(
    lease: str, seconds: float, most: int, room: Mapping[int, int], usual_room: int
) -> list[Delivery]:
    """At most `most` due deliveries, leased to `lease`, in the order they became due.

    `room` says how many more each integration may have in hand, `usual_room` that of the others.
    """
    full = [pk for pk, free in room.items() if free <= 0]
    candidates = (
        due(full)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at", "pk")
        .values_list("pk", "integration_id")[: most * CANDIDATES_FOR_ONE]
    )
    chosen = _chosen(list(candidates), most, room, usual_room)
    if not chosen:
        return []
    until = timezone.now() + timedelta(seconds=seconds)
    Delivery.objects.filter(pk__in=chosen).update(lease=lease, leased_until=until)
    return list(
        Delivery.objects.filter(pk__in=chosen)
        .select_related(
            "happening",
            "automation",
            "project",
            "integration__entity__user",
            "integration__access_token",
            "integration__signing_secret",
        )
        .order_by("next_attempt_at", "pk")
    )


def _chosen(
    candidates: list[tuple[int, int | None]], most: int, room: Mapping[int, int], usual_room: int
) -> list[int]:
    taken: Counter[int | None] = Counter()
    chosen: list[int] = []
    for pk, integration_id in candidates:
        free = usual_room if integration_id is None else room.get(integration_id, usual_room)
        if taken[integration_id] < free and len(chosen) < most:
            taken[integration_id] += 1
            chosen.append(pk)
    return chosen
