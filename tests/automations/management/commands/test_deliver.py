from __future__ import annotations

import signal

import pytest
from django.core.management import CommandError, call_command

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


@pytest.mark.parametrize(
    "option", ["--threads=0", "--threads=-1", "--threads=1001", "--lease=0", "--lease=nan"]
)
def test_a_number_it_cannot_work_with_is_one_clear_sentence(option):
    with pytest.raises(CommandError, match=r"^--\w+ is a number .*\.$"):
        call_command("deliver", "--once", option)
