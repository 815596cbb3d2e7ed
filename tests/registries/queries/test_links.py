"""What ends with a logged version, as the page that deletes it says."""

from __future__ import annotations

import pytest

from accounts.operations.teams import add_to_team
from artifacts.operations.projects import create_project
from registries.models import Alias, Collection, Registry, Version
from registries.operations.members import add_member
from registries.queries import links
from registries.roles import Role
from tests.personas import PersonFactory, caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import Browser
from tests.things import link, put

PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
ARTIFACT = PROJECT | {"collection": "zoo_dataset"}
SOURCE = ARTIFACT | {"number": 0}
QUESTIONS = {"delete-version": SOURCE, "delete-artifact": ARTIFACT, "delete-project": PROJECT}


def question(user, name="delete-version"):
    page = Browser(user).get(name, **QUESTIONS[name])
    assert page.status == 200
    return page


def put_many(version, by):
    """Rows alone: more than are counted."""
    Alias.objects.bulk_create(
        Alias(collection=version.collection, version=version, name=f"a-{n}", changed_by=by)
        for n in range(links.COUNTED_UP_TO + 100)
    )


def test_links_one_does_not_see_are_told_of_without_their_number(
    version, source, restricted_registry, member, org_admin
):
    assert "not shared with you" not in question(member).main.text
    texts = []
    for name in ("Cats", "Dogs"):
        link(org_admin, source.artifact, restricted_registry, name=name)
        texts.append(question(member).main.text)
    assert "Links that are not shared with you end as well." in texts[0]
    assert texts[0] == texts[1]
    assert "not shared" not in question(org_admin).main.text


def test_a_protected_alias_is_told_however_many_others_there_are(protected_version, member):
    put(member, protected_version, *(f"a-{number}" for number in range(links.SHOWN + 2)))
    page = question(member)
    assert page.badges()[0] == "production"
    assert "A protected alias keeps it" in page.main.text
    assert not page.root.all("input", name="aliases")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_protected_alias_is_told_among_more_than_are_counted(
    name, source, second_version, protected_version, org_admin, registry
):
    put_many(second_version, org_admin)
    put_many(link(org_admin, source.artifact, registry, name="Other"), org_admin)
    page = question(org_admin, name)
    assert page.badges()[0] == "production"
    assert "A protected alias keeps it" in page.main.text
    assert not page.root.all("input", name="confirmed_name")


@pytest.mark.parametrize("name", QUESTIONS)
def test_of_more_than_are_counted_the_first_are_shown(name, version, org_admin):
    put_many(version, org_admin)
    page = question(org_admin, name)
    assert len(page.badges()) == links.SHOWN
    assert "and more" in page.main.text
    assert page.root.all("input", name="aliases")


@pytest.mark.parametrize("name", QUESTIONS)
def test_links_are_counted_and_the_newest_shown(name, source, registry, org_admin):
    for n in range(links.SHOWN + 3):
        made = link(org_admin, source.artifact, registry, f"alias-{n}", name=f"Cats {n}")
    page = question(org_admin, name)
    assert f"{links.SHOWN + 3} links end with it:" in page.main.text
    assert page.main.text.count("and 3 more") == 2
    assert f"{made.collection.name}:v0" in page.main.text.replace(" ", " ")
    assert "Cats 2:v0" not in page.main.text


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_tells_of_links_one_does_not_see(
    name, version, source, restricted_registry, organization, org_admin, team
):
    leader = PersonFactory(organization=organization)
    add_to_team(caller_of(org_admin), team, leader, "admin")
    assert "not shared with you" not in question(leader, name).main.text
    link(org_admin, source.artifact, restricted_registry, name="Cats")
    page = question(leader, name)
    assert "Links that are not shared with you end as well." in page.main.text
    assert "Cats" not in page.main.text
    assert "not shared" not in question(org_admin, name).main.text


@pytest.fixture
def leader(organization, org_admin, team):
    """Leads the team, and is Viewer of the registries of its organization."""
    leader = PersonFactory(organization=organization)
    add_to_team(caller_of(org_admin), team, leader, "admin")
    return leader


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_registry_that_refuses_is_told_of_before_it_does(
    name, source, organization, org_admin, leader
):
    dataset = Registry.objects.get(organization=organization, name="Dataset")
    link(org_admin, source.artifact, dataset, "best", name="Cats")
    refusal = "Dataset links this version. Only its members and admins can delete it."
    page = question(leader, name)
    assert refusal in page.main.text
    assert not page.root.all("button", class_="button--destroy")
    assert not page.root.all("input", name="aliases")
    body = {"confirmed_name": "zoo_experiment", "aliases": "yes"}
    browser = Browser(leader)
    browser.get(name, **QUESTIONS[name])
    with nothing_changes():
        refused = browser.post(name, body, **QUESTIONS[name])
    assert refused.status == 403
    assert refusal in refused.main.text
    add_member(caller_of(org_admin), dataset, leader, Role.MEMBER)
    page = question(leader, name)
    assert "Only its members" not in page.main.text
    assert page.root.all("button", class_="button--destroy")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_registry_that_refuses_has_no_name_for_whoever_does_not_see_it(
    name, source, restricted_registry, org_admin, leader
):
    link(org_admin, source.artifact, restricted_registry, name="Cats")
    page = question(leader, name)
    assert "A registry you cannot see links this version." in page.main.text
    assert restricted_registry.name not in page.main.text
    assert not page.root.all("button", class_="button--destroy")
    assert question(org_admin, name).root.all("button", class_="button--destroy")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_link_in_a_project_one_does_not_see_keeps_nothing(
    name, source, organization, org_admin, leader
):
    link(org_admin, source.artifact, create_project(caller_of(org_admin), org_admin.entity, "own"))
    page = question(leader, name)
    assert "Links that are not shared with you end as well." in page.main.text
    assert page.root.all("button", class_="button--destroy")


@pytest.mark.parametrize("name", QUESTIONS)
def test_links_are_counted_up_to_where_counting_stops(name, source, registry, org_admin):
    for n in range(3):
        link(org_admin, source.artifact, registry, name=f"Cats {n}")
    rows = [
        Collection(
            project=registry.project,
            name=f"Dogs {n}",
            kind="portfolio",
            type="dataset",
            created_by=org_admin,
            changed_by=org_admin,
        )
        for n in range(links.COUNTED_UP_TO)
    ]
    Version.objects.bulk_create(
        Version(collection=made, artifact=source.artifact, number=0, linked_by=org_admin)
        for made in Collection.objects.bulk_create(rows)
    )
    assert f"{links.COUNTED_UP_TO}+ links end with it:" in question(org_admin, name).main.text


@pytest.mark.parametrize("name", ["delete-version", "delete-artifact"])
@pytest.mark.parametrize("part", ["", "dialog"])
def test_whoever_did_not_say_that_aliases_end_is_asked_again(name, part, source, member):
    put(member, source, "best")
    browser = Browser(member)
    browser.get(name, **QUESTIONS[name])
    with nothing_changes():
        page = browser.post(name, part=part, **QUESTIONS[name])
    assert page.status == 409
    assert page.is_whole == (not part)
    sentence = "Aliases point at this version: best. Take them off first."
    assert page.errors() == {"aliases": sentence}
    assert page.root.one("p", class_="field__error").attributes["role"] == "alert"
    assert page.root.all("button", class_="button--destroy")
    done = Browser(member).post(name, {"aliases": "yes"}, part=part, **QUESTIONS[name])
    assert done.status == (204 if part else 303)
