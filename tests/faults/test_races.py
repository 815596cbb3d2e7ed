"""Two people at once: what comes out is what one after the other would have made."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count

import pytest
from django.db import connection, transaction

from tests.counts import few_and_all
from tests.faults.automation_races import AUTOMATION_RACES
from tests.faults.children import in_child
from tests.faults.interleaving import Plan, Result, at_once, one_after_the_other
from tests.faults.places import Place, copy_of
from tests.faults.races import RACES

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


# Where every transaction is alone, whoever is halted within one keeps all others out.
SOME_HALTS = 12 if connection.vendor == "postgresql" else 32
EVERY_HALT = 1
PAIRS = RACES | AUTOMATION_RACES


@pytest.mark.parametrize("every", few_and_all(SOME_HALTS, EVERY_HALT))
@pytest.mark.parametrize("race", PAIRS)
def test_two_at_once_are_as_one_after_the_other(furnished: Place, race: str, every: int):
    one, two, *before = PAIRS[race]
    with copy_of(furnished) as prepared:
        for preparation in before:
            in_child(prepared, _prepare, preparation)
        serial = [
            _on_copy(prepared, one_after_the_other, one, two),
            _turned(_on_copy(prepared, one_after_the_other, two, one)),
        ]
        for result in _halts(prepared, one, two, every):
            _require_serial(result, serial)
        for result in _halts(prepared, two, one, every):
            _require_serial(_turned(result), serial)


def _require_serial(seen: Result, serial: list[Result]) -> None:
    told = f"halted before {seen.halted_at}: {seen.outcomes}"
    assert "raised" not in {how for how, _ in seen.outcomes}, told
    same_outcomes = [each for each in serial if each.outcomes == seen.outcomes]
    assert same_outcomes, f"{told} is none of {[each.outcomes for each in serial]}"
    assert seen.state in [each.state for each in same_outcomes], told


def _halts(place: Place, halted: Plan, other: Plan, every: int) -> list[Result]:
    """One result for the first halt, the second, and every so-manyth from there."""
    results: list[Result] = []
    for halt in chain([1], count(2, every)):
        result = _on_copy(place, at_once, halted, other, halt)
        if result.halted_at is None:
            break
        results.append(result)
    assert results
    return results


def _on_copy(place: Place, work: Callable[..., Result], *arguments: Plan | int) -> Result:
    with copy_of(place) as copy:
        return in_child(copy, work, *arguments)


def _prepare(plan: Plan) -> None:
    with transaction.atomic():
        plan()()


def _turned(result: Result) -> Result:
    one, two = result.outcomes
    return Result((two, one), result.state, result.halted_at)
