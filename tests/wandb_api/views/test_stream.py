"""`file_stream`: what a run tells of itself while it goes on."""

from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest
from django.test import Client

from artifacts.history import lines_of
from artifacts.models import Run
from artifacts.operations import run_history
from artifacts.operations.run_history import LONGEST_LINE, MOST_LINES
from artifacts.operations.runs import start_run
from tests.personas import caller_of
from tests.wandb_api.asking import Asker


@pytest.fixture
def run(member, project) -> Run:
    return start_run(caller_of(member), project)


def stream(ask: Asker, user, run: Run, body, **headers: str):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    place = f"/files/smle-reg-team-2/zoo_experiment/{run.name}/file_stream"
    keys = ask.headers(user) if user else {}
    return Client().post(place, raw, "application/json", headers=keys | headers)


def lines(*content: str, offset: int = 0) -> dict:
    return {"offset": offset, "content": list(content)}


def test_lines_are_counted_and_the_last_summary_kept(ask, member, run):
    body = {
        "files": {
            "wandb-history.jsonl": lines('{"loss": 1}', '{"loss": 2}'),
            "wandb-events.jsonl": lines("{}"),
            "output.log": lines("a", "b", "c"),
            "wandb-summary.json": lines('{"loss": 1}', '{"loss": 2}'),
        }
    }
    assert stream(ask, member, run, body).json() == {}
    run.refresh_from_db()
    counts = (run.history_line_count, run.event_line_count, run.log_line_count)
    assert (counts, run.summary, run.state) == ((2, 1, 3), {"loss": 2}, "running")


def test_one_value_that_is_no_number_loses_none_of_the_summary(ask, member, run):
    odd = '{"loss": 0.5, "norm": Infinity, "deep": {"low": -Infinity, "odd": [NaN]}}'
    stream(ask, member, run, {"files": {"wandb-summary.json": lines(odd)}})
    run.refresh_from_db()
    deep = {"low": "-Infinity", "odd": ["NaN"]}
    assert run.summary == {"loss": 0.5, "norm": "Infinity", "deep": deep}


def test_a_piece_sent_twice_counts_once(ask, member, run):
    """The SDK repeats what it got no answer to, with the same offset."""
    body = {"files": {"wandb-history.jsonl": lines("{}", "{}", offset=0)}}
    for _ in range(2):
        assert stream(ask, member, run, body).status_code == 200
    more = {"files": {"wandb-history.jsonl": lines("{}", offset=2)}}
    stream(ask, member, run, more)
    run.refresh_from_db()
    assert run.history_line_count == 3


def test_a_line_of_history_is_kept_as_it_came(ask, member, run):
    odd = '{"loss": NaN, "_step": 7,  "tabelle": "Größe"}'
    body = {"files": {"wandb-history.jsonl": lines('{"loss": 1}', odd)}}
    for _ in range(2):
        assert stream(ask, member, run, body).status_code == 200
    kept = list(run.history.order_by("number").values_list("number", "step", "line"))
    assert kept == [(0, 0, '{"loss": 1}'), (1, 7, odd)]
    run.refresh_from_db()
    assert (run.last_step, run.history_bytes) == (7, len('{"loss": 1}') + len(odd.encode()))


def test_what_is_no_sound_line_is_counted_and_not_kept(ask, member, run):
    long = json.dumps({"text": "x" * LONGEST_LINE})
    unsound = ["[]", "{", '{"_step": "x"}', '{"_step": 1.5}', long]
    body = {"files": {"wandb-history.jsonl": lines(*unsound, '{"loss": 1}')}}
    assert stream(ask, member, run, body).status_code == 200
    run.refresh_from_db()
    assert run.history_line_count == 6
    assert list(run.history.values_list("number", flat=True)) == [5]


def test_a_text_with_nul_costs_neither_its_line_nor_the_summary(ask, member, run):
    odd = r'{"text": "a\u0000\u0000b", "path": "C:\\u0000", "k\u0000": "\\\u0000"}'
    files = {"wandb-history.jsonl": lines(odd), "wandb-summary.json": lines(odd)}
    assert stream(ask, member, run, {"files": files}).status_code == 200
    read = {"text": "a\ufffd\ufffdb", "path": r"C:\u0000", "k\ufffd": "\\\ufffd"}
    run.refresh_from_db()
    assert run.summary == read
    assert json.loads(run.history.get().line) == read
    stream(
        ask, member, run, {"files": {"wandb-history.jsonl": lines(odd, offset=1)}}, **writer("a")
    )
    assert json.loads(run.history.get(step=1).line) == read | {"_step": 1}


def test_a_run_keeps_no_more_history_than_it_may(ask, member, run, monkeypatch):
    monkeypatch.setattr(run_history, "MOST_BYTES", 30)
    body = {"files": {"wandb-history.jsonl": lines(*['{"loss": 1}'] * 5)}}
    assert stream(ask, member, run, body).status_code == 200
    more = {"files": {"wandb-history.jsonl": lines('{"loss": 2}', offset=5)}}
    assert stream(ask, member, run, more).status_code == 200
    run.refresh_from_db()
    assert (run.history_line_count, run.history.count(), run.history_bytes) == (6, 2, 22)


