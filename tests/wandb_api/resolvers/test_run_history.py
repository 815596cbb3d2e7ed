"""History of a run at `/graphql`: parts of it, and questions that make no sense."""

from __future__ import annotations

import json

import pytest

from artifacts.operations.runs import extend_run, upsert_run
from tests.personas import caller_of

QUERY = """query Q($specs: [JSONString!]!, $samples: Int, $min: Int64, $max: Int64) {
  project(entityName: "smle-reg-team-2", name: "zoo_experiment") {
    run(name: "a") {
      historyKeys
      history(samples: $samples, minStep: $min, maxStep: $max)
      sampledHistory(specs: $specs)
      parquetHistory(liveKeys: ["_step"]) { parquetUrls liveData }
    }
  }
}"""


@pytest.fixture
def read(ask, member, project):
    """`read(specs, …)`: what is answered of a run that logged 100 lines, every tenth with `b`."""
    run, _ = upsert_run(caller_of(member), project, "a")
    logged = [
        {"_step": n * 2, "loss": n} | ({"b": None} if n % 10 else {"b": n}) for n in range(100)
    ]
    lines = [json.dumps(values) for values in logged]
    extend_run(caller_of(member), run, counts={}, summary=None, state=None, history=lines)

    def answer(*specs, user=member, **variables):
        texts = [spec if isinstance(spec, str) else json.dumps(spec) for spec in specs]
        return ask(user, QUERY, specs=texts, **variables)

    return answer


def of_run(answer):
    assert answer.status == 200, answer.sentences
    return answer.data["project"]["run"]


def test_lines_lie_between_the_steps_that_are_asked_for(read):
    run = of_run(read({"keys": ["loss"], "minStep": 2, "maxStep": 6}, min=2, max=6))
    assert [json.loads(line)["loss"] for line in run["history"]] == [1, 2]
    assert run["sampledHistory"] == [[{"loss": 1}, {"loss": 2}, {"loss": 3}]]
    assert run["historyKeys"] == {"lastStep": 198}
    assert run["parquetHistory"] == {"parquetUrls": [], "liveData": [{"_step": 0}]}


@pytest.mark.parametrize(("samples", "count"), [(1, 1), (3, 3), (99, 50), (100, 100), (10**6, 100)])
def test_samples_are_spread_over_all_lines(read, samples, count):
    run = of_run(read({"keys": ["loss"], "samples": samples}, samples=samples))
    assert len(run["history"]) == len(run["sampledHistory"][0]) == count


def test_a_range_of_steps_comes_whole_whatever_samples_are_asked_for(read):
    ends = {"minStep": 10, "maxStep": 29}
    run = of_run(read({"keys": ["loss"], "samples": 3, **ends}, samples=3, min=10, max=30))
    assert [json.loads(line)["loss"] for line in run["history"]] == list(range(5, 15))
    assert len(run["sampledHistory"][0]) == 10


def test_only_lines_with_all_keys_are_taken(read):
    run = of_run(read({"keys": ["loss", "b"]}, samples=-5))
    assert [values["b"] for values in run["sampledHistory"][0]] == list(range(0, 100, 10))
    assert len(run["history"]) == 1


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "{",
        "[]",
        "5",
        "[" * 100_000,
        {},
        {"keys": "loss"},
        {"keys": [1]},
        {"keys": ["x"] * 1000},
        {"keys": ["x"], "samples": "many"},
        {"keys": ["x"], "minStep": 1.5},
        {"keys": ["x"], "maxStep": 2**80},
    ],
)
def test_a_spec_that_makes_no_sense_is_refused(read, spec):
    answer = read(spec)
    assert 400 <= answer.status < 500
    assert "A spec is a JSON object" in answer.sentence


def test_no_more_specs_than_a_page_needs_are_answered(read):
    answer = read(*[{"keys": ["loss"]}] * 21)
    assert "At most 20 lists of keys" in answer.sentence


@pytest.mark.parametrize("step", ["x", 1.5, 10**30, [1], {}])
def test_a_step_that_makes_no_sense_is_refused(read, step):
    for name in ("min", "max"):
        answer = read(**{name: step})
        assert 400 <= answer.status < 500
        assert answer.sentences
