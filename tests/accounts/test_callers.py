from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from accounts.callers import OPERATOR, Caller, Operator, Way


def test_a_caller_stays_who_they_are_during_an_operation():
    caller = Caller(user=None, way=Way.WEB)  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        caller.way = Way.ADMIN  # type: ignore[misc]


def test_the_operator_is_no_caller_and_so_has_no_role_anywhere():
    assert isinstance(OPERATOR, Operator)
    assert not isinstance(OPERATOR, Caller)
