"""Pairs of deeds that get in each other's way. A third plan, where there is one, comes before."""

from __future__ import annotations

from functools import partial

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
from registries.operations.members import remove_member, set_role
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
from tests.faults.furniture import artifact, by, collection, organization, person, registry, version
from tests.faults.interleaving import Deed, Plan


def _move(who: str = "max", name: str = "champion", number: int = 2) -> Deed:
    return partial(add_aliases, by(who), version("Zoo", number), [name])


def _protect() -> Deed:
    return partial(protect_aliases, by("ada"), registry(), ["champion"])


def _link(number: int, into: str, who: str = "max", sequence: str = "animals", **given) -> Deed:
    home = registry().project
    return partial(link_version, by(who), artifact(number, sequence), home, into, **given)


def _link_weights() -> Deed:
    return _link(0, "Weights", sequence="weights")


def _unlink(number: int = 0, who: str = "max") -> Deed:
    return partial(unlink_version, by(who), version("Zoo", number))


def _edit(who: str = "max") -> Deed:
    return partial(edit_version, by(who), version("Zoo", 0), description=f"as {who} sees it")


def _delete_content(number: int = 0) -> Deed:
    content = version("animals", number)
    return partial(delete_source, by("max"), content, delete_aliases=True)


def _log(sequence: str, text: str) -> Deed:
    return partial(furniture.log_content, furniture.project(), sequence, text)


def _announce() -> Deed:
    given = {"client_id": "given by the script", "tags": []}
    place = furniture.project()
    return partial(announce_version, by("max"), place, "animals", "dataset", "0" * 32, **given)


def _create(who: str = "mia") -> Deed:
    return partial(create_collection, by(who), registry().project, "Reptiles", "dataset")


def _rename(name: str, who: str = "max") -> Deed:
    return partial(edit_collection, by(who), collection(name), name="Reptiles")


def _demote(who: str, whom: str) -> Deed:
    return partial(set_role, by(who), registry(), person(whom), Role.MEMBER)


def _demote_in_organization(who: str, whom: str, name: str = "basin") -> Deed:
    return partial(set_organization_role, by(who), organization(name), person(whom), "member")


def _leave_team(name: str) -> Deed:
    return partial(remove_from_team, OPERATOR, furniture.team(), person(name))


def _leave_organization(name: str) -> Deed:
    return partial(remove_from_organization, OPERATOR, organization(), person(name))


def _only_ada_and_carl() -> Deed:
    """Model has one admin by grant and one by the organization."""

    def deed() -> None:
        remove_member(by("ada"), registry(), person("bea"))
        set_organization_role(OPERATOR, organization(), person("carl"), "admin")

    return deed


def _only_the_team() -> Deed:
    """Max and mia are alone in harbor, and harbor alone administers Model."""

    def deed() -> None:
        set_role(by("ada"), registry(), furniture.team(), Role.ADMIN)
        for name in ("ada", "bea"):
            remove_member(by("max"), registry(), person(name))
            remove_from_team(OPERATOR, furniture.team(), person(name))

    return deed


