from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid
from registries.models import Collection, Event, Registry
from registries.operations.collections import edit_collection
from registries.operations.drafts import announce_version
from registries.operations.new_collections import judge_type, make_collection
from registries.operations.registries import accept_types, create_registry, edit_registry
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import link, log

PORTFOLIO = Collection.Kind.PORTFOLIO


def test_a_new_collection_has_its_event(registry, member):
    made = make_collection(caller_of(member), registry.project, "Zoo", "dataset", PORTFOLIO)
    event = Event.objects.latest("pk")
    assert (event.kind, event.collection, event.collection_name) == (
        "collection.created",
        made,
        "Zoo",
    )


def test_a_name_taken_meanwhile_is_a_conflict(registry, member):
    make_collection(caller_of(member), registry.project, "Zoo", "dataset", PORTFOLIO)
    with refused(Conflict, "collection_exists") as refusal:
        make_collection(caller_of(member), registry.project, "Zoo", "model", PORTFOLIO)
    assert refusal.value.field == "name"


def test_projects_and_registries_without_a_list_take_every_type(registry, org_admin):
    judge_type(None, "anything")
    judge_type(registry, "anything")
    accept_types(caller_of(org_admin), registry, ["model"])
    narrowed = Registry.objects.get(pk=registry.pk)
    judge_type(narrowed, "model")
    for other in ("dataset", "Model", "ｍodel"):
        with pytest.raises(Invalid):
            judge_type(narrowed, other)


def test_a_sequence_and_a_portfolio_of_one_project_do_not_share_a_name(project, source, member):
    picked = link(member, source.artifact, project, name="picked")
    assert picked.collection.kind == "portfolio"
    assert log(member, project, "more").collection == source.collection
    for change in (
        lambda: link(member, source.artifact, project, name="zoo_dataset"),
        lambda: log(member, project, "as published", name="picked"),
    ):
        with refused(Conflict, "collection_kind"):
            change()


UNSEEN = "zoo_dataset\ufe0f"


def test_no_new_name_of_a_collection_or_registry_has_a_character_nobody_sees(
    organization, registry, project, source, collection, member
):
    by = caller_of(member)
    own = create_registry(by, organization, "Own")
    for change in (
        lambda: make_collection(by, registry.project, UNSEEN, "dataset", PORTFOLIO),
        lambda: link(member, source.artifact, registry, name=UNSEEN),
        lambda: announce_version(by, project, name=UNSEEN, type_name="dataset", digest="0" * 32),
        lambda: edit_collection(by, collection, name=UNSEEN),
        lambda: create_registry(by, organization, UNSEEN),
        lambda: edit_registry(by, own, name=UNSEEN),
    ):
        with refused(Invalid, "name_invisible") as refusal:
            change()
        assert refusal.value.field == "name"


def test_a_stored_name_with_one_goes_on(project, source, registry, member):
    by = caller_of(member)
    Collection.objects.filter(pk=source.collection_id).update(name=UNSEEN)
    Registry.objects.filter(pk=registry.pk).update(name=UNSEEN)
    assert log(member, project, "more", name=UNSEEN).collection == source.collection
    announce_version(by, project, name=UNSEEN, type_name="dataset", digest="0" * 32)
    renamed = Collection.objects.get(pk=source.collection_id)
    edit_collection(by, renamed, name=UNSEEN, description="A card")
    edit_collection(by, renamed, name="seen")
    assert renamed.project.collections.get().name == "seen"
