"""Filters on what scripts wrote as JSON: each type for itself, and every row either way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.errors import Invalid
from artifacts.models import Run
from artifacts.operations.runs import upsert_run
from registries.models import Version
from tests.personas import caller_of
from tests.things import log
from wandb_api.filter_fields import FIELDS_OF_RUNS, FIELDS_OF_VERSIONS
from wandb_api.filters import filtered
from wandb_api.orders import order_of_runs

# Of each letter the value below `at`; of z none.
VALUES: dict[str, Any] = {
    "a": 0.1,
    "b": 1,
    "c": "0.1",
    "d": "Zoo",
    "e": "ape",
    "f": "éléphant",
    "g": True,
    "h": False,
    "i": None,
    "j": [1, 2],
    "k": {"0": "zero", "deep": [{"n": 3}]},
    "l": 2**60 + 1,
    "m": 123,
    "n": "123",
}
ALL = "abcdefghijklmnz"


def without(letters: str) -> str:
    return "".join(letter for letter in ALL if letter not in letters)


COMPARISONS = [
    (0.1, "a"),
    ("0.1", "c"),
    (1, "b"),
    (1.0, "b"),
    (True, "g"),
    (False, "h"),
    (None, "iz"),
    ([1, 2], "j"),
    ([2, 1], ""),
    ({"$eq": {"0": "zero", "deep": [{"n": 3}]}}, "k"),
    ({"$gt": 0.05}, "ablm"),
    ({"$gte": 1}, "blm"),
    ({"$lt": 1}, "a"),
    ({"$lte": 1}, "ab"),
    ({"$gt": 2**60}, "l"),
    ({"$lt": 2**60 + 1}, "abm"),
    ({"$gt": "0.1"}, "defn"),
    ({"$gt": "a"}, "ef"),
    ({"$gte": "Zoo"}, "def"),
    ({"$lt": "a"}, "cdn"),
    ({"$gt": False}, "g"),
    ({"$lte": False}, "h"),
    ({"$gt": 0, "$lt": 1}, "a"),
    ({"$in": [0.1, "ape", None, [1, 2], True]}, "aegijz"),
    ({"$in": []}, ""),
    ({"$ne": 0.1}, without("a")),
    ({"$ne": None}, without("iz")),
    ({"$ne": True}, without("g")),
    ({"$nin": [0.1, "0.1"]}, without("ac")),
    ({"$nin": [None]}, without("iz")),
    ({"$nin": []}, ALL),
    ({"$not": {"$gt": 0.05}}, without("ablm")),
    ({"$not": {"$ne": 0.1}}, "a"),
    ({"$exists": True}, without("z")),
    ({"$exists": False}, "z"),
    ({"$regex": "1"}, "cn"),
    ({"$regex": "^é"}, "f"),
    ({"$regex": "."}, "cdefn"),
    ({"$not": {"$regex": "."}}, without("cdefn")),
    ({"$contains": "OO"}, "d"),
    ({"$contains": "ÉLÉPHANT"}, ""),
    ({"$contains": "é"}, "f"),
    ({"$contains": "1"}, "cn"),
    ({"$contains": "%"}, ""),
]
WHOLE = [
    ({"$not": {"AT": 0.1}}, without("a")),
    ({"$nor": [{"AT": 0.1}, {"AT": {"$gt": "a"}}]}, without("aef")),
    ({"$not": {"$nor": [{"AT": 0.1}]}}, "a"),
    ({"$or": [{"AT": {"$ne": 0.1}}, {"AT": 0.1}]}, ALL),
    ({"AT.deep.0.n": 3}, "k"),
    ({"AT.0": "zero"}, "k"),
    ({"AT.0": {"$gte": 1}}, "j"),
    ({"AT.1": 2}, "j"),
    ({"AT.-1": 2}, "j"),
    ({"AT.-3": 2}, ""),
    ({"AT.deep.0.n": {"$ne": 3}}, without("k")),
]
FILTERS = [*(({"AT": asked}, expected) for asked, expected in COMPARISONS), *WHOLE]


@pytest.fixture
def found(member, project) -> Callable[[str, Any], str]:
    """`found(place, filter)`: the letters of the rows; AT stands for the place."""
    for letter in ALL:
        there = {"at": VALUES[letter]} if letter in VALUES else {"other": 1}
        upsert_run(caller_of(member), project, letter, config={"at": {"value": 1}}, summary=there)
        log(member, project, letter, name=letter, metadata=there)

    def letters(place: str, filter_: Any) -> str:
        text = json.dumps(filter_).replace("AT", place)
        if place.startswith("metadata"):
            versions = filtered(Version.objects.order_by("pk"), text, FIELDS_OF_VERSIONS)
            return "".join(versions.values_list("collection__name", flat=True))
        runs = filtered(Run.objects.order_by("pk"), text, FIELDS_OF_RUNS)
        return "".join(runs.values_list("name", flat=True))

    return letters


@pytest.mark.parametrize("place", ["metadata.at", "summary_metrics.at"])
def test_a_value_is_compared_with_its_own_type_and_a_negation_keeps_the_rest(
    found, place, subtests
):
    for filter_, expected in FILTERS:
        with subtests.test(str(filter_)):
            assert found(place, filter_) == expected


def test_a_configuration_is_compared_below_its_keys(found):
    assert found("config.at", {"AT": {"$gte": 1}}) == ALL
    assert found("config.at", {"AT": {"$gte": "1"}}) == ""
    assert found("config.nowhere", {"AT": {"$ne": 1}}) == ALL


def test_all_that_was_written_is_there_and_compares_with_nothing(found):
    assert found("metadata", {"AT": {"$exists": True}}) == ALL
    assert found("metadata", {"AT": {"$gt": 0}}) == ""
    assert found("metadata", {"AT": {"$ne": 0}}) == ALL
    assert found("metadata", {"AT": {"$contains": "zero"}}) == ""


@pytest.mark.parametrize("key", ["a'b", "a%sb", "a\\", "$", "[0]", "a]", "{}", "é", "\n"])
def test_a_key_with_any_character_is_looked_for_and_never_read_as_a_path(found, key):
    assert found("metadata", {f"AT.{key}": {"$gt": 1}}) == ""
    assert found("metadata", {f"AT.{key}": {"$ne": 1}}) == ALL


@pytest.mark.parametrize(
    ("text", "is_found"), [("École", True), ("ÉCOLE", True), ("É", True), ("école", False)]
)
def test_a_capital_beyond_z_is_found_as_it_is_written(text, is_found, member, project, version):
    upsert_run(caller_of(member), project, "painter", summary={"k": "École de Paris"})
    asked = json.dumps({"summary_metrics.k": {"$contains": text}})
    found = filtered(Run.objects.all(), asked, FIELDS_OF_RUNS)
    assert [run.name for run in found] == (["painter"] if is_found else [])


def test_a_key_with_a_quote_is_refused_with_a_sentence(found):
    with pytest.raises(Invalid) as refusal:
        found("metadata", {'AT.a"b': 1})
    assert refusal.value.sentence.endswith("cannot be searched.")


@pytest.mark.parametrize("nested", [[float("nan")], [[float("inf")]]])
def test_a_list_that_no_json_holds_is_refused_with_a_sentence(found, nested):
    for asked in (nested, {"$in": [nested]}, {"$ne": nested}):
        with pytest.raises(Invalid) as refusal:
            found("metadata.at", {"AT": asked})
        assert refusal.value.sentence.endswith(".")


def test_a_value_nested_too_deep_is_refused_with_a_sentence(found):
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    with pytest.raises(Invalid):
        found("metadata.at", {"AT": {"$in": [deep]}})


def test_as_many_values_as_a_filter_holds_are_compared(found):
    assert found("metadata.at", {"AT": {"$in": [*range(9000), "ape", [1, 2]]}}) == "bejm"


def test_runs_come_by_their_numbers_then_their_texts_and_last_what_has_neither(found):
    def ordered(order: str) -> str:
        runs = Run.objects.order_by(*order_of_runs(order))
        return "".join(runs.values_list("name", flat=True))

    assert ordered("+summary_metrics.at") == "habgmlcndef" + "ijkz"
    assert ordered("-summary_metrics.at") == "lmgba" + "hfedncz" + "kji"
