"""The history of a collection, read on its page and as a file."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from registries.models import Event
from registries.operations.aliases import add_aliases
from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import accept_types, create_registry, edit_registry
from registries.operations.versions import unlink_version
from registries.queries import history_filter, paging
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import put


def told(user, name="collection-history", at=COLLECTION, **query):
    """Sentences, newest first."""
    page = Browser(user).get(name, query, **at)
    assert page.status == 200
    return [node.text for node in page.root.all("span", class_="timeline__text")]


def linked(user):
    """What is told of links and unlinkings, and the subjects in the file."""
    address = reverse("export-collection-history", kwargs=COLLECTION)
    answer = Browser(user).client.get(address, {"format": "json", "kind": "version"})
    rows = json.loads(answer.getvalue())
    assert not [row for row in rows if "source_project" in row["details"]]
    return told(user, kind="version"), [row["subject"] for row in rows]


def test_what_was_linked_is_told_after_the_unlinking_as_before(second_version, member, admin):
    assert linked(admin)[0][0] == "member linked zoo_dataset:v1 as v1"
    unlink_version(caller_of(member), second_version)
    sentences, subjects = linked(admin)
    assert "member linked zoo_dataset:v1 as v1" in sentences
    assert sentences[0] == "member unlinked v1"
    assert subjects == ["zoo_dataset:v1", "zoo_dataset:v1", "zoo_dataset:v0"]


def test_who_does_not_see_the_project_is_not_told_what_was_linked(second_version, member, guest):
    for gone in (False, True):
        if gone:
            unlink_version(caller_of(member), second_version)
        sentences, subjects = linked(guest)
        assert "member linked an artifact as v1" in sentences
        assert "zoo_dataset" not in " ".join(sentences)
        assert set(subjects) == {None}


def moved_often(version, by, count):
    """Rows alone: so many changes by the door would take a minute."""
    collection = version.collection
    Event.objects.bulk_create(
        Event(
            kind=Event.Kind.ALIAS_MOVED,
            actor=by,
            way="web",
            entity=collection.project.entity,
            project=collection.project,
            home_name="Model",
            collection=collection,
            collection_name=collection.name,
            version=version,
            number=version.number,
            alias=f"often-{n % 2}",
            alias_counter=n + 1,
        )
        for n in range(count)
    )


def pager(user, name="collection-history", at=COLLECTION, **query):
    return Browser(user).get(name, query, **at).root.all("nav", class_="pager")[0].text


@pytest.mark.parametrize("narrowed", [{}, {"alias": "often"}, {"kind": "alias"}])
def test_of_a_long_history_a_thousand_changes_behind_the_page_are_counted(
    version, member, narrowed
):
    moved_often(version, member, 2 * paging.COUNTED_BEHIND)
    assert "1–30 of 1000+ changes" in pager(member, **narrowed)
    assert "601–630 of 1600+ changes" in pager(member, page="21", **narrowed)
    last = pager(member, page="67", **narrowed)
    assert last.startswith("1981–200")
    assert "+" not in last.partition("changes")[0]
    assert pager(member, page="9000", **narrowed) == last


def test_what_is_behind_the_deepest_page_is_told_of_and_found_by_its_days(
    version, member, monkeypatch
):
    monkeypatch.setattr(paging, "DEEPEST_PAGE", 2)
    moved_often(version, member, 100)
    deepest = pager(member, page="2")
    assert "31–60 of" in deepest
    assert "There are more than pages show. Choose days to see the others." in deepest
    assert pager(member, page="3") == deepest
    assert "more than pages show" not in pager(member, page="1")
    first = Event.objects.filter(collection=version.collection).earliest("pk")
    long_ago = first.at - timedelta(days=40)
    Event.objects.filter(pk=first.pk).update(at=long_ago)
    assert len(told(member, until=long_ago.date().isoformat())) == 1


def test_more_aliases_that_fit_than_are_looked_up_are_found_as_well(version, member, monkeypatch):
    moved_often(version, member, 40)
    found = told(member, alias="OFTEN")
    monkeypatch.setattr(history_filter, "MOST_NAMES", 1)
    assert told(member, alias="OFTEN") == found
    assert len(found) == 30
    assert told(member, alias="seldom") == []


def test_an_edit_of_a_version_is_told_from_what_to_what(version, member, viewer):
    edit_version(caller_of(member), version, time_to_live=3600)
    edit_version(caller_of(member), version, time_to_live=172_800, metadata={"rows": 101})
    assert told(viewer)[:2] == [
        "member edited the metadata of v0 and changed its time to live from 1 hour to 2 days",
        "member changed the time to live of v0 from nothing to 1 hour",
    ]
    of_registry = told(viewer, "registry-history", CORE)[1]
    assert of_registry == (
        "member changed the time to live of v0 in Zoo_Classifier_Models from nothing to 1 hour"
    )


def test_an_edit_of_a_collection_is_told_from_what_to_what(version, member, viewer):
    edit_collection(caller_of(member), version.collection, description="One line.")
    edit_collection(caller_of(member), version.collection, description="Many words. " * 30)
    edit_collection(caller_of(member), version.collection, name="Zoo")
    at = CORE | {"collection": "Zoo"}
    assert told(viewer, at=at)[:3] == [
        "member changed the name of the collection from “Zoo_Classifier_Models” to “Zoo”",
        "member edited the card",
        "member changed the card from nothing to “One line.”",
    ]
    assert told(viewer, "registry-history", CORE)[:2] == [
        "member changed the name of Zoo from “Zoo_Classifier_Models” to “Zoo”",
        "member edited the card of Zoo_Classifier_Models",
    ]


def test_an_edit_of_a_registry_is_told_from_what_to_what(registry, admin, viewer):
    by = caller_of(admin)
    made = create_registry(by, registry.organization, "Zoo")
    edit_registry(by, made, name="Zoo 2", description="Of animals.\n\nAll of them.")
    edit_registry(by, made, default_role="member")
    accept_types(by, made, ["model", "dataset"])
    edit_registry(by, made, visibility="restricted")
    who = admin.username
    assert told(admin, "registry-history", CORE | {"registry": "Zoo 2"})[:4] == [
        f"{who} changed the visibility of the registry from Organization to Restricted",
        "admin-of-model changed the accepted types of the registry from all to “dataset”, “model”",
        f"{who} changed the default role of the registry from Viewer to Member",
        f"{who} changed the name of the registry from “Zoo” to “Zoo 2” and edited its description",
    ]


@pytest.fixture
def changes(second_version, member, admin, registry):
    """By two people, of several kinds, newest last."""
    add_aliases(caller_of(member), second_version, ["candidate"])
    edit_version(caller_of(admin), second_version, add_tags=["cleaned"])
    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, second_version, "production")


@pytest.mark.parametrize(
    ("name", "at"), [("collection-history", COLLECTION), ("registry-history", CORE)]
)
def test_the_page_is_narrowed_to_a_person_a_kind_or_both(changes, viewer, name, at):
    everything = told(viewer, name, at)
    by_admin = told(viewer, name, at, person="admin-of-model")
    assert by_admin == [row for row in everything if row.startswith("admin-of-model ")]
    assert len(by_admin) >= 3
    assert len(told(viewer, name, at, kind="tag")) == 1
    (protection,) = told(viewer, name, at, kind="protected")
    assert "protected" in protection
    aliases = told(viewer, name, at, person="admin-of-model", kind="alias")
    assert len(aliases) == 1
    assert "production" in aliases[0]
    assert told(viewer, name, at, person="nobody-here") == []


def test_a_narrowed_history_goes_on_with_what_is_older_on_the_next_page(
    second_version, version, member, admin, viewer
):
    for number in range(35):
        put(member, second_version, f"try-{number:02}")
        put(admin, second_version, f"other-{number:02}")
    pages = [told(viewer, alias="try-", person="member", page=page) for page in ("1", "2")]
    assert [len(page) for page in pages] == [30, 5]
    named = [alias for page in pages for row in page for alias in row.split() if "try-" in alias]
    assert named == [f"try-{number:02}" for number in reversed(range(35))]
    assert Event.objects.filter(alias__startswith="other-").count() == 35
