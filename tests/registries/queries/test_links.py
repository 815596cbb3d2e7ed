"""What ends with a logged version, as the page that deletes it says."""

from __future__ import annotations

import pytest

from accounts.operations.teams import add_to_team
from registries.models import Alias
from registries.queries import links
from tests.personas import PersonFactory, caller_of
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
