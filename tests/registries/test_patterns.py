"""What of a pattern a name must have as it stands."""

from __future__ import annotations

import pytest

from registries.patterns import literal_of


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