def history(*steps: int, loss: int, offset: int) -> dict:
    content = [json.dumps({"loss": loss, "_step": step}) for step in steps]
    return {"files": {"wandb-history.jsonl": lines(*content, offset=offset)}}


def test_of_one_step_the_newest_line_is_kept(ask, member, run):
    """A script begins anew, or its file is synchronized again: the same steps, other numbers."""
    stream(ask, member, run, history(0, 1, 2, 2, loss=1, offset=0))
    again = history(1, 2, 5, loss=2, offset=4)
    for _ in range(2):
        assert stream(ask, member, run, again).status_code == 200
    kept = list(run.history.order_by("step").values_list("number", "step", "line"))
    told = [(number, step, json.loads(line)["loss"]) for number, step, line in kept]
    assert told == [(0, 0, 1), (4, 1, 2), (5, 2, 2), (6, 5, 2)]
    run.refresh_from_db()
    assert (run.history_line_count, run.last_step) == (7, 5)
    assert run.history_bytes == sum(len(line) for _, _, line in kept)


def test_a_newer_line_of_a_step_takes_no_more_room_than_it_needs(ask, member, run, monkeypatch):
    monkeypatch.setattr(run_history, "MOST_BYTES", 70)
    stream(ask, member, run, history(0, 1, 2, loss=1, offset=0))
    stream(ask, member, run, history(0, 1, 2, loss=2, offset=3))
    kept = [json.loads(line)["loss"] for line in run.history.values_list("line", flat=True)]
    assert kept == [2, 2, 2]


def test_many_steps_are_told_again_in_one_piece(ask, member, run, monkeypatch):
    monkeypatch.setattr(run_history, "LINES_AT_ONCE", 2)
    stream(ask, member, run, history(*range(7), loss=1, offset=0))
    stream(ask, member, run, history(*range(7), loss=2, offset=7))
    assert list(run.history.order_by("step").values_list("number", flat=True)) == [*range(7, 14)]


def writer(name: str) -> dict[str, str]:
    """What a process sends along that shares its run with others."""
    return {"X-Wandb-Use-Async-Filestream": "true", "X-Wandb-Async-Client-Id": name}


def losses(*values: float) -> list[str]:
    return [json.dumps({"loss": value, "_step": step}) for step, value in enumerate(values)]


def test_lines_of_processes_that_share_a_run_follow_each_other(ask, member, run):
    """Each counts its lines and its steps from 0, and repeats what it got no answer to."""
    first = lines(*losses(0, 1))
    pieces = [
        ("a", first),
        ("b", lines(*losses(10, 11, 12))),
        ("a", first),
        ("b", lines(*losses(10, 11, 12, 13))),
        ("a", lines(losses(0, 1, 2)[2], offset=2)),
        ("b", lines(losses(10, 11, 12, 13)[3], offset=3)),
    ]
    for name, piece in pieces:
        files = {"wandb-history.jsonl": piece, "output.log": piece, "wandb-events.jsonl": piece}
        assert stream(ask, member, run, {"files": files}, **writer(name)).json() == {}
    kept = [json.loads(line) for line in lines_of(run, samples=7)]
    assert [line["loss"] for line in kept] == [0, 1, 10, 11, 12, 13, 2]
    assert [line["_step"] for line in kept] == list(range(7))
    run.refresh_from_db()
    counts = (run.history_line_count, run.event_line_count, run.log_line_count)
    assert (counts, run.last_step) == ((7, 7, 7), 6)


def test_processes_that_share_a_run_go_on_behind_what_it_has(ask, member, run):
    alone = {"files": {"wandb-history.jsonl": lines('{"loss": 1, "_step": 40}')}}
    stream(ask, member, run, alone)
    odd = '{"loss": NaN, "_step": 0, "tabelle": "Größe"}'
    shared = {"files": {"wandb-history.jsonl": lines(odd, "[]", '{"loss": 2}')}}
    for _ in range(2):
        stream(ask, member, run, shared, **writer("a"))
    kept = list(run.history.order_by("number").values_list("number", "step"))
    assert kept == [(0, 40), (1, 41), (3, 42)]
    line = run.history.get(number=1).line
    assert line == '{"loss": NaN, "_step": 41, "tabelle": "Größe"}'


def test_summaries_of_processes_that_share_a_run_are_put_together(ask, member, run):
    for name, summary in [("a", {"x": 1, "loss": 1}), ("b", {"y": 2, "loss": 2}), ("a", {"x": 3})]:
        body = {"files": {"wandb-summary.json": lines(json.dumps(summary))}}
        stream(ask, member, run, body, **writer(name))
    run.refresh_from_db()
    assert run.summary == {"x": 3, "y": 2, "loss": 2}


