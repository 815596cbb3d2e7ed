"""What stands in a furnished place, all made by the operations, and how to find it by name.

Organization `atlas`, which nobody administers: ada and bea are admins of its registry Model by
grant, max and mia members through the team harbor, vic is in the organization only.
The project zoo belongs to harbor; ada and bea read it.
Organization `basin`: carl and dora are its admins, and nobody else administers its registry Basin.
"""

from __future__ import annotations

import io

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import Organization, Team, User
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user
from accounts.operations.teams import add_to_team, create_team
from artifacts.models import Artifact, Project
from artifacts.operations.projects import create_project
from registries.models import Collection, Registry, Version
from registries.operations.aliases import add_aliases
from registries.operations.members import add_member, remove_member
from registries.operations.organizations import create_organization
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from registries.operations.sources import log_version
from registries.operations.versions import link_version
from registries.roles import Role

ARTIFACTS = 8
PEOPLE_OF_ATLAS = ("ada", "bea", "max", "mia", "vic")


def furnish() -> None:
    """Model/Zoo: v0 champion, v1 production (protected), v2 canary and latest."""
    _people()
    _registries()
    project = create_project(by("max"), Team.objects.get(name="harbor").entity, "zoo")
    for number in range(ARTIFACTS):
        log_content(project, "animals", f"animals {number}")
    log_version(by("max"), project, "weights", "model", {"weights": io.BytesIO(b"weights")})
    for number, alias in enumerate(["champion", "production", "canary"]):
        link_version(by("max"), artifact(number), registry("Model").project, "Zoo")
        caller = by("ada" if alias == "production" else "max")
        add_aliases(caller, version("Zoo", number), [alias])
    link_version(by("max"), artifact(0), registry("Model").project, "Aviary", ["champion"])


def by(name: str, way: Way = Way.WEB) -> Caller:
    return Caller(person(name), way)


def person(name: str) -> User:
    return User.objects.select_related("entity").get(username=name)


def team() -> Team:
    return Team.objects.select_related("entity", "organization__entity").get(name="harbor")


def organization(name: str = "atlas") -> Organization:
    return Organization.objects.select_related("entity").get(entity__name=name)


def registry(name: str = "Model") -> Registry:
    return Registry.objects.select_related("project", "organization__entity").get(name=name)


def project() -> Project:
    return Project.objects.select_related("entity").get(name="zoo")


def collection(name: str) -> Collection:
    return Collection.objects.select_related("project__entity").get(name=name)


def version(collection_name: str, number: int) -> Version:
    return Version.objects.select_related("collection__project__entity", "artifact").get(
        collection__name=collection_name, number=number
    )


def artifact(number: int, sequence: str = "animals") -> Artifact:
    """The content that was logged as this number."""
    return Artifact.objects.select_related("project__entity").get(
        versions__collection__name=sequence, versions__number=number
    )


def log_content(where: Project, name: str, text: str) -> Version:
    """As a script of max does it; every text is content of its own."""
    files = {"table.csv": io.BytesIO(text.encode())}
    return log_version(by("max"), where, name, "dataset", files).version


def _people() -> None:
    atlas = create_organization(OPERATOR, "atlas", with_core_registries=False)
    basin = create_organization(OPERATOR, "basin", with_core_registries=False)
    for name in (*PEOPLE_OF_ATLAS, "carl", "dora"):
        create_user(OPERATOR, name)
    for name in PEOPLE_OF_ATLAS:
        set_organization_role(OPERATOR, atlas, person(name), "member")
    for name in ("carl", "dora"):
        set_organization_role(OPERATOR, basin, person(name), "admin")
    harbor = create_team(OPERATOR, atlas, "harbor")
    for name in ("max", "mia"):
        add_to_team(OPERATOR, harbor, person(name))
    for name in ("ada", "bea"):
        add_to_team(OPERATOR, harbor, person(name), "viewer")


def _registries() -> None:
    model = create_registry(by("ada"), organization("atlas"), "Model")
    add_member(by("ada"), model, person("bea"), Role.ADMIN)
    add_member(by("ada"), model, team(), Role.MEMBER)
    protect_aliases(by("ada"), model, ["production"])
    basin = create_registry(by("carl"), organization("basin"), "Basin")
    remove_member(by("carl"), basin, person("carl"))
