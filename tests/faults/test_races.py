"""Two people at once: what comes out is what one after the other would have made."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.callers import OPERATOR
from accounts.operations.organizations import remove_from_organization, set_organization_role
from accounts.operations.people import create_user, deactivate_user
from accounts.operations.teams import add_to_team, remove_from_team
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.collections import (
    create_collection,
    delete_collection,
    edit_collection,
)
from registries.operations.drafts import announce_version
from registries.operations.edits import edit_version
from registries.operations.members import add_member, remove_member, set_role
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.operations.registries import (
    accept_types,
    create_registry,
    delete_registry,
    edit_registry,
)
from registries.operations.sources import change_type, delete_sequence, delete_source
from registries.operations.versions import link_version, unlink_version
from registries.roles import Role
from tests.faults import furniture
from tests.faults.children import in_child
from tests.faults.furniture import artifact, by, collection, person, registry, version
from tests.faults.interleaving import Deed, Result, at_once, one_after_the_other
from tests.faults.places import Place, copy_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

TRY_AGAIN = {"linked_meanwhile"}


def move(who="max", name="champion", number=2):
    return [change.counter for change in add_aliases(by(who), version("Zoo", number), [name])]


def link(number=3, into="Zoo", who="max", aliases=(), sequence="animals"):
    home = registry().project
    outcome = link_version(by(who), artifact(number, sequence), home, into, aliases)
    return outcome.is_new, outcome.version.label


def unlink(number=0, who="max"):
    unlink_version(by(who), version("Zoo", number))


def edit(who="max", number=0):
    edit_version(by(who), version("Zoo", number), description=f"as {who} sees it")


def delete_content(number=0):
    delete_source(by("max"), version("animals", number), delete_aliases=True)


def demote(who, whom):
    set_role(by(who), registry(), person(whom), Role.MEMBER)


def leave_only_ada_and_carl():
    """Model has one admin by grant, ada, and one by the organization, carl."""
    remove_member(by("ada"), registry(), person("bea"))
    set_organization_role(OPERATOR, furniture.organization(), person("carl"), "admin")


def leave_only_the_team():
    """Whoever is in harbor administers Model, and nobody else."""
    set_role(by("ada"), registry(), furniture.team(), Role.ADMIN)
    for name in ("bea", "ada"):
        remove_member(by("max"), registry(), person(name))
        remove_from_team(OPERATOR, furniture.team(), person(name))


def nothing():
    pass


def announce():
    content = {"client_id": "given by the script", "tags": []}
    project = furniture.project()
    return announce_version(by("max"), project, "animals", "dataset", "0" * 32, **content).digest


def two_protected_names():
    add_member(by("ada"), registry(), person("max"), Role.ADMIN)
    add_aliases(by("max"), version("Aviary", 0), ["production"])


RACES: dict[str, tuple[Deed, Deed] | tuple[Deed, Deed, Deed]] = {
    "a name is protected while a member moves it": (
        lambda: protect_aliases(by("ada"), registry(), ["champion"]),
        move,
    ),
    "a name is protected while a member takes it off": (
        lambda: protect_aliases(by("ada"), registry(), ["champion"]),
        lambda: remove_aliases(by("max"), version("Zoo", 0), ["champion"]),
    ),
    "a protection is lifted while a member moves the name": (
        lambda: unprotect_alias(by("ada"), registry(), "production"),
        lambda: move(name="production"),
    ),
    "two people move one alias": (move, lambda: move("mia", number=1)),
    "two people move two aliases the other way round": (
        lambda: add_aliases(by("max"), version("Zoo", 0), ["champion", "canary"]),
        lambda: add_aliases(by("mia"), version("Zoo", 1), ["canary", "champion"]),
    ),
    "two people act on the same page": (
        lambda: add_aliases(by("max"), version("Zoo", 2), ["champion"], expected={"champion": 1}),
        lambda: add_aliases(by("mia"), version("Zoo", 1), ["champion"], expected={"champion": 1}),
    ),
    "a version is unlinked while it gets an alias": (unlink, lambda: move(number=0, name="new")),
    "a version is unlinked while an admin protects it": (
        unlink,
        lambda: move("ada", "production", 0),
    ),
    "a version is unlinked by two": (unlink, lambda: unlink(who="mia")),
    "two versions are unlinked": (lambda: unlink(2), unlink),
    "a version is edited while its alias becomes protected": (
        edit,
        lambda: protect_aliases(by("ada"), registry(), ["champion"]),
    ),
    "a version is edited while an admin protects it": (edit, lambda: move("ada", "production", 0)),
    "a version is edited while a link gives it a protected alias": (
        edit,
        lambda: link(0, "Reptiles", "ada", ["production"]),
    ),
    "a version is edited by two": (edit, lambda: edit("mia")),
    "two versions are linked": (link, lambda: link(4)),
    "one version is linked by two": (link, lambda: link(who="mia")),
    "one version is linked and protected in two collections": (
        lambda: link(1, "Zoo", "ada", ["production"]),
        lambda: link(1, "Aviary", "bea", ["production"]),
    ),
    "one version is protected in two collections": (
        lambda: move("ada", "production", 0),
        lambda: add_aliases(by("bea"), version("Aviary", 0), ["production"]),
    ),
    "two links make the same collection": (
        lambda: link(3, "Reptiles"),
        lambda: link(4, "Reptiles", "mia"),
    ),
    "two links of different types make the same collection": (
        lambda: link(3, "Reptiles"),
        lambda: link(0, "Reptiles", "mia", sequence="weights"),
    ),
    "two logs make the same sequence": (
        lambda: furniture.log_content(furniture.project(), "plants", "moss").label,
        lambda: furniture.log_content(furniture.project(), "plants", "fern").label,
    ),
    "two logs of the same content": (
        lambda: furniture.log_content(furniture.project(), "animals", "moss").label,
        lambda: furniture.log_content(furniture.project(), "animals", "moss").label,
    ),
    "one client id is announced twice": (announce, announce),
    "a source is deleted while it is linked": (lambda: delete_content(3), link),
    "a source is deleted by two": (lambda: delete_content(0), lambda: delete_content(0)),
    "a source is deleted while an alias is put on its link": (
        lambda: delete_source(by("max"), version("animals", 2), delete_aliases=True),
        lambda: move("ada", "production", 2),
    ),
    "a source is deleted while it is edited": (delete_content, edit),
    "a source is deleted while its link's collection is": (
        delete_content,
        lambda: delete_collection(by("ada"), collection("Zoo")),
    ),
    "a sequence is deleted while one of it is linked": (
        lambda: delete_sequence(by("max"), collection("weights")),
        lambda: link(0, "Weights", sequence="weights"),
    ),
    "a sequence changes its type while one of it is linked": (
        lambda: change_type(by("max"), collection("weights"), "checkpoint").type,
        lambda: link(0, "Weights", sequence="weights"),
    ),
    "a collection is deleted while a link goes into it": (
        lambda: delete_collection(by("max"), collection("Aviary")),
        lambda: link(3, "Aviary"),
    ),
    "a collection is made by hand by two": (
        lambda: create_collection(by("max"), registry().project, "Reptiles", "dataset"),
        lambda: create_collection(by("mia"), registry().project, "Reptiles", "dataset"),
    ),
    "a collection is renamed to a name just taken": (
        lambda: edit_collection(by("max"), collection("Zoo"), name="Reptiles"),
        lambda: create_collection(by("mia"), registry().project, "Reptiles", "dataset"),
    ),
    "two collections are renamed alike": (
        lambda: edit_collection(by("max"), collection("Zoo"), name="Reptiles"),
        lambda: edit_collection(by("mia"), collection("Aviary"), name="Reptiles"),
    ),
    "a collection is renamed while a link makes that name": (
        lambda: edit_collection(by("max"), collection("Aviary"), name="Reptiles"),
        lambda: link(3, "Reptiles", "mia"),
    ),
    "a registry is deleted while a link goes into it": (
        lambda: delete_registry(by("ada"), registry()),
        lambda: link(3, "Aviary"),
    ),
    "a registry is made by two": (
        lambda: create_registry(by("ada"), furniture.organization(), "Audio"),
        lambda: create_registry(by("bea"), furniture.organization(), "AUDIO"),
    ),
    "a registry is renamed to a name just taken": (
        lambda: edit_registry(by("ada"), registry(), name="Audio"),
        lambda: create_registry(by("bea"), furniture.organization(), "Audio"),
    ),
    "a registry narrows its types while another type comes in": (
        lambda: accept_types(by("ada"), registry(), ["dataset"]),
        lambda: link(0, "Weights", sequence="weights"),
    ),
    "two admins demote each other": (lambda: demote("ada", "bea"), lambda: demote("bea", "ada")),
    "two admins remove themselves": (
        lambda: remove_member(by("ada"), registry(), person("ada")),
        lambda: remove_member(by("bea"), registry(), person("bea")),
    ),
    "two admins of an organization demote each other": (
        lambda: set_role_in_basin("carl", "dora"),
        lambda: set_role_in_basin("dora", "carl"),
    ),
    "the last admin of a registry and that of its organization step down": (
        lambda: demote("ada", "ada"),
        lambda: set_organization_role(
            by("carl"), furniture.organization(), person("carl"), "member"
        ),
        leave_only_ada_and_carl,
    ),
    "the last admin of a registry steps down while the other is deactivated": (
        lambda: demote("ada", "ada"),
        lambda: deactivate_user(OPERATOR, person("bea")),
    ),
    "the last two admins are deactivated": (
        lambda: deactivate_user(OPERATOR, person("ada")),
        lambda: deactivate_user(OPERATOR, person("bea")),
    ),
    "the last two of the team that administers leave it": (
        lambda: remove_from_team(OPERATOR, furniture.team(), person("max")),
        lambda: remove_from_team(OPERATOR, furniture.team(), person("mia")),
        leave_only_the_team,
    ),
    "somebody is taken out of the organization while they get into a team": (
        lambda: remove_from_organization(OPERATOR, furniture.organization(), person("vic")),
        lambda: add_to_team(OPERATOR, furniture.team(), person("vic")),
    ),
    "somebody is taken out of the organization while their role changes": (
        lambda: remove_from_organization(OPERATOR, furniture.organization(), person("bea")),
        lambda: demote("ada", "bea"),
    ),
    "a member is demoted while they move an alias": (
        lambda: set_role(by("ada"), registry(), furniture.team(), Role.VIEWER),
        move,
    ),
    "two people get one e-mail address": (
        lambda: create_user(OPERATOR, "eva", email="e@example.org"),
        lambda: create_user(OPERATOR, "emil", email="E@example.org"),
    ),
}


def set_role_in_basin(who, whom):
    set_organization_role(by(who), furniture.organization("basin"), person(whom), "member")


@pytest.mark.parametrize("race", RACES)
def test_two_at_once_are_as_one_after_the_other(furnished: Place, race: str):
    one, two, *before = RACES[race]
    with copy_of(furnished) as prepared:
        if before:
            in_child(prepared, _prepare, before[0])
        serial = [
            _on_copy(prepared, one_after_the_other, one, two),
            _turned(_on_copy(prepared, one_after_the_other, two, one)),
        ]
        _require_serial(prepared, serial, one, two, lambda result: result)
        _require_serial(prepared, serial, two, one, _turned)


def _require_serial(place, serial, halted, other, turned):
    halt = 1
    while (result := _on_copy(place, at_once, halted, other, halt)).halted_at is not None:
        seen = turned(result)
        told = f"halted before {seen.halted_at}: {seen.outcomes}"
        assert seen.outcomes in [each.outcomes for each in serial], told
        assert seen.state in [each.state for each in serial], told
        halt += 1
    assert halt > 1


def _prepare(deed: Deed) -> None:
    with transaction.atomic():
        deed()


def _on_copy(place: Place, work, *arguments) -> Result:
    with copy_of(place) as copy:
        return in_child(copy, work, *arguments)


def _turned(result: Result) -> Result:
    one, two = result.outcomes
    return Result((two, one), result.state, result.halted_at)
