from __future__ import annotations

import pytest
from django.db import connection

from registries.events import happened
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

    happened.connect(receiver)
    yield heard
    happened.disconnect(receiver)


def test_the_floor_above_hears_each_change_inside_its_transaction(version, member, listening):
    add_aliases(caller_of(member), version, ["one", "two"])
    assert listening == [("alias.added", "one", True), ("alias.added", "two", True)]


def test_a_change_whose_listener_fails_has_not_happened(version, member, listening):
    with nothing_changes(), pytest.raises(RuntimeError):
        add_aliases(caller_of(member), version, ["one", "break"])
    assert not Event.objects.filter(alias="one").exists()


def test_what_changes_nothing_is_not_heard(version, member, listening):
    add_aliases(caller_of(member), version, ["latest", "v0"])
    assert listening == []
