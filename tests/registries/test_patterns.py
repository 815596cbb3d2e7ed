"""What of a pattern a name must have as it stands, and which name is the only one."""

from __future__ import annotations

import pytest

from registries.patterns import literal_of, name_of


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        ("production", "production"),
        ("^prod.*-eu$", "prod"),
        ("v1+2", "v1"),
        ("ab*cde", "cde"),
        ("ab*?cde", "cde"),
        ("abc?", "ab"),
        ("a.b", "a"),
        ("prod|staging", ""),
        ("(?i)prod", ""),
        ("prod(uction)?", ""),
        ("[pq]rod", ""),
        (r"prod\d", ""),
        ("ab{0}cde", ""),
        ("", ""),
        (".*", ""),
    ],
)
def test_the_longest_part_that_is_surely_there_is_told(pattern, literal):
    assert literal_of(pattern) == literal


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("^production$", "production"),
        ("^best_model 2-eu$", "best_model 2-eu"),
        ("^größe$", "größe"),
        ("production", ""),
        ("^production", ""),
        ("production$", ""),
        ("^v1.2$", ""),
        ("^prod|staging$", ""),
        (r"^prod\d$", ""),
        ("^prod\n$", ""),
        ("^$", ""),
    ],
)
def test_the_only_name_that_is_found_is_told(pattern, name):
    assert name_of(pattern) == name
