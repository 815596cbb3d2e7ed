"""Two people at once: what comes out is what one after the other would have made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.faults.children import in_child
from tests.faults.interleaving import Plan, Result, at_once, one_after_the_other
from tests.faults.places import Place, copy_of
from tests.faults.races import RACES

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("race", RACES)
def test_two_at_once_are_as_one_after_the_other(furnished: Place, race: str):
    one, two, *before = RACES[race]
    with copy_of(furnished) as prepared:
        for preparation in before:
            in_child(prepared, _prepare, preparation)
        serial = [
            _on_copy(prepared, one_after_the_other, one, two),
            _turned(_on_copy(prepared, one_after_the_other, two, one)),
        ]
        for result in _all_halts(prepared, one, two):
            _require_serial(result, serial)
        for result in _all_halts(prepared, two, one):
            _require_serial(_turned(result), serial)


def _require_serial(seen: Result, serial: list[Result]) -> None:
    told = f"halted before {seen.halted_at}: {seen.outcomes}"
    assert "raised" not in {how for how, _ in seen.outcomes}, told
    same_outcomes = [each for each in serial if each.outcomes == seen.outcomes]
    assert same_outcomes, f"{told} is none of {[each.outcomes for each in serial]}"
    assert seen.state in [each.state for each in same_outcomes], told


def _all_halts(place: Place, halted: Plan, other: Plan) -> list[Result]:
    """One result for each halt."""
    results: list[Result] = []
    while True:
        result = _on_copy(place, at_once, halted, other, len(results) + 1)
        if result.halted_at is None:
            assert results
            return results
        results.append(result)


def _on_copy(place: Place, work: Callable[..., Result], *arguments: Plan | int) -> Result:
    with copy_of(place) as copy:
        return in_child(copy, work, *arguments)


def _prepare(plan: Plan) -> None:
    with transaction.atomic():
        plan()()


def _turned(result: Result) -> Result:
    one, two = result.outcomes
    return Result((two, one), result.state, result.halted_at)
