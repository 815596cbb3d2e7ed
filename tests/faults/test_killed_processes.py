"""A process that is killed in the middle leaves its change wholly there or wholly absent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction

from accounts.errors import RegistryError
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.collections import delete_collection
from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from registries.operations.sources import delete_source, log_version
from registries.operations.versions import link_version, unlink_version
from tests.counts import few_and_all
from tests.faults import furniture
from tests.faults.children import Child, in_child
from tests.faults.event_replay import require_history_agrees
from tests.faults.furniture import by
from tests.faults.kill_points import KillPoints
from tests.faults.places import Place, copy_of
from tests.faults.whole_state import State, require_whole_files, whole_state, without_bytes

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

Change = Callable[[KillPoints], object]


def _link(points: KillPoints) -> None:
    home = furniture.registry().project
    link_version(by("ada"), furniture.artifact(3), home, "Zoo", ["canary", "production"])


def _link_into_new_collection(points: KillPoints) -> None:
    link_version(by("max"), furniture.artifact(3), furniture.registry().project, "Reptiles", ["a"])


def _move(points: KillPoints) -> None:
    add_aliases(by("ada"), furniture.version("Zoo", 0), ["production", "canary", "new"])


def _remove(points: KillPoints) -> None:
    remove_aliases(by("ada"), furniture.version("Zoo", 2), ["canary", "latest"])


def _protect(points: KillPoints) -> None:
    protect_aliases(by("ada"), furniture.registry(), ["champion", "staging"])


def _unlink(points: KillPoints) -> None:
    unlink_version(by("ada"), furniture.version("Zoo", 2))


def _edit(points: KillPoints) -> None:
    version = furniture.version("Zoo", 0)
    edit_version(by("max"), version, description="seen", add_tags=["checked"])


def _delete_collection(points: KillPoints) -> None:
    delete_collection(by("ada"), furniture.collection("Zoo"))


def _delete_source(points: KillPoints) -> None:
    delete_source(by("max"), furniture.version("animals", 2), delete_aliases=True)


def _log(points: KillPoints) -> None:
    files = {"table.csv": points.bytes_of(b"new")}
    project, given = furniture.project(), {"aliases": ["best"], "tags": ["small"]}
    log_version(by("max"), project, "animals", "dataset", files, **given)


@dataclass(frozen=True)
class Course:
    """What happens when nothing happens: the points passed, the state before and after."""

    before: State
    points: list[str]
    after: State


@dataclass(frozen=True)
class Look:
    """What a fresh process finds, and what is there when it has asked for the change again."""

    found: State
    after_retry: State


@pytest.mark.parametrize("every", few_and_all(6, 1))
@pytest.mark.parametrize(
    "change",
    [
        _link,
        _link_into_new_collection,
        _move,
        _remove,
        _protect,
        _unlink,
        _edit,
        _delete_collection,
        _delete_source,
        _log,
    ],
)
def test_a_change_whose_process_is_killed_is_whole_or_absent_and_can_be_repeated(
    furnished: Place, change: Change, every: int
):
    course = _undisturbed(furnished, change)
    with ExitStack() as places:
        place = places.enter_context(copy_of(furnished))
        for fatal, point in list(enumerate(course.points, start=1))[::-every]:
            assert Child(place, _change_until_killed, change, fatal).was_killed()
            look = in_child(place, _look, change)
            found = without_bytes(look.found)
            assert found in (without_bytes(course.before), course.after), point
            assert without_bytes(look.after_retry) == course.after, point
            if look.found != course.before:
                places.close()
                place = places.enter_context(copy_of(furnished))


def _undisturbed(furnished: Place, change: Change) -> Course:
    with copy_of(furnished) as place:
        before = in_child(place, whole_state)
        points = in_child(place, _change_passing_points, change)
        after = without_bytes(in_child(place, whole_state))
    assert without_bytes(before) != after
    return Course(before, points, after)


def _change_passing_points(change: Change) -> list[str]:
    points = KillPoints()
    points.watch()
    change(points)
    return points.passed


def _change_until_killed(change: Change, fatal: int) -> None:
    points = KillPoints(fatal)
    points.watch()
    change(points)


def _look(change: Change) -> Look:
    """Takes its own retry back, so that the next process finds what this one found."""
    _require_sound()
    found = whole_state()
    with transaction.atomic():
        try:
            change(KillPoints())
        except (RegistryError, ObjectDoesNotExist):
            # What has gone cannot go again.
            assert whole_state() == found
        connection.check_constraints()
        _require_sound()
        after_retry = whole_state()
        transaction.set_rollback(True)
    return Look(found, after_retry)


def _require_sound() -> None:
    require_history_agrees()
    require_whole_files()
