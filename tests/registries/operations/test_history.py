"""Every change is an event: when, who, by what way, where, what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction

from accounts.callers import OPERATOR, Way
from accounts.operations.people import deactivate_user
from registries.models import Event
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.collections import delete_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.history import last_counter, record
from registries.operations.members import add_member, remove_member, set_role
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.operations.registries import (
    accept_types,
    create_registry,
    delete_registry,
    edit_registry,
)
from registries.operations.versions import unlink_version
from registries.roles import Role
from tests.personas import caller_of
from tests.things import link, put

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def own(organization, member):
    return create_registry(caller_of(member), organization, "Own")


def test_every_kind_of_change_has_its_event_and_none_has_two(
    own, source, second_source, member, viewer
):
    by = caller_of(member)
    Event.objects.all().delete()
    first = link(member, source.artifact, own)
    second = link(member, second_source.artifact, own, "best")
    add_aliases(by, first, ["best"])
    remove_aliases(by, first, ["best"])
    protect_aliases(by, own, ["production"])
    unprotect_alias(by, own, "production")
    edit_version(by, first, description="New", add_tags=["a"])
    edit_version(by, first, remove_tags=["a"])
    edit_collection(by, first.collection, description="New", add_tags=["a"], remove_tags=["x"])
    unlink_version(by, second)
    add_member(by, own, viewer, Role.VIEWER)
    set_role(by, own, viewer, Role.MEMBER)
    remove_member(by, own, viewer)
    edit_registry(by, own, description="New")
    accept_types(by, own, ["model"])
    delete_collection(by, first.collection)
    delete_registry(by, own)
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "collection.created",
        "version.linked",
        "alias.added",
        "version.linked",
        "alias.moved",
        "alias.added",
        "alias.moved",
        "alias.removed",
        "alias.protected",
        "alias.unprotected",
        "version.edited",
        "tag.added",
        "tag.removed",
        "collection.edited",
        "tag.added",
        "alias.moved",
        "version.unlinked",
        "member.role_set",
        "member.role_set",
        "member.removed",
        "registry.edited",
        "registry.edited",
        "alias.removed",
        "version.unlinked",
        "collection.deleted",
        "registry.deleted",
    ]
    assert set(Event.objects.values_list("actor__username", "way", "entity__name")) == {
        ("member", "web", "smle-reg")
    }


@pytest.mark.parametrize("way", list(Way))
def test_an_event_says_when_who_and_by_what_way(version, member, way):
    with time_machine.travel(NOON, tick=False):
        add_aliases(caller_of(member, way), version, ["best"])
    event = Event.objects.latest("pk")
    assert (event.at, event.actor, event.way) == (NOON, member, way)
    assert (event.project, event.collection) == (version.collection.project, version.collection)


def test_an_event_of_a_service_account_names_it(version, service_account):
    put(service_account, version, "best")
    assert Event.objects.latest("pk").actor == service_account


def test_an_event_is_undone_with_its_change(version, member):
    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put(member, version, "best")
        raise ZeroDivisionError
    assert Event.objects.count() == before


def test_events_in_projects_belong_to_the_team_and_in_registries_to_the_organization(
    source, version
):
    homes = set(Event.objects.values_list("entity__name", "home_name"))
    assert homes == {
        ("smle-reg", "Model"),
        ("smle-reg", "Dataset"),
        ("smle-reg-team-2", "zoo_experiment"),
    }


def test_what_the_operator_does_has_no_person(registry):
    event = record(OPERATOR, Event.Kind.REGISTRY_EDITED, registry.project)
    assert (event.actor, event.way) == (None, "command")


def test_the_counter_of_a_name_is_where_its_history_stands(version, second_version, member):
    assert last_counter(version.collection, "best") == 0
    put(member, version, "best")
    put(member, second_version, "best")
    remove_aliases(caller_of(member), second_version, ["best"])
    assert last_counter(version.collection, "best") == 3
    assert last_counter(version.collection, "Best") == 0


def test_names_in_the_history_stay_when_the_person_is_gone(version, member):
    put(member, version, "best")
    deactivate_user(OPERATOR, member)
    assert Event.objects.get(alias="best").actor.username == "member"
