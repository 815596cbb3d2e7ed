"""Console output as lines, whatever bytes a script wrote."""

from __future__ import annotations

import io

import pytest

from artifacts.console import LONGEST_LINE, TAIL, console_of, last_lines, lines_from
from artifacts.operations.runs import expect_run_file, receive_run_file, start_run
from tests.personas import caller_of


@pytest.fixture
def written(member, project):
    """`written(bytes)`: the console file of a run that wrote them."""

    def kept(raw: bytes):
        by = caller_of(member)
        run = start_run(by, project)
        receive_run_file(expect_run_file(by, run, "output.log"), io.BytesIO(raw), size=len(raw))
        return console_of(run)

    return kept


def test_a_run_that_goes_on_has_none_yet(member, project):
    run = start_run(caller_of(member), project)
    expect_run_file(caller_of(member), run, "output.log")
    assert console_of(run) is None


def test_each_page_begins_where_the_last_ended(written):
    console = written("first\nzweite Größe\r\n\nlast".encode())
    begin = lines_from(console, 0, 0, 2)
    rest = lines_from(console, 2, begin[-1].ends_at, 10)
    told = [(line.number, line.text) for line in begin + rest]
    assert told == [(0, "first"), (1, "zweite Größe"), (2, ""), (3, "last")]
    assert rest[-1].ends_at == console.size


def test_pages_go_on_through_the_parts_of_an_output(member, project):
    by = caller_of(member)
    run = start_run(by, project)
    for name, raw in {"20250102": b"c\nd\n", "20250101": b"a\nb\n"}.items():
        expected = expect_run_file(by, run, f"logs/output_{name}_000000_000000.log")
        receive_run_file(expected, io.BytesIO(raw), size=len(raw))
    console = console_of(run)
    begin = lines_from(console, 0, 0, 1)
    rest = lines_from(console, 1, begin[-1].ends_at, 10)
    told = [(line.number, line.text) for line in begin + rest]
    assert told == [(0, "a"), (1, "b"), (2, "c"), (3, "d")]
    assert lines_from(console, 3, rest[-2].ends_at, 10) == rest[-1:]
    assert rest[-1].ends_at == console.size
    assert [line.text for line in last_lines(console, 4, 3)] == ["b", "c", "d"]


def test_what_is_no_text_can_be_shown(written):
    (line,) = lines_from(written(b"\xff\x00a"), 0, 0, 10)
    assert line.text == "\ufffd\ufffda"


def test_a_line_without_end_comes_in_pieces(written):
    pieces = lines_from(written(b"x" * (LONGEST_LINE + 5)), 0, 0, 10)
    assert [len(piece.text) for piece in pieces] == [LONGEST_LINE, 5]


def test_beyond_the_end_there_is_nothing(written):
    assert lines_from(written(b"a\n"), 9, 10**15, 10) == []


def test_the_last_lines_are_whole_and_numbered_from_the_end(written):
    console = written(b"".join(b"%07d\n" % number for number in range(TAIL // 8 + 100)))
    count = TAIL // 8 + 100
    lines = last_lines(console, count, 3)
    assert [(line.number, line.text) for line in lines] == [
        (number, f"{number:07}") for number in range(count - 3, count)
    ]
    assert last_lines(console, 0, 10**9)[0].text != "0000000"
