"""The page that chooses what to link."""

from __future__ import annotations

import pytest

from artifacts.operations.projects import create_project
from registries.models import Collection, Version
from registries.queries.link_version import CHOICES_SHOWN
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, Browser
from tests.things import log


@pytest.fixture
def crowd(version, project, member):
    """More artifacts than the list holds, each with one version."""
    first = log(member, project, "an animal", name="animal_000")
    names = [f"animal_{number:03}" for number in range(1, CHOICES_SHOWN + 3)]
    home = first.collection
    collections = Collection.objects.bulk_create(
        Collection(
            project=home.project,
            name=name,
            folded=name,
            kind=home.kind,
            type=home.type,
            created_by=member,
            changed_by=member,
            next_number=1,
        )
        for name in names
    )
    Version.objects.bulk_create(
        Version(collection=one, artifact=first.artifact, number=0, linked_by=member)
        for one in collections
    )
    return ["animal_000", *names]


def offered(page, step):
    select = page.root.one("select", id=f"step-{step}")
    options = [option for option in select.all("option") if option.attributes["value"]]
    chosen = [option.text for option in options if "selected" in option.attributes]
    return [option.attributes["value"] for option in options], chosen


def test_an_artifact_behind_the_listed_ones_is_chosen_by_the_address(crowd, member):
    browser = Browser(member)
    page = browser.get("link-version", **COLLECTION)
    assert offered(page, "artifact") == (crowd[:CHOICES_SHOWN], [])
    assert "change the address: artifact=…" in page.text
    page = browser.get("link-version", {"artifact": crowd[-1]}, **COLLECTION)
    assert offered(page, "artifact") == (
        [crowd[-1], *crowd[: CHOICES_SHOWN - 1]],
        [f"{crowd[-1]} (dataset)"],
    )
    assert offered(page, "version") == (["v0"], [])


def test_what_is_chosen_is_sent_as_it_is_named(version, project, member, team):
    """A browser sends the words of an option without a value, with their spaces run together."""
    spaced = create_project(caller_of(member), team.entity, "zoo  twice")
    log(member, spaced, "elsewhere", name="animal_7")
    page = Browser(member).get("link-version", **COLLECTION)
    assert offered(page, "project") == (["zoo  twice", "zoo_experiment"], [])


@pytest.mark.parametrize("wanted", ["nothing", "\x00", "", "x" * 500])
def test_an_address_that_names_no_artifact_chooses_none(crowd, member, wanted):
    page = Browser(member).get("link-version", {"artifact": wanted}, **COLLECTION)
    assert offered(page, "artifact") == (crowd[:CHOICES_SHOWN], [])
