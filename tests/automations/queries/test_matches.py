"""A pattern is tried on every name there is, each once."""

from __future__ import annotations

import pytest

from automations.queries import matches
from automations.queries.matches import matches_of
from registries.models import Alias


@pytest.fixture
def many(version, member):
    """Rows alone: six thousand aliases by the door would take a minute."""
    Alias.objects.bulk_create(
        Alias(
            collection=version.collection, version=version, name=f"release-{n}", changed_by=member
        )
        for n in range(6_000)
    )
    return version.collection


@pytest.mark.django_db
def test_a_pattern_finds_the_last_of_thousands_of_names(many):
    found = matches_of(many.project, None, "alias.added", "^release-5999$")
    assert (found.names, found.others, found.all_tried) == (["release-5999"], 0, True)
    found = matches_of(many.project, many, "alias.added", "^release-")
    assert (found.names[:2], found.others) == (["release-0", "release-1"], 5_988)


@pytest.mark.django_db
def test_it_is_said_when_there_are_more_names_than_are_tried(many, monkeypatch):
    monkeypatch.setattr(matches, "MOST_TRIED", 100)
    found = matches_of(many.project, None, "alias.added", "release")
    assert not found.all_tried
    assert found.known < 200