def test_summaries_that_are_too_large_together_give_way_to_the_newest(
    ask, member, run, monkeypatch
):
    monkeypatch.setattr(run_history, "MOST_BYTES", 30)
    for name, summary in [("a", {"x": "much text of a"}), ("b", {"y": "much text of b"})]:
        body = {"files": {"wandb-summary.json": lines(json.dumps(summary))}}
        stream(ask, member, run, body, **writer(name))
    run.refresh_from_db()
    assert run.summary == {"y": "much text of b"}


def test_lines_beyond_what_can_be_counted_are_no_fault(ask, member, run):
    last = {"files": {"wandb-history.jsonl": lines("{}", "{}", offset=MOST_LINES - 1)}}
    for more in ({}, writer("a"), writer("b")):
        assert stream(ask, member, run, last, **more).status_code == 200
    run.refresh_from_db()
    assert (run.history_line_count, run.history.count()) == (MOST_LINES, 1)


@pytest.mark.parametrize(("code", "state"), [(0, "finished"), (1, "failed"), (255, "failed")])
def test_the_end_is_told(ask, member, run, code, state):
    stream(ask, member, run, {"complete": True, "exitcode": code})
    run.refresh_from_db()
    assert run.state == state


def test_a_packed_body_is_read(ask, member, run):
    raw = gzip.compress(json.dumps({"complete": True, "exitcode": 0}).encode())
    assert stream(ask, member, run, raw, **{"Content-Encoding": "gzip"}).status_code == 200
    run.refresh_from_db()
    assert run.state == "finished"


def test_a_bomb_is_not_unpacked(ask, member, run):
    raw = gzip.compress(b" " * (150 * 1024 * 1024), compresslevel=1)
    tracemalloc.start()
    try:
        answer = stream(ask, member, run, raw, **{"Content-Encoding": "gzip"})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code in {400, 404, 413, 422}
    assert most < 100 * 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        {"files": []},
        {"files": {"wandb-history.jsonl": None}},
        {"files": {"wandb-history.jsonl": {"content": None}}},
        {"files": {"wandb-history.jsonl": {"content": 5}}},
        {"files": {"wandb-history.jsonl": {"content": {"a": 1}}}},
        {"files": {"wandb-history.jsonl": {"content": ["{}"], "offset": -1}}},
        {"files": {"wandb-history.jsonl": {"content": ["{}"], "offset": "x"}}},
        {"files": {"wandb-history.jsonl": {"content": ["{}"], "offset": 10**30}}},
        {"files": {"wandb-history.jsonl": {"content": [5, None, "[]", "{", "[" * 100_000]}}},
        {"files": {"wandb-history.jsonl": {"content": ['{"_step": 1e400}', '{"_step": "x"}']}}},
        {"files": {"wandb-history.jsonl": {"content": [json.dumps({"_step": 2**70})]}}},
        {"files": {"wandb-history.jsonl": {"content": ['{"a": "\\u0000"}', '{"a": "\\ud800"}']}}},
        {"files": {"wandb-history.jsonl": {"content": ["\ud800", '{"a": "\x00"}']}}},
        {"files": {"wandb-summary.json": {"content": ["{"]}}},
        {"files": {"wandb-summary.json": {"content": [1]}}},
        {"files": {"wandb-summary.json": {"content": ['{"a": NaN}']}}},
        {"files": {"wandb-summary.json": {"content": ['{"a": "\\u0000"}']}}},
        {"files": {"wandb-summary.json": {"content": ['{"a": "\\ud800"}']}}},
        {"files": {"wandb-summary.json": {"content": ["[" * 100_000]}}},
        {"complete": "yes", "exitcode": "none"},
    ],
)
def test_nonsense_never_becomes_a_fault(ask, member, run, body):
    """The SDK repeats a 5xx here for a week."""
    assert stream(ask, member, run, body).status_code in {200, 400, 404, 422}
    run.refresh_from_db()
    json.dumps(run.summary, allow_nan=False)
    assert run.history_line_count < 100


def test_only_who_may_write_to_the_project_reports(ask, personas, run):
    body = {"complete": True, "exitcode": 0}
    answers = {name: stream(ask, user, run, body).status_code for name, user in personas.items()}
    writers = ("org_admin", "admin", "member", "service_account")
    assert answers == {name: 200 if name in writers else 404 for name in personas}
    assert stream(ask, None, run, body).status_code == 401


def test_a_run_that_is_not_there_is_told(ask, member, run):
    Run.objects.filter(pk=run.pk).update(name="other")
    assert stream(ask, member, run, {}).status_code == 404


@pytest.mark.parametrize("offset", [2**31 - 1, 2**31, 10**30, -1, 1.5, "0", None])
def test_lines_behind_the_last_that_can_be_counted_are_passed_over(ask, member, run, offset):
    piece = lines(*['{"loss": 1}'] * 3) | {"offset": offset}
    body = {"files": {"wandb-history.jsonl": piece, "output.log": piece}}
    assert stream(ask, member, run, body).status_code == 200
    run.refresh_from_db()
    assert (run.history_line_count, run.log_line_count, run.history.count()) == (0, 0, 0)