RACES: dict[str, tuple[Plan, ...]] = {
    "a name is protected while a member moves it": (_protect, _move),
    "a name is protected while a member takes it off": (
        _protect,
        lambda: partial(remove_aliases, by("max"), version("Zoo", 0), ["champion"]),
    ),
    "a protection is lifted while a member moves the name": (
        lambda: partial(unprotect_alias, by("ada"), registry(), "production"),
        lambda: _move(name="production"),
    ),
    "a member is demoted while they move an alias": (
        lambda: partial(set_role, by("ada"), registry(), furniture.team(), Role.VIEWER),
        _move,
    ),
    "two people move one alias": (_move, lambda: _move("mia", number=1)),
    "two people move two aliases, each in their order": (
        lambda: partial(add_aliases, by("max"), version("Zoo", 0), ["champion", "canary"]),
        lambda: partial(add_aliases, by("mia"), version("Zoo", 1), ["canary", "champion"]),
    ),
    "two people act on the same page": (
        lambda: partial(_move(), expected={"champion": 1}),
        lambda: partial(_move("mia", number=1), expected={"champion": 1}),
    ),
    "a version is unlinked while it gets an alias": (_unlink, lambda: _move(name="new", number=0)),
    "a version is unlinked while an admin protects it": (
        _unlink,
        lambda: _move("ada", "production", 0),
    ),
    "a version is unlinked by two": (_unlink, lambda: _unlink(who="mia")),
    "two versions are unlinked": (lambda: _unlink(2), _unlink),
    "a version is edited while its alias becomes protected": (_edit, _protect),
    "a version is edited while an admin protects it": (
        _edit,
        lambda: _move("ada", "production", 0),
    ),
    "a version is edited while a link gives it a protected alias": (
        _edit,
        lambda: _link(0, "Reptiles", "ada", aliases=["production"]),
    ),
    "a version is edited by two": (_edit, lambda: _edit("mia")),
    "two versions are linked": (lambda: _link(3, "Zoo"), lambda: _link(4, "Zoo", "mia")),
    "one version is linked by two": (lambda: _link(3, "Zoo"), lambda: _link(3, "Zoo", "mia")),
    "one version is linked and protected in two collections": (
        lambda: _link(1, "Reptiles", "ada", aliases=["production"]),
        lambda: _link(1, "Aviary", "bea", aliases=["production"]),
    ),
    "one version is protected in two collections": (
        lambda: _move("ada", "production", 0),
        lambda: partial(add_aliases, by("bea"), version("Aviary", 0), ["production"]),
    ),
    "two links make the same collection": (
        lambda: _link(3, "Reptiles"),
        lambda: _link(4, "Reptiles", "mia"),
    ),
    "two links of different types make the same collection": (
        lambda: _link(3, "Weights", "mia"),
        _link_weights,
    ),
    "two logs make the same sequence": (
        lambda: _log("plants", "moss"),
        lambda: _log("plants", "fern"),
    ),
    "two logs hold the same content": (
        lambda: _log("animals", "moss"),
        lambda: _log("animals", "moss"),
    ),
    "one client id is announced twice": (_announce, _announce),
    "a source is deleted while it is linked": (
        lambda: _delete_content(3),
        lambda: _link(3, "Zoo", "ada"),
    ),
    "a source is deleted by two": (_delete_content, _delete_content),
    "a source is deleted while an alias is put on its link": (
        lambda: _delete_content(2),
        lambda: _move("ada", "production", 2),
    ),
    "a source is deleted while it is edited": (_delete_content, lambda: _edit("mia")),
    "a source is deleted while its link's collection is": (
        _delete_content,
        lambda: partial(delete_collection, by("ada"), collection("Zoo")),
    ),
    "a sequence is deleted while one of it is linked": (
        lambda: partial(delete_sequence, by("max"), collection("weights")),
        _link_weights,
    ),
    "a sequence changes its type while one of it is linked": (
        lambda: partial(change_type, by("max"), collection("weights"), "checkpoint"),
        _link_weights,
    ),
    "a collection is deleted while a link goes into it": (
        lambda: partial(delete_collection, by("max"), collection("Aviary")),
        lambda: _link(3, "Aviary"),
    ),
    "a collection is made by two": (_create, lambda: _create("max")),
    "a collection is renamed to a name just taken": (lambda: _rename("Zoo"), _create),
    "two collections are renamed alike": (
        lambda: _rename("Zoo"),
        lambda: _rename("Aviary", "mia"),
    ),
    "a collection is renamed while a link makes that name": (
        lambda: _rename("Aviary"),
        lambda: _link(3, "Reptiles", "mia"),
    ),
    "a registry is deleted while a link goes into it": (
        lambda: partial(delete_registry, by("ada"), registry()),
        lambda: _link(3, "Aviary"),
    ),
    "a registry is made by two": (
        lambda: partial(create_registry, by("ada"), organization(), "Audio"),
        lambda: partial(create_registry, by("bea"), organization(), "AUDIO"),
    ),
    "a registry is made while its maker is taken out of the organization": (
        lambda: partial(create_registry, by("bea"), organization(), "Audio"),
        lambda: _leave_organization("bea"),
    ),
    "a registry is renamed to a name just taken": (
        lambda: partial(edit_registry, by("ada"), registry(), name="Audio"),
        lambda: partial(create_registry, by("bea"), organization(), "Audio"),
    ),
    "a registry narrows its types while another type comes in": (
        lambda: partial(accept_types, by("ada"), registry(), ["dataset"]),
        _link_weights,
    ),
    "two admins demote each other": (lambda: _demote("ada", "bea"), lambda: _demote("bea", "ada")),
    "two admins remove themselves": (
        lambda: partial(remove_member, by("ada"), registry(), person("ada")),
        lambda: partial(remove_member, by("bea"), registry(), person("bea")),
    ),
    "two admins of an organization demote each other": (
        lambda: _demote_in_organization("carl", "dora"),
        lambda: _demote_in_organization("dora", "carl"),
    ),
    "the last admin of a registry and that of its organization step down": (
        lambda: _demote("ada", "ada"),
        lambda: _demote_in_organization("carl", "carl", "atlas"),
        _only_ada_and_carl,
    ),
    "the last admin of a registry steps down while the other is deactivated": (
        lambda: _demote("ada", "ada"),
        lambda: partial(deactivate_user, OPERATOR, person("bea")),
    ),
    "the last two admins are deactivated": (
        lambda: partial(deactivate_user, OPERATOR, person("ada")),
        lambda: partial(deactivate_user, OPERATOR, person("bea")),
    ),
    "the last two of the team that administers leave it": (
        lambda: _leave_team("max"),
        lambda: _leave_team("mia"),
        _only_the_team,
    ),
    "somebody is taken out of the organization while they get into a team": (
        lambda: _leave_organization("vic"),
        lambda: partial(add_to_team, OPERATOR, furniture.team(), person("vic")),
    ),
    "somebody is taken out of the organization while their role changes": (
        lambda: _leave_organization("bea"),
        lambda: _demote("ada", "bea"),
    ),
    "two people get one e-mail address": (
        lambda: partial(create_user, OPERATOR, "eva", email="e@example.org"),
        lambda: partial(create_user, OPERATOR, "emil", email="E@example.org"),
    ),
}
