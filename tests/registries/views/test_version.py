"""The page of a version."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.errors import Invalid
from artifacts.names import DEEPEST_JSON
from registries.models import Version
from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import accept_types
from registries.operations.sources import log_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.registries.views.pages import COLLECTION, Browser, Page
from tests.things import link, log, put

if TYPE_CHECKING:
    from accounts.models import User
    from artifacts.models import Project
    from registries.models import Registry


def test_metadata_stands_on_the_page_with_its_names_and_what_is_nested_in_it(
    version: Version, member: User
):
    metadata = {"split": {"train": [70, "rows"]}, "accuracy": 0.97}
    edit_version(caller_of(member), version, metadata=metadata)

    page = Browser(member).get("version", **COLLECTION, number=version.number)

    tree = page.main.all("dl", class_="tree")[0]
    assert [name.text for name in tree.all("dt")] == ["split", "train", "0", "1", "accuracy"]
    assert [value.text for value in tree.all("code")] == ["70", '"rows"', "0.97"]


@pytest.mark.parametrize("query", [None, {"edit": "metadata"}])
def test_metadata_nested_as_deep_as_is_allowed_is_shown_and_deeper_is_refused(
    version: Version, member: User, query: dict[str, str] | None
):
    def nested(levels: int) -> dict[str, Any]:
        return {"a": nested(levels - 1)} if levels > 1 else {"a": "[{"}

    by = caller_of(member)
    edit_version(by, version, metadata=nested(DEEPEST_JSON))
    with nothing_changes(), refused(Invalid, "metadata_json"):
        edit_version(by, version, metadata=nested(DEEPEST_JSON + 1))
    page = Browser(member).get("version", query, **COLLECTION, number=version.number)
    assert page.status == 200


SOURCE = {
    "entity": "smle-reg-team-2",
    "project": "zoo_experiment",
    "collection": "zoo_dataset",
    "number": 0,
}


def test_many_files_are_narrowed_by_a_part_of_their_path(project: Project, member: User):
    paths = [f"{folder}/{number:03}.csv" for folder in ("Train", "test") for number in range(101)]
    files = {path: io.BytesIO(path.encode()) for path in paths}
    log_version(caller_of(member), project, "zoo_dataset", "dataset", files)
    browser = Browser(member)
    page = browser.get("project-version", {"file": "train/"}, **SOURCE)
    assert files_on(page) == paths[:50]
    further = page.root.one("nav", class_="pager").all("a")[-1].attributes["href"]
    rest = QueryDict(further[1:]).dict()
    part = browser.get("project-version", rest, part="version-file-list", **SOURCE)
    assert not part.is_whole
    assert files_on(part) == paths[50:100]
    none = browser.get("project-version", {"file": "100%"}, **SOURCE)
    assert files_on(none) == []
    assert "No path has “100%” in it." in none.main.text


def test_the_largest_files_come_first_where_that_is_asked(project: Project, member: User):
    files = {f"{number:03}.csv": io.BytesIO(b"x" * (number % 100)) for number in range(101)}
    log_version(caller_of(member), project, "zoo_dataset", "dataset", files)
    page = Browser(member).get("project-version", {"sort": "size"}, **SOURCE)
    assert files_on(page)[:3] == ["099.csv", "098.csv", "097.csv"]
    rest = Browser(member).get("project-version", {"sort": "size", "files": "3"}, **SOURCE)
    assert len(files_on(rest)) == 1
    assert files_on(rest)[0] in {"000.csv", "100.csv"}


def files_on(page: Page) -> list[str]:
    rows = page.root.one(id="version-file-list").all("th", scope="row")
    return [row.all("bdi")[0].text for row in rows]


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


def test_a_logged_version_is_linked_from_its_page_by_whoever_may(
    version: Version, member: User, admin: User, viewer: User, registry: Registry
):
    page = Browser(member).get("project-version", **SOURCE)
    links = {node.text: node.attributes["href"] for node in page.main.all("a", class_="option")}
    assert "Link to Dataset" not in links
    form = Page(Browser(member).client.get(links["Link to Model"]))
    (source,) = form.root.all("input", name="source")
    logged = Version.objects.get(artifact=version.artifact, collection__kind="sequence")
    assert source.attributes["value"] == str(logged.pk)

    accept_types(caller_of(admin), registry, ["dataset", "model"])
    assert "Link to Model" in Browser(member).get("project-version", **SOURCE).main.text
    model = log(member, version.artifact.project, "a model", name="m", type_name="other")
    other = SOURCE | {"collection": "m", "number": model.number}
    assert "Link to Model" not in Browser(member).get("project-version", **other).main.text


def test_pages_of_collections_and_aliases_are_found_in_both_forms_of_unicode(
    source: Version, registry: Registry, member: User
):
    link(member, source.artifact, registry, "fr\u00fch", name="caf\u00e9")
    client = Browser(member).client
    for name, alias in (("caf\u00e9", "fr\u00fch"), ("cafe\u0301", "fru\u0308h")):
        page = f"/orgs/smle-reg/registry/Model/collections/{name}"
        assert client.get(page).status_code == 200
        assert client.get(f"{page}/aliases/{alias}").headers["Location"].endswith("/v0")


@pytest.mark.parametrize("base", ["", "https://waymark.example.org/"])
def test_every_alias_has_a_permanent_address_to_copy(
    version: Version, second_version: Version, member: User, base: str, settings: Any
):
    settings.WAYMARK_BASE_URL = base
    server = base.rstrip("/") or "http://testserver"
    put(member, version, *(f"try-{number}" for number in range(9)))
    browser = Browser(member)
    page = browser.get("version", **COLLECTION, number=0)
    names = [f"try-{number}" for number in range(9)]
    part = page.root.one("section", id="use")
    assert {node.text for node in part.all("a")} >= set(names)
    for name in names:
        page = browser.get("version", {"use": name}, part="use", **COLLECTION, number=0)
        address = page.root.one("a", id="alias-address")
        assert address.text == server + address.attributes["href"]
        assert page.root.all("button", data_copy_from="alias-address")
        assert browser.client.get(address.attributes["href"]).headers["Location"].endswith("/v0")

    put(member, second_version, "try-8")
    assert browser.client.get(address.attributes["href"]).headers["Location"].endswith("/v1")


def test_a_downloaded_version_is_an_archive_of_its_files(
    project: Project, registry: Registry, member: User, viewer: User
):
    contents = {"features.csv": b"hair,eggs\n1,0\n", "deep/er/labels.csv": b"", "ä ö.bin": b"\x00"}
    logged = log_version(
        caller_of(member),
        project,
        name="parts",
        type_name="dataset",
        files={path: io.BytesIO(data) for path, data in contents.items()},
    )
    link(member, logged.version.artifact, registry, name="Parts")
    at = COLLECTION | {"collection": "Parts", "number": 0}
    answer = Browser(viewer).client.get(reverse("download-version", kwargs=at))
    assert "Parts-v0.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents
