from __future__ import annotations

import pytest

from accounts.errors import Conflict
from accounts.events import access_reducing, reducing_access


@pytest.fixture
def heard(organization):
    """What a floor above does: looks before, judges after."""
    steps = []

    def receiver(organization, **_):
        steps.append(f"before in {organization.name}")

        def after():
            steps.append("after")
            if "refuse" in steps:
                raise Conflict("last_admin", "Somebody has to stay.")

        return after

    access_reducing.connect(receiver)
    yield steps
    access_reducing.disconnect(receiver)


def test_the_floor_above_looks_before_and_judges_after_the_change(organization, heard):
    with reducing_access(organization):
        heard.append("change")
    assert heard == ["before in smle-reg", "change", "after"]


def test_the_floor_above_can_refuse_the_change(organization, heard):
    heard.append("refuse")
    with pytest.raises(Conflict), reducing_access(organization):
        pass


def test_a_change_that_fails_by_itself_is_judged_no_more(organization, heard):
    with pytest.raises(ZeroDivisionError), reducing_access(organization):
        raise ZeroDivisionError
    assert heard == ["before in smle-reg"]
