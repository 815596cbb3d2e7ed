"""A link in somebody's own project: a pointer, which opens and changes no more than its source."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR, Way
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.operations.organizations import remove_from_organization
from accounts.operations.teams import add_to_team, remove_from_team
from artifacts.models import Project
from artifacts.operations.projects import create_project
from artifacts.operations.runs import upsert_run
from registries.models import Version
from registries.operations.edits import edit_version
from registries.operations.uses import use_artifact
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import link

PAGE = {"entity": "viewer", "project": "mine", "collection": "kept", "number": 0}
SOURCE_ONLY = "Only those who may write to the project it was logged in can change this version."


@pytest.fixture
def reader(viewer: User, team) -> User:
    """Reads at the source, by a team that they are a viewer of."""
    add_to_team(OPERATOR, team, viewer, "viewer")
    return viewer


@pytest.fixture
def kept(reader: User, source: Version) -> Version:
    own = create_project(caller_of(reader), reader.entity, "mine")
    return link(reader, source.artifact, own, name="kept")


def _page(name: str = "project-version", **more: str) -> str:
    return reverse(name, kwargs=PAGE | more)


def _status(client: Client, page: str) -> int:
    response = client.get(page)
    b"".join(response)
    return response.status_code


def _run(user: User, project: Project, name: str) -> str:
    upsert_run(caller_of(user), project, name)
    return name


@pytest.mark.parametrize("way", [Way.WEB, Way.SDK])
def test_who_reads_at_the_source_changes_nothing_through_it(kept, reader, way):
    for change in ({"description": "mine"}, {"metadata": {"x": 1}}, {"add_tags": ["mine"]}):
        with refused(NotAllowed):
            edit_version(caller_of(reader, way), kept, **change)
    kept.artifact.refresh_from_db()
    assert (kept.artifact.description, kept.artifact.metadata) == (None, {})


def test_its_page_offers_no_change_and_refuses_one(kept, reader, client):
    client.force_login(reader)
    assert "Edit description" not in client.get(_page()).content.decode()
    refusal = client.post(_page("project-version-description"), {"description": "mine"})
    assert refusal.status_code == 403
    assert SOURCE_ONLY in refusal.content.decode()


def test_who_writes_at_the_source_changes_it_through_their_link(source, member):
    own = create_project(caller_of(member), member.entity, "mine")
    mine = link(member, source.artifact, own, name="kept")
    edit_version(caller_of(member), mine, description="Cleaned.")
    source.artifact.refresh_from_db()
    assert source.artifact.description == "Cleaned."


def test_its_bytes_are_open_only_while_they_are_open_elsewhere(kept, reader, organization, client):
    client.force_login(reader)
    pages = [
        _page("project-download-file", file="zoo.csv"),
        _page("project-download-version"),
        _page("project-view-file", file="zoo.csv"),
    ]
    assert [_status(client, page) for page in pages] == [200, 200, 200]
    remove_from_organization(OPERATOR, organization, reader)
    assert [_status(client, page) for page in pages] == [403, 403, 403]
    shown = client.get(_page())
    assert shown.status_code == 200
    assert _page("project-download-version") not in shown.content.decode()


def test_a_script_takes_nothing_through_it_that_is_closed_elsewhere(kept, reader, organization):
    own = kept.collection.project
    use_artifact(caller_of(reader), kept.artifact, own, own, _run(reader, own, "before"))
    after = _run(reader, own, "after")
    remove_from_organization(OPERATOR, organization, reader)
    with refused(NotAllowed):
        use_artifact(caller_of(reader), kept.artifact, own, own, after)


def test_a_registry_that_links_it_opens_it_through_the_link_too(
    kept, reader, registry, team, org_admin, client
):
    link(org_admin, kept.artifact, registry)
    remove_from_team(OPERATOR, team, reader)
    client.force_login(reader)
    assert _status(client, _page("project-download-file", file="zoo.csv")) == 200
