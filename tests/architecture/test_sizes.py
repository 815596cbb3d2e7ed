"""Nothing grows past what a reader takes in at once."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.architecture.source import ROOT, functions, lines_of, modules, place

MOST_LINES_OF_A_FUNCTION = 50
MOST_LINES_OF_A_MODULE = 300
MOST_LINES_OF_A_TEMPLATE = 80
MOST_LINES_OF_A_STYLE_SHEET = 150


def longer_than(most: int, paths: list[Path]) -> list[str]:
    lengths = {path: len(path.read_text().splitlines()) for path in paths}
    return [f"{place(path)} ({lines})" for path, lines in lengths.items() if lines > most]


def test_no_function_is_over_50_lines():
    found = [
        f"{place(path, function.lineno)} {function.name} ({lines_of(function)})"
        for path in modules()
        for function in functions(path)
        if lines_of(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not found, found


def test_most_functions_are_short():
    lengths = [lines_of(function) for path in modules() for function in functions(path)]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 25


def test_no_module_is_over_300_lines():
    found = longer_than(MOST_LINES_OF_A_MODULE, modules())
    assert not found, found


def test_no_template_is_over_80_lines():
    found = longer_than(MOST_LINES_OF_A_TEMPLATE, sorted((ROOT / "templates").rglob("*.html")))
    assert not found, found


def test_no_style_sheet_is_over_150_lines():
    found = longer_than(MOST_LINES_OF_A_STYLE_SHEET, sorted((ROOT / "static").rglob("*.css")))
    assert not found, found
