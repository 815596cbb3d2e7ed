"""Runs as a script looks for them: by what it said of them, in the order of what it wrote."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from artifacts.operations.runs import upsert_run
from tests.personas import caller_of

QUERY = """query Runs($after: String, $first: Int, $order: String, $filters: JSONString) {
  project(entityName: "smle-reg-team-2", name: "zoo_experiment") {
    runCount(filters: $filters)
    runs(after: $after, first: $first, order: $order, filters: $filters) {
      edges { node { name tags group jobType notes } cursor }
      pageInfo { endCursor hasNextPage }
    }
  }
}"""
RUNS = {
    "a": {"config": {"rate": {"value": 10}}, "summary": {"loss": 0.5}, "tags": ["uci", "x"]},
    "b": {"config": {"rate": {"value": 9}}, "summary": {"deep": {"loss": 1}}, "group": "g"},
    "c": {"config": {}, "summary": {"loss": 0.25}, "tags": ["uci"], "job_type": "train"},
    "d": {"config": {"rate": {"value": 1.5}}, "summary": {"loss": 2}, "notes": "as published"},
}


@pytest.fixture
def names(ask, member, project) -> Callable[..., list[str]]:
    """`names(order=…, filters=…)`: the runs that are listed, two to a page."""
    for name, facts in RUNS.items():
        upsert_run(caller_of(member), project, name, **facts)

    def listed(order: str | None = None, filters: dict | None = None) -> list[str]:
        found: list[str] = []
        asked = {"order": order, "filters": json.dumps(filters or {}), "first": 2}
        after, more = None, True
        while more:
            answer = ask(member, QUERY, after=after, **asked)
            assert answer.status == 200, answer.sentences
            page = answer.data["project"]["runs"]
            found += [edge["node"]["name"] for edge in page["edges"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert answer.data["project"]["runCount"] == len(found)
        return found

    return listed


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, "dcba"),
        ("+created_at", "abcd"),
        ("-heartbeat_at", "dcba"),
        ("+config.rate", "dbac"),
        ("+config.rate.value", "dbac"),
        ("-config.rate", "abdc"),
        ("+summary_metrics.loss", "cadb"),
        ("-summary_metrics.loss", "dacb"),
        ("summary_metrics.deep.loss", "bacd"),
        ("+username", "abcd"),
    ],
)
def test_runs_come_in_the_order_asked_for(names, order, expected):
    """What has no such value comes last, whichever way."""
    assert "".join(names(order)) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"tags": "uci"}, "ac"),
        ({"tags": {"$in": ["x", "y"]}}, "a"),
        ({"tags": {"$ne": "x"}}, "bcd"),
        ({"$or": [{"tags": None}, {"tags": {"$ne": "uci"}}]}, "bd"),
        ({"$and": [{"tags": "uci"}, {"tags": "x"}]}, "a"),
        ({"tags": {"$regex": "^u"}}, "ac"),
        ({"group": "g"}, "b"),
        ({"group": None}, "acd"),
        ({"group": {"$exists": True}}, "b"),
        ({"jobType": {"$in": ["train"]}}, "c"),
        ({"job_type": {"$ne": "train"}}, "abd"),
        ({"notes": {"$regex": "publ"}}, "d"),
        ({"username": "member"}, "abcd"),
        ({"username": "viewer"}, ""),
    ],
)
def test_runs_are_found_by_what_their_script_said_of_them(names, filters, expected):
    assert "".join(names("+created_at", filters)) == expected


@pytest.mark.parametrize(
    "order",
    ["-duration", "config", "+tags", "config.", "summary_metrics.a__b", "config.a.contains"],
)
def test_an_order_that_is_not_known_is_refused_with_a_sentence(ask, member, project, order):
    answer = ask(member, QUERY, order=order)
    assert answer.status == 422
    assert answer.sentence.endswith(".")
