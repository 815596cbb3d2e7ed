"""The order of badges, and how many of them a row shows."""

from __future__ import annotations

from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, Browser
from tests.things import put


def row_of(user, label):
    """What the table of versions shows: the badges in order, and how many more there are."""
    page = Browser(user).get("collection", **COLLECTION)
    row = page.root.one("tr", id=f"row-{label}")
    names = [node.text for node in row.all("span", class_="badge__name")]
    more = [node.text for node in row.all("a") if "more" in node.text]
    return names, more


def on_the_page(user, number):
    page = Browser(user).get("version", **COLLECTION, number=number)
    field = page.root.one(id="version-aliases")
    return [node.text for node in field.all("span", class_="badge__name")]


def test_badges_stand_in_order_number_protected_latest_and_custom_by_name(
    second_version, admin, registry, viewer
):
    protect_aliases(caller_of(admin), registry, ["staging", "production"])
    put(admin, second_version, "fold-10", "fold-2", "staging", "Best", "production")
    ordered = ["v1", "production", "staging", "latest", "Best", "fold-2", "fold-10"]
    assert on_the_page(viewer, 1) == ordered
    assert row_of(viewer, "v1") == (ordered[:6], ["1 more"])
    assert row_of(viewer, "v0") == (["v0"], [])


def test_a_row_shows_five_aliases_and_says_how_many_more(version, member, viewer):
    put(member, version, *(f"fold-{number}" for number in range(1, 5)))
    five = ["latest", *(f"fold-{number}" for number in range(1, 5))]
    assert row_of(viewer, "v0") == (["v0", *five], [])
    put(member, version, *(f"fold-{number}" for number in range(5, 13)))
    assert row_of(viewer, "v0") == (["v0", *five], ["8 more"])


def test_protected_aliases_are_never_among_those_a_row_hides(version, admin, registry, viewer):
    names = [f"live-{number}" for number in range(1, 8)]
    protect_aliases(caller_of(admin), registry, names)
    put(admin, version, *(f"a-{number:02}" for number in range(70)), *reversed(names))
    assert row_of(viewer, "v0") == (["v0", *names], ["71 more"])
