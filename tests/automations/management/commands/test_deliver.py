from __future__ import annotations

import signal

import pytest
from django.core.management import call_command

from automations.operations.automations import edit_automation
from tests.personas import caller_of
from tests.things import put


@pytest.fixture(autouse=True)
def _signals_are_given_back():
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_is_due_is_delivered_and_the_command_ends(version, automation, member, receiver):
    put(member, version, "candidate", "second")
    call_command("deliver", once=True)
    assert len(receiver.got) == 2
    edit_automation(caller_of(member), automation, enabled=False)
    call_command("deliver", once=True)
    assert len(receiver.got) == 2
