"""A registry is read by people who do not see the projects its versions come from."""

from __future__ import annotations

import pytest

from artifacts.operations.runs import start_run
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import link, log, put

ORGANIZATION = {"organization": "smle-reg"}
PAGES = {
    "home": ORGANIZATION,
    "registry": CORE,
    "registry-history": CORE,
    "collection": COLLECTION,
    "collection-history": COLLECTION,
    "version": COLLECTION | {"number": 0},
    "lineage": COLLECTION | {"number": 0},
    "settings": CORE,
    "search": ORGANIZATION,
    "search-preview": ORGANIZATION,
}
SECRETS = ("zoo_experiment", "zoo_dataset", "brisk-heron", "smle-reg-team-2")


@pytest.fixture
def logged_by_a_run(project, member, registry):
    """Two versions of a run; the second is linked no more."""
    run = start_run(caller_of(member), project, display_name="brisk-heron")
    for text in ("as published", "cleaned"):
        made = log(member, project, text, run=run)
        linked = link(member, made.artifact, registry)
        put(member, linked, "candidate")
    unlink_version(caller_of(member), linked)
    return run


def shown(user, name):
    query = {"q": "candidate"} if name.startswith("search") else None
    page = Browser(user).get(name, query, **PAGES[name])
    assert page.status == 200
    return page.source


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("persona", ["guest", "viewer", "restricted_viewer"])
def test_neither_project_nor_run_nor_source_is_named_to_who_does_not_see_it(
    name, persona, logged_by_a_run, personas
):
    source = shown(personas[persona], name)
    assert logged_by_a_run.name not in source
    # That the team has a role here is told to everybody.
    secrets = SECRETS[:-1] if name in {"settings", "registry-history"} else SECRETS
    assert [secret for secret in secrets if secret in source] == []


@pytest.mark.parametrize("name", ["version", "lineage", "collection-history"])
def test_who_sees_the_project_is_told(name, logged_by_a_run, member):
    source = shown(member, name)
    assert [secret for secret in SECRETS[:-1] if secret in source] != []
