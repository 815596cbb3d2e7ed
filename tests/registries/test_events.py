from __future__ import annotations

import pytest
from django.db import connection

from accounts.statements import asking
from registries.events import happened, holding
from registries.models import Event
from registries.operations.aliases import add_aliases
from tests.personas import caller_of
from tests.refusals import nothing_changes


@pytest.fixture
def listening():
    heard = []

    def receiver(events, **_):
        heard.extend((one.kind, one.alias, connection.in_atomic_block) for one in events)
        if any(one.alias == "break" for one in events):
            raise RuntimeError

    def listens(**_):
        return asking("SELECT 1")

    happened.connect(receiver)
    holding.connect(listens)
    yield heard
    holding.disconnect(listens)
    happened.disconnect(receiver)


def test_the_floor_above_hears_each_change_inside_its_transaction(version, member, listening):
    add_aliases(caller_of(member), version, ["one", "two"])
    assert listening == [("alias.added", "one", True), ("alias.added", "two", True)]


def test_aliases_that_nobody_listens_to_are_not_told_and_are_in_the_history(version, member):
    heard = []

    def receiver(events, **_):
        heard.extend(events)

    happened.connect(receiver)
    add_aliases(caller_of(member), version, ["one"])
    happened.disconnect(receiver)
    assert heard == []
    assert Event.objects.filter(alias="one", version=version).exists()


def test_a_change_whose_listener_fails_has_not_happened(version, member, listening):
    with nothing_changes(), pytest.raises(RuntimeError):
        add_aliases(caller_of(member), version, ["one", "break"])
    assert not Event.objects.filter(alias="one").exists()


def test_what_changes_nothing_is_not_heard(version, member, listening):
    add_aliases(caller_of(member), version, ["latest", "v0"])
    assert listening == []
