"""Counters of aliases, and pages that are out of date."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict
from registries.models import Event
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import put


def test_the_counter_grows_by_one_with_every_change_and_goes_on_after_a_removal(
    version, second_version, member
):
    by, counters = caller_of(member), []
    counters += add_aliases(by, version, ["best"])
    counters += add_aliases(by, second_version, ["best"])
    counters += add_aliases(by, second_version, ["best"])
    counters += remove_aliases(by, second_version, ["best"])
    counters += add_aliases(by, version, ["best"])
    assert [change.counter for change in counters] == [1, 2, 2, 3, 4]
    told = Event.objects.filter(alias="best").order_by("pk")
    assert list(told.values_list("alias_counter", flat=True)) == [1, 2, 3, 4]


def test_unlinking_counts_the_aliases_that_end_with_the_version(version, second_version, member):
    put(member, version, "best")
    unlink_version(caller_of(member), version)
    [change] = add_aliases(caller_of(member), second_version, ["best"])
    assert change.counter == 3


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_a_page_that_is_out_of_date_says_where_the_alias_is_now(
    version, second_version, member, seen
):
    put(member, version, "best")
    put(member, second_version, "best")
    with refused(Conflict, "alias_moved") as refusal:
        add_aliases(caller_of(member), version, ["best", "new"], expected={"best": seen, "new": 0})
    assert "“best” has changed" in refusal.value.sentence
    assert "it is on v1 now" in refusal.value.sentence
    with refused(Conflict, "alias_moved"):
        remove_aliases(caller_of(member), second_version, ["best"], expected={"best": seen})


def test_a_page_that_is_right_is_followed(version, second_version, member):
    put(member, version, "best")
    by = caller_of(member)
    [change] = add_aliases(by, second_version, ["best"], expected={"best": 1})
    [change] = remove_aliases(by, second_version, ["best"], expected={"best": change.counter})
    assert change.changed
    [change] = add_aliases(by, version, ["best"], expected={"best": 0})
    assert change.counter == 4


def test_a_page_that_showed_an_alias_taken_off_meanwhile_is_told_so(version, member):
    put(member, version, "best")
    remove_aliases(caller_of(member), version, ["best"])
    with refused(Conflict, "alias_moved") as refusal:
        remove_aliases(caller_of(member), version, ["best"], expected={"best": 1})
    assert "it is on no version now" in refusal.value.sentence


def test_a_version_that_is_gone_is_not_acted_upon(version, second_version, member):
    unlink_version(caller_of(member), version)
    stale = type(version)(
        pk=1_000_000, collection=second_version.collection, number=0, artifact=version.artifact
    )
    for change in (add_aliases, remove_aliases):
        with refused(Conflict, "version_gone") as refusal:
            change(caller_of(member), stale, ["best"])
        assert "v0 is no longer in Zoo_Classifier_Models" in refusal.value.sentence
