"""The page that chooses what to link."""

from __future__ import annotations

import pytest

from registries.queries import link_version
from tests.registries.views.pages import COLLECTION, Browser
from tests.things import log


@pytest.fixture
def crowd(version, project, member, monkeypatch):
    """More artifacts than the list holds."""
    monkeypatch.setattr(link_version, "CHOICES_SHOWN", 3)
    return [log(member, project, f"animal {n}", name=f"animal_{n}") for n in range(6)]


def offered(page, step):
    select = page.root.one("select", id=f"step-{step}")
    options = [option for option in select.all("option") if option.attributes["value"]]
    chosen = [option.text for option in options if "selected" in option.attributes]
    return [option.attributes["value"] for option in options], chosen


def test_an_artifact_behind_the_listed_ones_is_chosen_by_the_address(crowd, member):
    browser = Browser(member)
    page = browser.get("link-version", **COLLECTION)
    assert offered(page, "artifact") == (["animal_0", "animal_1", "animal_2"], [])
    assert "change the address: artifact=…" in page.text
    page = browser.get("link-version", {"artifact": "animal_5"}, **COLLECTION)
    assert offered(page, "artifact") == (
        ["animal_5", "animal_0", "animal_1"],
        ["animal_5 (dataset)"],
    )
    assert offered(page, "version") == (["v0"], [])


@pytest.mark.parametrize("wanted", ["nothing", "\x00", "", "x" * 500])
def test_an_address_that_names_no_artifact_chooses_none(crowd, member, wanted):
    page = Browser(member).get("link-version", {"artifact": wanted}, **COLLECTION)
    assert offered(page, "artifact") == (["animal_0", "animal_1", "animal_2"], [])
