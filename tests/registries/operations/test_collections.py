from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from registries.models import Collection, Event
from registries.operations import endings
from registries.operations.collections import (
    create_collection,
    delete_collection,
    edit_collection,
)
from registries.operations.registries import accept_types
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import COLLECTION, aliases_of, history, link, log, put


def make(by, registry, name="Made by hand", type_name="dataset", **options):
    return create_collection(caller_of(by), registry.project, name, type_name, **options)


def tags_of(collection):
    return sorted(collection.tags.values_list("name", flat=True))


def test_a_collection_made_by_hand_is_an_empty_portfolio_with_its_tags_recorded(registry, member):
    made = make(member, registry, description="A card.", tags=["zoo", "tabular", "zoo"])
    assert (made.kind, made.type, made.description, made.next_number) == (
        "portfolio",
        "dataset",
        "A card.",
        0,
    )
    assert tags_of(made) == ["tabular", "zoo"]
    assert history()[-3:] == ["collection.created", "tag.added", "tag.added"]


@pytest.mark.parametrize("description", [None, "", "# Card"])
def test_null_and_empty_descriptions_are_kept_apart_and_null_means_unchanged(
    registry, member, description
):
    made = make(member, registry, description=description)
    edit_collection(caller_of(member), made, description=None, add_tags=["x"])
    made.refresh_from_db()
    assert made.description == description
    edit_collection(caller_of(member), made, description="")
    made.refresh_from_db()
    assert made.description == ""


def test_the_first_version_of_a_collection_made_by_hand_is_v0(registry, source, member):
    make(member, registry, COLLECTION)
    assert link(member, source.artifact, registry).label == "v0"


def test_a_name_meant_for_a_registry_is_taken_in_no_project(
    registry, project, source, member, subtests
):
    other = log(member, project, "x", name="other").collection
    for name in ("wandb-registry-Model", "WANDB-Registry-x", "wandb-registry-"):
        for attempt in (
            lambda name=name: create_collection(caller_of(member), project, name, "dataset"),
            lambda name=name: link(member, source.artifact, project, name=name),
            lambda name=name: edit_collection(caller_of(member), other, name=name),
        ):
            with subtests.test(name=name), refused(Invalid, "collection_name_reserved") as refusal:
                attempt()
            assert f"name the collection too: {name}/NAME." in refusal.value.sentence
        with subtests.test(logged=name), pytest.raises(Invalid, match="wandb-registry-"):
            log(member, project, "y", name=name)
    assert link(member, source.artifact, registry, name="wandb-registry-Model").number == 0


def test_a_collection_that_is_called_like_a_registry_already_stays_usable(
    project, source, second_source, member
):
    made = link(member, source.artifact, project, name="picked").collection
    logged = log(member, project, "x", name="other").collection
    Collection.objects.filter(pk=made.pk).update(name="wandb-registry-Model")
    Collection.objects.filter(pk=logged.pk).update(name="wandb-registry-other")
    made.refresh_from_db()
    again = link(member, second_source.artifact, project, name="wandb-registry-Model")
    assert (again.number, again.collection) == (1, made)
    assert log(member, project, "y", name="wandb-registry-other").number == 1
    edit_collection(caller_of(member), made, name="wandb-registry-Model", description="kept")
    edit_collection(caller_of(member), made, name="picked again")


def test_a_bad_name_is_refused_when_made_and_when_renamed(registry, collection, member, subtests):
    for name in [
        "",
        "x" * 129,
        "a/b",
        "a:b",
        "a\x00b",
        "a\nb",
        "a\u2028b",
        "a\u202eb",
        " a",
        "a ",
        "..",
    ]:
        with subtests.test(name=name):
            with refused(Invalid) as refusal:
                make(member, registry, name)
            assert refusal.value.field == "name"
            if name:
                with refused(Invalid):
                    edit_collection(caller_of(member), collection, name=name)


def test_a_bad_type_is_refused(registry, member, subtests):
    for type_name in ["", "x" * 129, "a/b", "a:b", "job", "wandb-x", "run_table", "code"]:
        with subtests.test(type_name=type_name):
            with refused(Invalid) as refusal:
                make(member, registry, type_name=type_name)
            assert refusal.value.field == "type"


