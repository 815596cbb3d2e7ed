"""The page of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, Browser
from tests.things import link, put

if TYPE_CHECKING:
    from accounts.models import User
    from registries.models import Registry, Version
    from tests.registries.views.pages import Page


def test_metadata_stands_on_the_page_with_its_names_and_what_is_nested_in_it(
    version: Version, member: User
):
    metadata = {"split": {"train": [70, "rows"]}, "accuracy": 0.97}
    edit_version(caller_of(member), version, metadata=metadata)

    page = Browser(member).get("version", **COLLECTION, number=version.number)

    tree = page.main.all("dl", class_="tree")[0]
    assert [name.text for name in tree.all("dt")] == ["split", "train", "0", "1", "accuracy"]
    assert [value.text for value in tree.all("code")] == ["70", '"rows"', "0.97"]


SOURCE = {
    "entity": "smle-reg-team-2",
    "project": "zoo_experiment",
    "collection": "zoo_dataset",
    "number": 0,
}


def edit_controls(page: Page) -> list[str]:
    ids = {node.attributes.get("id", "") for node in page.main.everything}
    return sorted(ids & {"add-tag", "edit-description", "edit-metadata"})


def test_the_source_of_a_protected_version_says_so_and_is_edited_by_admins_alone(
    version: Version, member: User, admin: User, registry: Registry
):
    everything = ["add-tag", "edit-description", "edit-metadata"]
    page = Browser(member).get("project-version", **SOURCE)
    assert edit_controls(page) == everything
    assert "Protected" not in page.main.text

    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, version, "production")
    page = Browser(member).get("project-version", **SOURCE)
    assert edit_controls(page) == []
    assert "Protected in Model" in page.main.text
    edited = Browser(member).get("project-version", {"edit": "metadata"}, **SOURCE)
    assert not edited.main.all("textarea")
    assert edit_controls(Browser(admin).get("project-version", **SOURCE)) == everything


def test_protection_in_a_hidden_registry_closes_the_page_and_does_not_name_it(
    source: Version, version: Version, restricted_registry: Registry, org_admin: User, admin: User
):
    hidden = link(org_admin, source.artifact, restricted_registry)
    protect_aliases(caller_of(org_admin), restricted_registry, ["live"])
    put(org_admin, hidden, "live")
    for name, at in (("project-version", SOURCE), ("version", COLLECTION | {"number": 0})):
        page = Browser(admin).get(name, **at)
        assert edit_controls(page) == []
        assert "Protected in a registry" in page.main.text
        assert "Secret" not in page.source
