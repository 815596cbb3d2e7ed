"""How workers find what is due, whatever waits."""

from __future__ import annotations

import pytest
from django.db import connection

from automations.facts import sample_facts
from automations.models import Delivery, Happening
from automations.operations.claims import claim
from automations.queries.due import due


@pytest.fixture
def backlog(automation):
    """Two thousand messages about one alias."""
    facts = sample_facts()
    happenings = [Happening(kind="alias.added", facts=facts) for _ in range(2_000)]
    Happening.objects.bulk_create(happenings)
    Delivery.objects.bulk_create(
        Delivery(
            happening=happening,
            automation=automation,
            integration=automation.integration,
            order_key="1:production",
        )
        for happening in happenings
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_of_many_messages_about_one_alias_the_first_is_taken(backlog):
    taken = claim("worker", 30, 64, {}, 32)
    assert [one.pk for one in taken] == [Delivery.objects.earliest("pk").pk]
    assert claim("another", 30, 64, {}, 32) == []


def test_another_alias_is_found_behind_a_backlog(backlog):
    first, other = Delivery.objects.earliest("pk"), Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=other.pk).update(order_key="1:other")
    assert [one.pk for one in claim("worker", 30, 64, {}, 32)] == [first.pk, other.pk]


def test_those_of_one_order_are_not_compared_each_with_each(backlog):
    assert "Join" not in due(()).explain()