def test_a_type_the_registry_does_not_accept_is_refused(registry, org_admin, member):
    accept_types(caller_of(org_admin), registry, ["model"])
    with refused(Invalid, "type_not_accepted") as refusal:
        make(member, registry, type_name="dataset")
    assert refusal.value.sentence == "Model accepts model; this is of type dataset."
    make(member, registry, type_name="model")


def test_a_name_is_given_once_in_a_registry_and_free_in_another(
    registry, restricted_registry, org_admin
):
    make(org_admin, registry, "Zoo")
    with refused(Conflict, "collection_exists"):
        make(org_admin, registry, "Zoo")
    make(org_admin, restricted_registry, "Zoo")
    make(org_admin, registry, "zoo")


def test_bad_facts_make_no_collection(registry, member, subtests):
    for options, field in [
        ({"tags": ["good", "a/b"]}, "tag"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tag"),
        ({"description": "\x00"}, "description"),
        ({"description": "x" * 100_001}, "description"),
    ]:
        with subtests.test(options=options):
            with refused(Invalid) as refusal:
                make(member, registry, **options)
            assert refusal.value.field == field


def test_members_edit_description_and_tags_each_with_its_event(collection, member):
    edit_collection(
        caller_of(member), collection, description="New", add_tags=["a", "b"], remove_tags=["x"]
    )
    edit_collection(caller_of(member), collection, add_tags=["b", "c"], remove_tags=["a"])
    assert tags_of(collection) == ["b", "c"]
    told = list(Event.objects.order_by("pk").values_list("kind", "tag"))[-5:]
    assert told == [
        ("collection.edited", ""),
        ("tag.added", "a"),
        ("tag.added", "b"),
        ("tag.added", "c"),
        ("tag.removed", "a"),
    ]


def test_an_edit_says_what_was_and_what_is(collection, member):
    edit_collection(caller_of(member), collection, name="Renamed", description="New")
    event = Event.objects.get(kind="collection.edited")
    assert event.details == {
        "changes": {"name": [COLLECTION, "Renamed"], "description": [None, "New"]}
    }


def test_an_edit_that_changes_nothing_records_nothing(collection, member):
    edit_collection(caller_of(member), collection, description="Same", add_tags=["a"])
    with nothing_changes():
        edit_collection(
            caller_of(member),
            collection,
            name=COLLECTION,
            description="Same",
            add_tags=["a"],
            remove_tags=["not there"],
        )


def test_one_bad_tag_refuses_the_whole_edit(collection, member):
    with refused(Invalid, "tag_form"):
        edit_collection(caller_of(member), collection, description="New", add_tags=["a", "b/c"])
    with refused(Invalid, "too_many_tags"):
        edit_collection(caller_of(member), collection, add_tags=[f"t{n}" for n in range(21)])


def test_a_taken_name_is_refused_and_the_old_name_of_a_renamed_one_is_free(
    registry, collection, member
):
    other = make(member, registry, "Other")
    with refused(Conflict, "collection_exists"):
        edit_collection(caller_of(member), other, name=COLLECTION)
    edit_collection(caller_of(member), collection, name="Renamed")
    edit_collection(caller_of(member), other, name=COLLECTION)
    other.refresh_from_db()
    assert (other.name, other.folded) == (COLLECTION, COLLECTION.lower())


def test_the_history_keeps_the_names_of_its_time(collection, member):
    edit_collection(caller_of(member), collection, name="Renamed")
    names = Event.objects.filter(collection=collection).values_list("collection_name", flat=True)
    assert set(names) == {COLLECTION, "Renamed"}


def test_the_collection_knows_who_changed_it_last(collection, member, org_admin):
    edit_collection(caller_of(org_admin), collection, description="New")
    collection.refresh_from_db()
    assert collection.changed_by == org_admin
    assert collection.changed_at == Event.objects.latest("pk").at
    assert collection.created_by == member


def test_deleting_unlinks_every_version_each_with_its_event(
    collection, second_version, source, member
):
    put(member, second_version, "best")
    before = Event.objects.count()
    delete_collection(caller_of(member), collection)
    assert not Collection.objects.filter(name=COLLECTION).exists()
    assert source.collection.versions.count() == 2
    told = list(Event.objects.order_by("pk").values_list("kind", "alias", "number"))[before:]
    assert told == [
        ("alias.removed", "best", None),
        ("alias.removed", "latest", None),
        ("version.unlinked", "", 0),
        ("version.unlinked", "", 1),
        ("collection.deleted", "", None),
    ]
    assert set(
        Event.objects.filter(collection_name=COLLECTION).values_list("collection", flat=True)
    ) == {None}


def test_a_collection_of_many_versions_ends_as_one_of_two_does(
    collection, second_version, member, monkeypatch
):
    monkeypatch.setattr(endings, "AT_ONCE", 1)
    put(member, second_version, "best", "worst")
    before = Event.objects.count()
    delete_collection(caller_of(member), collection)
    told = list(Event.objects.order_by("pk").values_list("kind", "alias", "from_number"))[before:]
    assert told == [
        ("version.unlinked", "", None),
        ("alias.removed", "best", 1),
        ("alias.removed", "latest", 1),
        ("alias.removed", "worst", 1),
        ("version.unlinked", "", None),
        ("collection.deleted", "", None),
    ]


def test_a_new_collection_of_a_deleted_ones_name_starts_anew(collection, source, registry, member):
    delete_collection(caller_of(member), collection)
    again = link(member, source.artifact, registry, "best")
    assert again.number == 0
    assert aliases_of(again.collection) == {"latest": "v0", "best": "v0"}


def test_a_collection_that_holds_a_protected_alias_is_deleted_by_admins_alone(
    protected_version, second_version, member, guest, viewer, admin, outsider
):
    collection = protected_version.collection
    for user in (member, guest):
        with refused(NotAllowed) as refusal:
            delete_collection(caller_of(user), collection)
        assert "Only admins of Model" in refusal.value.sentence
    with refused(NotAllowed):
        delete_collection(caller_of(viewer), collection)
    with refused(NotFound):
        delete_collection(caller_of(outsider), collection)
    delete_collection(caller_of(admin), collection)


def test_a_collection_that_lost_its_protected_version_is_free_again(
    protected_version, second_version, admin, member
):
    unlink_version(caller_of(admin), protected_version)
    delete_collection(caller_of(member), second_version.collection)


def test_a_sequence_is_not_deleted_as_a_portfolio(source, member):
    with refused(Invalid, "not_a_portfolio"):
        delete_collection(caller_of(member), source.collection)


def test_what_is_gone_is_not_found(collection, member):
    stale = Collection.objects.get(pk=collection.pk)
    delete_collection(caller_of(member), collection)
    for change in (
        lambda: delete_collection(caller_of(member), stale),
        lambda: edit_collection(caller_of(member), stale, description="New"),
    ):
        with refused(NotFound):
            change()


def test_a_sequence_is_edited_by_the_projects_rights(source, member, viewer, org_admin):
    edit_collection(caller_of(member), source.collection, description="Card", add_tags=["zoo"])
    edit_collection(caller_of(org_admin), source.collection, name="renamed")
    with refused(NotFound):
        edit_collection(caller_of(viewer), source.collection, description="Mine")
    event = Event.objects.filter(kind="collection.edited").first()
    assert event.home_name == "zoo_experiment"


def test_logging_goes_on_under_the_new_name_of_a_sequence(source, project, member):
    edit_collection(caller_of(member), source.collection, name="renamed")
    assert log(member, project, "more", name="renamed").number == 1
    assert log(member, project, "anew").number == 0


def test_a_collection_that_holds_a_protected_alias_is_renamed_by_admins_alone(
    protected_version, collection, member, admin
):
    with refused(NotAllowed) as refusal:
        edit_collection(caller_of(member), collection, name="Renamed")
    assert refusal.value.sentence == (
        "Only admins of Model can rename a collection that holds a protected alias."
    )
    edit_collection(caller_of(member), collection, name=COLLECTION, description="The same name.")
    assert edit_collection(caller_of(admin), collection, name="Renamed").name == "Renamed"
