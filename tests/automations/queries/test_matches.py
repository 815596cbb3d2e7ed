"""A pattern is tried on every name there is, each once."""

from __future__ import annotations

import pytest
from django.db import connection  # noqa: F401 # of the condition below

from automations.queries import matches
from automations.queries.matches import matches_of
from registries.models import Alias
from registries.queries import aliases_with


@pytest.fixture
def many(version, member):
    """Rows alone: eighteen hundred aliases by the door would take a minute."""
    Alias.objects.bulk_create(
        Alias(
            collection=version.collection, version=version, name=f"release-{n}", changed_by=member
        )
        for n in range(1_800)
    )
    return version.collection


@pytest.mark.django_db
def test_a_pattern_finds_the_last_of_thousands_of_names(many):
    for ending in ("^release-1799$", "-1799$"):
        found = matches_of(many.project, None, "alias.added", ending)
        assert (found.names, found.others, found.all_tried) == (["release-1799"], 0, True)
    found = matches_of(many.project, many, "alias.added", "^release-")
    assert (found.names[:2], found.others) == (["release-0", "release-1"], 1_788)


@pytest.mark.django_db
def test_a_name_that_is_wholly_said_is_known_however_many_there_are(many, monkeypatch):
    monkeypatch.setattr(matches, "MOST_TRIED", 100)
    for collection in (None, many):
        found = matches_of(many.project, collection, "alias.added", "^release-1799$")
        assert (found.names, found.all_tried) == (["release-1799"], True)
        found = matches_of(many.project, collection, "alias.added", "^release-1800$")
        assert (found.names, found.all_tried, found.any_known) == ([], True, True)


@pytest.mark.django_db
def test_it_is_said_when_there_are_more_names_than_are_tried(many, monkeypatch):
    monkeypatch.setattr(matches, "MOST_TRIED", 100)
    found = matches_of(many.project, None, "alias.added", "release")
    assert not found.all_tried
    assert found.tried < 200


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's index knows the place")
@pytest.mark.parametrize(
    ("here", "with_letters", "are_all"), [(100, 100, False), (2_000, 100, True), (100, 2_000, True)]
)
def test_where_a_place_and_the_index_have_plenty_a_part_of_both_is_tried(
    many, monkeypatch, here, with_letters, are_all
):
    monkeypatch.setattr(aliases_with, "READ_HERE", here)
    monkeypatch.setattr(aliases_with, "READ_WITH_LETTERS", with_letters)
    for collection in (None, many):
        found = matches_of(many.project, collection, "alias.added", "release")
        assert found.all_tried == are_all
        assert (found.others == 1_788) == are_all
        assert len(found.names) == 12


@pytest.mark.django_db
@pytest.mark.parametrize(
    "expression",
    [
        "release-1799",
        "^release-1799$",
        "rel.*-1799",
        "rele?ase-179+$",
        "(?i)RELEASE-1799",
        "e-1.99",
    ],
)
def test_a_pattern_finds_a_name_by_a_part_of_it_or_without(many, expression):
    assert "release-1799" in matches_of(many.project, None, "alias.added", expression).names


@pytest.mark.django_db
def test_letters_that_may_be_missing_are_not_looked_for(many):
    for expression in (
        "xyz*release-1799",
        "release-1799(xyz)?",
        "xyz|release-1799",
        "x*?release-1799$",
    ):
        found = matches_of(many.project, None, "alias.added", expression)
        assert found.names == (["release-1799"] if not expression.startswith("xyz*") else [])
