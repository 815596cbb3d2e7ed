"""A pattern is tried on every name there is, each once."""

from __future__ import annotations

import pytest

from automations.queries import matches
from automations.queries.matches import matches_of
from registries.models import Alias


@pytest.fixture
def many(version, member):
    """Rows alone: two and a half thousand aliases by the door would take a minute."""
    Alias.objects.bulk_create(
        Alias(
            collection=version.collection, version=version, name=f"release-{n}", changed_by=member
        )
        for n in range(2_500)
    )
    return version.collection


@pytest.mark.django_db
def test_a_pattern_finds_the_last_of_thousands_of_names(many):
    found = matches_of(many.project, None, "alias.added", "^release-2499$")
    assert (found.names, found.others, found.all_tried) == (["release-2499"], 0, True)
    found = matches_of(many.project, many, "alias.added", "^release-")
    assert (found.names[:2], found.others) == (["release-0", "release-1"], 2_488)


@pytest.mark.django_db
def test_it_is_said_when_there_are_more_names_than_are_tried(many, monkeypatch):
    monkeypatch.setattr(matches, "MOST_TRIED", 100)
    found = matches_of(many.project, None, "alias.added", "release")
    assert not found.all_tried
    assert found.tried < 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "expression",
    ["release-2499", "^release-2499$", "rel.*-2499", "rele?ase-249+$", "(?i)RELEASE-2499", "e-2.99"],
)
def test_a_pattern_finds_a_name_by_a_part_of_it_or_without(many, expression):
    assert "release-2499" in matches_of(many.project, None, "alias.added", expression).names


@pytest.mark.django_db
def test_letters_that_may_be_missing_are_not_looked_for(many):
    for expression in (
        "xyz*release-2499",
        "release-2499(xyz)?",
        "xyz|release-2499",
        "x*?release-2499$",
    ):
        found = matches_of(many.project, None, "alias.added", expression)
        assert found.names == (["release-2499"] if not expression.startswith("xyz*") else [])
