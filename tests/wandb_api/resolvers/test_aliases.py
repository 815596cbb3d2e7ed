"""A script that changes aliases again goes where its registry was, and looks there anew."""

from __future__ import annotations

import pytest

from registries.models import Alias, Version
from registries.operations.members import remove_member
from registries.operations.registries import create_registry, delete_registry, edit_registry
from registries.operations.versions import link_version
from tests.personas import caller_of
from tests.wandb_api.views.test_graphql import ADD, aliases

REMOVE = """
mutation DeleteAliases($input: DeleteAliasesInput!) { deleteAliases(input: $input) { success } }
"""


@pytest.fixture
def linked(member, organization, source) -> Version:
    """In a registry that may be renamed, where the member moved an alias before."""
    registry = create_registry(caller_of(member), organization, "Vision")
    return link_version(caller_of(member), source.artifact, registry.project, "Dogs").version


@pytest.fixture
def asked_before(ask, member, linked) -> dict:
    """What the script sent, and sends again."""
    assert ask(member, ADD, input=aliases(linked, "first")).status == 200
    return aliases(linked, "again")


def carried(version: Version) -> set[str]:
    return set(version.aliases.values_list("name", flat=True)) - {"latest"}


def test_what_is_given_the_second_time_is_given_and_taken_off(ask, member, linked, asked_before):
    assert ask(member, ADD, input=asked_before).status == 200
    assert carried(linked) == {"first", "again"}
    assert ask(member, REMOVE, input=asked_before).status == 200
    assert carried(linked) == {"first"}
    event = linked.events_away.latest("pk")
    assert (event.home_name, event.collection_name, event.alias) == ("Vision", "Dogs", "again")


def test_a_registry_that_has_another_name_now_is_not_found_by_the_old_one(
    ask, member, linked, asked_before
):
    edit_registry(caller_of(member), linked.collection.project.registry, name="Sight")
    answer = ask(member, ADD, input=asked_before)
    assert (answer.status, carried(linked)) == (404, {"first"})
    assert "There is no project or registry “smle-reg/wandb-registry-Vision”" in answer.sentence
    assert ask(member, ADD, input=aliases(renamed(linked), "again")).status == 200
    assert carried(linked) == {"first", "again"}


def renamed(version: Version) -> Version:
    return Version.objects.select_related("collection__project__entity").get(pk=version.pk)


def test_whoever_bears_the_name_now_is_meant(ask, member, organization, linked, asked_before):
    by = caller_of(member)
    edit_registry(by, linked.collection.project.registry, name="Sight")
    other = create_registry(by, organization, "Vision")
    twin = link_version(by, linked.artifact, other.project, "Dogs").version
    assert ask(member, ADD, input=asked_before).status == 200
    assert (carried(linked), carried(twin)) == ({"first"}, {"again"})


def test_a_registry_that_is_gone_is_told_as_one_that_never_was(ask, member, linked, asked_before):
    delete_registry(caller_of(member), linked.collection.project.registry)
    answer = ask(member, ADD, input=asked_before)
    assert answer.status == 404
    assert "There is no project or registry" in answer.sentence


def test_a_registry_that_is_hidden_by_now_is_told_as_one_that_never_was(
    ask, org_admin, guest, version
):
    given = aliases(version, "again")
    assert ask(guest, ADD, input=aliases(version, "first")).status == 200
    remove_member(caller_of(org_admin), version.collection.project.registry, guest)
    answer = ask(guest, ADD, input=given)
    assert (answer.status, carried(version)) == (404, {"first"})
    assert "There is no project or registry" in answer.sentence


def test_a_role_that_was_taken_away_counts_at_once(ask, member, linked, asked_before):
    registry = linked.collection.project.registry
    edit_registry(caller_of(member), registry, default_role="viewer")
    remove_member(caller_of(member), registry, member)
    assert ask(member, ADD, input=asked_before).status == 403
    assert carried(linked) == {"first"}


def test_a_name_that_is_none_is_refused_the_second_time_as_the_first(ask, member, linked):
    for _ in range(2):
        answer = ask(member, ADD, input=aliases(linked, "a/b"))
        assert answer.status == 422
        assert "a/b" in answer.sentence
    assert not Alias.objects.filter(name="a/b").exists()
