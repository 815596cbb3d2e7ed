"""A run: its files, its console output."""

from __future__ import annotations

import io

from artifacts.operations.runs import (
    expect_run_file,
    finish_run,
    receive_run_file,
    upsert_run,
)
from tests.personas import caller_of
from tests.registries.views.pages import Browser, Page

RUN = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "run": "brisk-heron"}


def files_on(page: Page) -> list[str]:
    return [
        row.all("bdi")[0].text for row in page.root.one(id="run-file-list").all("th", scope="row")
    ]


def test_files_are_narrowed_sorted_and_paged(project, member):
    run, _ = upsert_run(caller_of(member), project, "brisk-heron")
    for number in range(52):
        name = f"{'Plots' if number % 2 else 'logs'}/{number:02}.txt"
        content = b"x" * (number + 1)
        expected = expect_run_file(caller_of(member), run, name)
        receive_run_file(expected, io.BytesIO(content), size=len(content))
    browser = Browser(member)
    largest = files_on(browser.get("run", {"sort": "size"}, **RUN))
    assert largest[:2] == ["Plots/51.txt", "logs/50.txt"]
    rest = browser.get("run", {"sort": "size", "files": "2"}, part="run-file-list", **RUN)
    assert files_on(rest) == ["Plots/01.txt", "logs/00.txt"]
    assert not rest.is_whole
    found = files_on(browser.get("run", {"file": "plots/0"}, **RUN))
    assert found == [f"Plots/{number:02}.txt" for number in (1, 3, 5, 7, 9)]
    none = browser.get("run", {"file": "100%"}, **RUN)
    assert files_on(none) == []
    assert "No name has “100%” in it." in none.main.text


def test_a_file_with_an_unusual_name_comes_down_from_its_own_link(project, member):
    run, _ = upsert_run(caller_of(member), project, "brisk-heron")
    names = [
        "a\\b #1?.txt",
        "deep/val%2Floss.html",
        "\u200fשלום.txt",
        "\N{WOMAN}\u200d\N{MICROSCOPE}",
    ]
    for name in names:
        expected = expect_run_file(caller_of(member), run, name)
        receive_run_file(expected, io.BytesIO(name.encode()), size=len(name.encode()))
    browser = Browser(member)
    page = browser.get("run", {"sort": "name"}, **RUN)
    links = page.root.one(id="run-file-list").all("a", class_="file")
    assert sorted(link.text for link in links) == sorted(names)
    for link in links:
        answer = browser.client.get(link.attributes["href"])
        assert b"".join(answer.streaming_content).decode() == link.text
        assert answer["Content-Disposition"].startswith("attachment")


def test_a_run_that_has_ended_promises_no_console_output(project, member):
    run, _ = upsert_run(caller_of(member), project, "brisk-heron")
    promise = "It comes with the end of the run."
    assert promise in Browser(member).get("run", **RUN).main.text
    finish_run(caller_of(member), run)
    ended = Browser(member).get("run", **RUN).main.text
    assert promise not in ended
    assert "This run sent none." in ended


def sent(member, run, name, content):
    expected = expect_run_file(caller_of(member), run, name)
    receive_run_file(expected, io.BytesIO(content), size=len(content))


def console_on(member):
    return Browser(member).get("run", **RUN).root.one("pre", class_="console").raw_text.strip(" ")


def test_the_console_output_reads_as_on_a_terminal(project, member):
    run, _ = upsert_run(caller_of(member), project, "brisk-heron")
    sent(
        member, run, "output.log", b"begin\r\n 0%\r10%\r20%\r\n\x1b]0;title\x07end \x1b[32mgreen\n"
    )
    assert console_on(member) == "begin\n20%\nend green\n"


def test_console_output_that_came_in_parts_is_shown_in_their_order(project, member):
    run, _ = upsert_run(caller_of(member), project, "brisk-heron")
    sent(member, run, "logs/output_20250102_000000_000000.log", b"second\n")
    sent(member, run, "logs/output_20250101_000000_000000.log", b"first\n")
    sent(member, run, "logs/other.txt", b"no console\n")
    assert console_on(member) == "first\nsecond\n"
    sent(member, run, "logs/output_20250103_000000_000000.log", b"x\n" * 40_000)
    page = Browser(member).get("run", **RUN)
    assert "The last 64 kB. The whole output is in logs/." in page.main.text
    sent(member, run, "output.log", b"all\n")
    assert console_on(member) == "all\n"
