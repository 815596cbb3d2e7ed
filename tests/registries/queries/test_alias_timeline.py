"""The lanes of a collection: who pointed where, and what is left out when there is much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.versions import unlink_version
from registries.permissions import access_for
from registries.queries.alias_timeline import MOST_LANES, MOST_MOMENTS, alias_timeline
from registries.queries.history import history_of_collection
from registries.queries.history_filter import HistoryFilter
from registries.views.timeline_picture import draw
from tests.personas import caller_of

# After whatever the fixtures did.
START = datetime(2040, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def moves(version, second_version, registry, admin, member):
    """`moves(names, version)` on the next day; `lanes()` what the picture shows then."""

    class Moves:
        day = 0

        def put(self, to, *names):
            self._next(lambda by: add_aliases(by, to, names))

        def take(self, off, *names):
            self._next(lambda by: remove_aliases(by, off, names))

        def _next(self, deed):
            self.day += 1
            with time_machine.travel(START + timedelta(days=self.day), tick=False):
                deed(caller_of(admin))

        def timeline(self, **wanted):
            access, collection = access_for(member, registry), version.collection
            history = history_of_collection(access, collection, HistoryFilter(**wanted), "")
            return alias_timeline(collection, access, HistoryFilter(**wanted), history.live)

        def lanes(self, **wanted):
            return {
                lane.name: [(span.number, span.start, span.end) for span in lane.spans]
                for lane in self.timeline(**wanted).lanes
            }

    return Moves()


def test_each_alias_has_its_versions_one_after_the_other(moves, version, second_version):
    moves.put(version, "candidate")
    moves.put(second_version, "candidate")
    moves.take(second_version, "candidate")
    assert moves.lanes(alias="candidate") == {"candidate": [(0, 0, 1), (1, 1, 2)]}


def test_what_one_request_does_is_one_moment(moves, version):
    moves.put(version, "b", "a")
    timeline = moves.timeline(alias="")
    assert [event.alias for event in timeline.moments[-1].events] == ["b", "a"]


def test_protected_aliases_come_first_then_latest_then_the_others(
    moves, protected_version, second_version
):
    moves.put(second_version, "fold-10", "fold-2")
    assert list(moves.lanes()) == ["production", "latest", "fold-2", "fold-10"]
    assert [lane.protected for lane in moves.timeline().lanes] == [True, False, False, False]


def test_the_picture_keeps_to_the_last_moments_and_says_so(moves, version, second_version):
    for n in range(MOST_MOMENTS + 4):
        moves.put((version, second_version)[n % 2], "swings")
    timeline = moves.timeline(alias="swings")
    assert len(timeline.moments) == MOST_MOMENTS
    assert not timeline.is_whole
    first = timeline.lanes[0].spans[0]
    assert (first.number, first.start, first.end) == (1, None, 0)


def test_what_has_not_moved_for_long_stands_through_the_whole_picture(
    moves, version, second_version, protected_version
):
    for n in range(MOST_MOMENTS + 4):
        moves.put((version, second_version)[n % 2], "swings")
    assert moves.lanes()["production"] == [(0, None, None)]


def test_with_many_aliases_those_that_changed_last_are_drawn(moves, version):
    moves.put(version, *(f"old-{n}" for n in range(MOST_LANES)))
    moves.put(version, "newest")
    timeline = moves.timeline()
    assert len(timeline.lanes) == MOST_LANES
    assert {"newest", "latest"} <= {lane.name for lane in timeline.lanes}
    assert not timeline.is_whole


def test_days_end_the_picture(moves, version, second_version):
    moves.put(version, "candidate")
    moves.put(second_version, "candidate")
    until = (START + timedelta(days=1)).date()
    assert moves.lanes(alias="candidate", until=until) == {"candidate": [(0, 0, None)]}


def test_a_version_that_is_gone_is_drawn_without_a_link(moves, version, second_version, member):
    moves.put(version, "candidate")
    moves.put(second_version, "candidate")
    unlink_version(caller_of(member), version)
    lane = moves.timeline(alias="candidate").lanes[0]
    assert [(span.number, span.is_there) for span in lane.spans] == [(0, False), (1, True)]


def test_bars_of_a_lane_stand_side_by_side_inside_the_picture(moves, version, second_version):
    moves.put(version, "candidate")
    moves.put(second_version, "candidate")
    picture = draw(moves.timeline(alias="candidate"))
    left, right = picture.bars
    assert 0 < left.x < left.x + left.width < right.x < right.x + right.width < picture.width
    assert left.sentence == "candidate on v0 from 2040-03-02 09:00 UTC to 2040-03-03 09:00 UTC"
    assert right.sentence == "candidate on v1 from 2040-03-03 09:00 UTC to now"
    assert [tick.date for tick in picture.ticks] == ["2 Mar 2040", "3 Mar 2040"]


def test_nothing_is_drawn_where_nothing_happened(moves):
    assert moves.timeline(alias="nothing-like-it") is None
