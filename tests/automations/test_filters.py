from __future__ import annotations

import json

import pytest

from accounts.errors import Invalid
from automations.filters import condition_of, filter_of_pattern, pattern_of_filter, valid_filter
from automations.kinds import EventKind

ADDED = EventKind.ALIAS_ADDED


def lets_through(text: str, *aliases: str, kind: EventKind = ADDED) -> bool:
    return condition_of(kind, text)({"alias": aliases, "tag": aliases})


@pytest.mark.parametrize(
    ("given", "aliases", "outcome"),
    [
        ({}, ["production"], True),
        ({"$or": [{"$and": []}]}, ["production"], True),
        ({"alias": "production"}, ["production"], True),
        ({"alias": "production"}, ["production-us"], False),
        ({"alias": {"$regex": "prod.*"}}, ["production"], True),
        ({"alias": {"$regex": "^prod$"}}, ["production"], False),
        ({"alias": {"$in": ["a", "b"]}}, ["b"], True),
        ({"alias": {"$nin": ["a", "b"]}}, ["b"], False),
        ({"alias": {"$ne": "a"}}, ["b"], True),
        ({"alias": {"$contains": "duct"}}, ["production"], True),
        ({"alias": {"$not": {"$regex": "prod"}}}, ["staging"], True),
        ({"$not": {"alias": "a"}}, ["a"], False),
        ({"$nor": [{"alias": "a"}, {"alias": "b"}]}, ["c"], True),
        ({"$or": [{"$and": [{"alias": "a"}, {"alias": {"$gt": "b"}}]}]}, ["a"], False),
        ({"alias": "best"}, ["latest", "best"], True),
        ({"alias": {"$exists": True}}, [], False),
    ],
)
def test_a_filter_of_the_sdk_lets_through(given, aliases, outcome):
    assert lets_through(json.dumps(given), *aliases) is outcome


def test_a_pattern_becomes_the_filter_the_sdk_writes_and_comes_back():
    text = filter_of_pattern(ADDED, "^prod(uction)?$")
    assert json.loads(text) == {"$or": [{"$and": [{"alias": {"$regex": "^prod(uction)?$"}}]}]}
    assert pattern_of_filter(text) == "^prod(uction)?$"
    assert pattern_of_filter("") == ""
    assert pattern_of_filter('{"$or":[{"$and":[]}]}') == ""
    assert pattern_of_filter('{"alias": {"$eq": "a"}}') is None
    assert pattern_of_filter("[" * 60_000) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", "filter_form"),
        ("[]", "filter_form"),
        ('{"alias": {"$regex": "(?=a)"}}', "pattern"),
        ('{"alias": {"$regex": "(a)\\\\1"}}', "pattern"),
        ('{"alias": {"$where": "1"}}', "filter_operator"),
        ('{"tag": "a"}', "filter_field"),
        ('{"$or": {}}', "filter_form"),
        ('{"$or": [1]}', "filter_form"),
        ('{"$and": [' * 11 + "{}" + "]}" * 11, "filter_size"),
        (json.dumps({"$or": [{"alias": str(n)} for n in range(201)]}), "filter_size"),
        ('{"alias": "' + "x" * 65_536 + '"}', "filter_size"),
        ("[" * 60_000, "filter_form"),
        ('{"alias": ["a"]}', "filter_value"),
        ('{"alias": {"$gt": [["a"]]}}', "filter_value"),
        ('{"alias": {"$regex": {"a": 1}}}', "filter_value"),
        ('{"alias": {"$in": ["a", ["b"]]}}', "filter_value"),
        ('{"alias": {"$gt": ' + "[" * 100 + "]" * 100 + "}}", "filter_size"),
        (json.dumps({"alias": {"$in": [str(n) for n in range(200)]}}), "filter_size"),
        (json.dumps({"$or": [{}] * 200}), "filter_size"),
        ('{"alias": {"$regex": "\\ud800"}}', "filter_form"),
    ],
)
def test_a_bad_filter_is_refused(text, code):
    with pytest.raises(Invalid) as refusal:
        valid_filter(ADDED, text)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


def test_a_filter_of_run_states_is_the_sdks():
    run_filter = json.dumps({"$and": [{"display_name": "zoo"}]})
    text = json.dumps({"run_filter": run_filter, "run_state_filter": {"states": ["FAILED"]}})
    wanted = condition_of(EventKind.RUN_STATE, text)
    assert wanted({"coarse_state": ["FAILED"], "display_name": ["zoo"]})
    assert not wanted({"coarse_state": ["FINISHED"], "display_name": ["zoo"]})
    assert not wanted({"coarse_state": ["FAILED"], "display_name": ["other"]})
    unread = '{"run_state_filter": {"states": ["FAILED"]}, "unread": ' + "[" * 100 + "]" * 100 + "}"
    for wrong in (
        '{"run_state_filter": {"states": ["LOST"]}}',
        '{"run_state_filter": {"states": [["FAILED"]]}}',
        '{"run_state_filter": [1]}',
        unread,
    ):
        with pytest.raises(Invalid):
            valid_filter(EventKind.RUN_STATE, wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "names a metric"),
        ({"name": "loss", "cmp_op": "$eq", "threshold": 1}, "names a metric"),
        ({"name": "loss", "cmp_op": "$lt", "threshold": True}, "names a metric"),
        ({"name": "loss", "cmp_op": "$lt", "threshold": float("nan")}, "names a metric"),
        ({"name": "", "cmp_op": "$lt", "threshold": 1}, "names a metric"),
        ({"name": "loss", "cmp_op": ["$lt"], "threshold": 1}, "names a metric"),
        ({"name": "loss", "cmp_op": "$lt", "threshold": 1, "agg_op": "MIN"}, "the last value"),
    ],
)
def test_a_threshold_that_cannot_be_watched_is_refused(wrong, sentence):
    text = json.dumps({"run_metric_filter": {"threshold_filter": wrong}})
    with pytest.raises(Invalid) as refusal:
        valid_filter(EventKind.RUN_METRIC, text)
    assert sentence in refusal.value.sentence
    with pytest.raises(Invalid):
        valid_filter(EventKind.RUN_METRIC, "")
