"""What stands in a question before something ends."""

from __future__ import annotations

import pytest

from registries.models import Collection, Registry
from registries.operations.aliases import remove_aliases
from registries.operations.collections import create_collection
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import aliases_of, link, put

PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}


def asked(user, name, **at):
    return Browser(user).get(name, **at).main.text


def test_nothing_is_said_to_end_that_is_not_there(registry, project, member, org_admin):
    create_collection(caller_of(member), registry.project, "Empty", "model")
    question = asked(member, "delete-collection", **CORE, collection="Empty")
    assert "0 links" not in question
    question = asked(org_admin, "delete-project", **PROJECT)
    assert "0 runs" not in question
    assert "Every artifact and collection of the project ends, or nothing does" in question


def test_unlinking_tells_of_the_aliases_there_are(version, second_version, member):
    def question(number):
        return asked(member, "unlink-version", **COLLECTION, number=number)

    moves = "latest moves to the highest version left, if there is one."
    assert f"Its aliases come off. {moves} The number" in question(1)
    assert "Its aliases" not in question(0)
    put(member, version, "candidate")
    put(member, second_version, "best")
    assert "Its aliases come off. Code that asks for them finds nothing." in question(0)
    assert f"{moves} Code that asks for the others finds nothing." in question(1)
    remove_aliases(caller_of(member), second_version, ["latest"])
    assert "latest" not in question(1)


def test_nobody_is_asked_whether_a_core_registry_ends(registry, org_admin):
    page = Browser(org_admin).get("delete-registry", **CORE)
    assert page.status == 403
    assert "Model is a core registry. It cannot be renamed or deleted." in page.main.text


CHANGED = (
    "The protected aliases that would come off have changed since this page was shown. "
    "Nothing was changed."
)


@pytest.fixture
def browser(admin):
    browser = Browser(admin)
    browser.get("home", organization="smle-reg")
    return browser


def answer_of(page, **typed):
    """What the form of the question sends."""
    return {"seen": page.values("seen")[0], **typed}


def test_a_version_that_became_protected_since_the_question_is_asked_about_again(
    browser, admin, protected_version, second_version, collection
):
    at = COLLECTION | {"number": 1}
    question = browser.get("unlink-version", **at)
    put(admin, second_version, "production")
    with nothing_changes():
        again = browser.post("unlink-version", answer_of(question), **at)
    assert again.status == 409
    assert again.notices() == [CHANGED]
    assert "protected production" in again.main.text
    assert browser.post("unlink-version", answer_of(again), **at).status == 303
    assert aliases_of(collection) == {"latest": "v0"}


def test_a_custom_alias_that_came_since_the_question_is_no_other_question(
    browser, admin, protected_version, second_version
):
    at = COLLECTION | {"number": 1}
    question = browser.get("unlink-version", **at)
    put(admin, second_version, "candidate")
    assert browser.post("unlink-version", answer_of(question), **at).status == 303


def test_a_collection_that_became_protected_since_the_question_is_asked_about_again(
    browser, admin, version, registry
):
    question = browser.get("delete-collection", **COLLECTION)
    put(admin, version, "production")
    protect_aliases(caller_of(admin), registry, ["production"])
    with nothing_changes():
        again = browser.post("delete-collection", answer_of(question), **COLLECTION)
    assert again.status == 409
    assert again.notices() == [CHANGED]
    assert "Protected aliases on it: production on v0." in again.main.text
    assert browser.post("delete-collection", answer_of(again), **COLLECTION).status == 303
    assert not Collection.objects.filter(pk=version.collection_id).exists()


def test_a_registry_with_another_protected_alias_than_the_question_is_asked_about_again(
    browser, admin, source, organization
):
    by = caller_of(admin)
    animals = create_registry(by, organization, "Animals")
    protect_aliases(by, animals, ["production"])
    placed = link(admin, source.artifact, animals, name="Zoo")
    at = {"organization": "smle-reg", "registry": "Animals"}
    question = browser.get("delete-registry", **at)
    assert "Protected aliases" not in question.main.text
    put(admin, placed, "production")
    with nothing_changes():
        typed = answer_of(question, confirmed_name="Animals")
        again = browser.post("delete-registry", typed, **at)
    assert again.status == 409
    assert again.notices() == [CHANGED]
    assert "Protected aliases in it: production on Zoo:v0." in again.main.text
    assert again.values("confirmed_name") == ["Animals"]
    typed = answer_of(again, confirmed_name="Animals")
    assert browser.post("delete-registry", typed, **at).status == 303
    assert not Registry.objects.filter(pk=animals.pk).exists()
