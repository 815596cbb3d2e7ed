"""The page that chooses what to link."""

from __future__ import annotations

import pytest

from artifacts.operations.projects import create_project
from registries.models import Collection, Version
from registries.queries.link_version import CHOICES_SHOWN
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import aliases_of, link, log, put


@pytest.fixture
def crowd(version, project, member):
    """More artifacts than the list holds, each with one version."""
    first = log(member, project, "an animal", name="animal_000")
    names = [f"animal_{number:03}" for number in range(1, CHOICES_SHOWN + 3)]
    home = first.collection
    collections = Collection.objects.bulk_create(
        Collection(
            project=home.project,
            name=name,
            folded=name,
            kind=home.kind,
            type=home.type,
            created_by=member,
            changed_by=member,
            next_number=1,
        )
        for name in names
    )
    Version.objects.bulk_create(
        Version(collection=one, artifact=first.artifact, number=0, linked_by=member)
        for one in collections
    )
    return ["animal_000", *names]


def offered(page, step):
    select = page.root.one("select", id=f"step-{step}")
    options = [option for option in select.all("option") if option.attributes["value"]]
    chosen = [option.text for option in options if "selected" in option.attributes]
    return [option.attributes["value"] for option in options], chosen


def test_an_artifact_behind_the_listed_ones_is_chosen_by_the_address(crowd, member):
    browser = Browser(member)
    page = browser.get("link-version", **COLLECTION)
    assert offered(page, "artifact") == (crowd[:CHOICES_SHOWN], [])
    assert "change the address: artifact=…" in page.text
    page = browser.get("link-version", {"artifact": crowd[-1]}, **COLLECTION)
    assert offered(page, "artifact") == (
        [crowd[-1], *crowd[: CHOICES_SHOWN - 1]],
        [f"{crowd[-1]} (dataset)"],
    )
    assert offered(page, "version") == (["v0"], [])


def test_what_is_chosen_is_sent_as_it_is_named(version, project, member, team):
    """A browser sends the words of an option without a value, with their spaces run together."""
    spaced = create_project(caller_of(member), team.entity, "zoo  twice")
    log(member, spaced, "elsewhere", name="animal_7")
    page = Browser(member).get("link-version", **COLLECTION)
    assert offered(page, "project") == (["zoo  twice", "zoo_experiment"], [])


@pytest.mark.parametrize("wanted", ["nothing", "\x00", "", "x" * 500])
def test_an_address_that_names_no_artifact_chooses_none(crowd, member, wanted):
    page = Browser(member).get("link-version", {"artifact": wanted}, **COLLECTION)
    assert offered(page, "artifact") == (crowd[:CHOICES_SHOWN], [])


@pytest.fixture
def browser(admin, protected_version, second_source):
    """Of an Admin where `production` is on v0; the second source is linked nowhere."""
    browser = Browser(admin)
    browser.get("home", organization="smle-reg")
    return browser


def link_of(source, *aliases, **more):
    steps = {"team": "smle-reg-team-2", "project": "zoo_experiment", "artifact": "zoo_dataset"}
    typed = {"source": source.pk, "version": source.label, "aliases": "\r\n".join(aliases)}
    return steps | typed | more


def answer_of(page):
    """What the form of the question sends."""
    names = {node.attributes["name"] for node in page.main.all("input", type="hidden")}
    return {name: page.values(name) for name in names}


def test_a_link_that_moves_a_protected_alias_asks_first(browser, second_source, collection):
    with nothing_changes():
        page = browser.post(
            "link-version", link_of(second_source, "candidate", "production"), **COLLECTION
        )
    assert page.status == 200
    assert page.main.one("h1").text == "Move “production” to v1?"
    assert "zoo_dataset:v1 becomes v1 of Zoo_Classifier_Models." in page.text
    assert page.main.one(class_="change").text == "protected production v0 to v1"
    shown = browser.follow(browser.post("link-version", answer_of(page), **COLLECTION))
    assert shown.toasts() == [
        "Linked as v1. candidate added to v1. protected production moved from v0 to v1."
    ]
    placed = {"candidate": "v1", "latest": "v1", "production": "v1"}
    assert aliases_of(collection) == placed


def test_the_question_about_a_link_comes_as_a_dialog_over_what_was_typed(browser, second_source):
    body = link_of(second_source, "production")
    page = browser.post("link-version", body, part="link-version", **COLLECTION)
    assert page.headers["HX-Retarget"] == "#dialog"
    assert page.root.one("dialog").one("h2").text == "Move “production” to v1?"


def test_a_link_that_is_there_already_asks_before_it_takes_a_protected_alias(
    browser, admin, second_source, registry, collection
):
    link(admin, second_source.artifact, registry)
    body = link_of(second_source, "production", collection="Zoo_Classifier_Models")
    with nothing_changes():
        page = browser.post("link-version-anywhere", body, **CORE)
    assert page.main.one("h1").text == "Move “production” to v1?"
    assert "zoo_dataset:v1 is in Zoo_Classifier_Models already, as v1." in page.text
    shown = browser.follow(browser.post("link-version-anywhere", answer_of(page), **CORE))
    assert shown.toasts() == [
        "This version was linked already, as v1. protected production moved from v0 to v1."
    ]
    assert aliases_of(collection)["production"] == "v1"


def test_a_question_about_a_link_that_is_outdated_is_asked_again(
    browser, admin, project, second_source, registry
):
    page = browser.post("link-version", link_of(second_source, "production"), **COLLECTION)
    third = log(admin, project, "balanced")
    put(admin, link(admin, third.artifact, registry), "production")
    with nothing_changes():
        again = browser.post("link-version", answer_of(page), **COLLECTION)
    assert again.status == 409
    assert "“production” has changed since this page was shown: it is on v1 now." in again.text
    assert again.main.one("h1").text == "Move “production” to v2?"
    assert browser.post("link-version", answer_of(again), **COLLECTION).status == 303


def test_a_link_that_moves_no_protected_alias_asks_nothing(browser, source, second_source):
    unmoved = browser.post("link-version", link_of(source, "production"), **COLLECTION)
    assert browser.follow(unmoved).toasts() == [
        "This version was linked already, as v0. protected production is on v0 already."
    ]
    custom = browser.post("link-version", link_of(second_source, "candidate"), **COLLECTION)
    assert browser.follow(custom).toasts() == ["Linked as v1. candidate added to v1."]


def test_who_may_not_move_a_protected_alias_is_refused_and_not_asked(
    member, protected_version, second_source
):
    browser = Browser(member)
    browser.get("home", organization="smle-reg")
    with nothing_changes():
        page = browser.post("link-version", link_of(second_source, "production"), **COLLECTION)
    assert page.status == 403
    assert "Only registry admins can add, move or remove it." in page.text
