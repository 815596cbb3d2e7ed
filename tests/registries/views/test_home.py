"""Home: the registries of an organization."""

from __future__ import annotations

from registries.operations.registries import accept_types, create_registry, edit_registry
from tests.personas import caller_of
from tests.registries.views.pages import Browser
from tests.things import link, put

AT = {"organization": "smle-reg"}


def tables(user, query=None):
    """Caption → rows of cells, in the order of the page."""
    page = Browser(user).get("home", query, **AT)
    return page, {
        table.one("caption").text: [
            [row.all("a")[0].text, *(cell.text for cell in row.all("td"))]
            for row in table.one("tbody").all("tr")
        ]
        for table in page.main.all("table")
    }


def test_core_registries_come_first_each_with_visibility_types_and_counts(
    second_version, registry, restricted_registry, admin, org_admin
):
    by = caller_of(org_admin)
    create_registry(by, registry.organization, "animals")
    accept_types(by, restricted_registry, ["a", "b", "c", "d", "e"])
    accept_types(by, registry, ["dataset", "model"])
    found = tables(org_admin)[1]
    assert list(found) == ["Core registries", "Registries of the organization"]
    core, own = ([[*row[:2], row[2], row[3], row[4]] for row in rows] for rows in found.values())
    assert core == [
        ["Model", "Organization", "dataset, model", "1", "2"],
        ["Dataset", "Organization", "All types", "0", "0"],
    ]
    assert own == [
        ["animals", "Organization", "All types", "0", "0"],
        ["Secret", "Restricted", "a, b, c and 2 more", "0", "0"],
    ]


def test_nobody_is_shown_a_registry_or_an_alias_change_that_is_not_theirs(
    version, source, restricted_registry, member, org_admin, viewer, guest
):
    put(member, version, "candidate")
    hidden = link(org_admin, source.artifact, restricted_registry, name="Cats")
    put(org_admin, hidden, "only-here")
    page, found = tables(viewer)
    assert [row[0] for row in found["Core registries"]] == ["Model", "Dataset"]
    assert list(found) == ["Core registries"]
    assert [row[0] for row in tables(guest)[1]["Core registries"]] == ["Model"]
    for reader in (viewer, guest):
        page = tables(reader)[0]
        feed = page.root.one("ol", class_="feed").text
        assert "candidate" in feed
        assert "only-here" not in page.source
        assert "Secret" not in page.source
    assert "only-here" in tables(org_admin)[0].root.one("ol", class_="feed").text


def test_the_latest_alias_changes_are_five_newest_first(version, member, viewer):
    for number in range(7):
        put(member, version, f"try-{number}")
    feed = tables(viewer)[0].root.one("ol", class_="feed")
    names = [badge.text for badge in feed.all("span", class_="badge__name")]
    assert names == [f"try-{number}" for number in (6, 5, 4, 3, 2)]


def names(user, query):
    return [row[0] for rows in tables(user, query)[1].values() for row in rows]


def test_registries_are_narrowed_by_a_part_of_their_name_and_sorted(registry, org_admin):
    by = caller_of(org_admin)
    made = [
        create_registry(by, registry.organization, name) for name in ("Birds", "Zebras", "Ants")
    ]
    edit_registry(by, made[1], description="Striped.")
    edit_registry(by, made[0], description="Feathered.")
    assert names(org_admin, {"filter": "ODE"}) == ["Model"]
    assert names(org_admin, {"filter": "bra"}) == ["Zebras"]
    assert names(org_admin, {"filter": "a"}) == ["Ants"]
    assert names(org_admin, {"sort": "newest"})[2:] == ["Ants", "Zebras", "Birds"]
    assert names(org_admin, {"sort": "changed"})[2:] == ["Birds", "Zebras", "Ants"]
    assert names(org_admin, {"sort": "unknown"})[2:] == ["Ants", "Birds", "Zebras"]
    page = tables(org_admin, {"filter": "nowhere"})[0]
    assert "No registry has “nowhere” in its name." in page.main.text
    assert "Filter registries" in page.main.text
