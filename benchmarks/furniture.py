"""A registry with collections, versions and aliases, made by the operations users come by."""

from __future__ import annotations

import io
from dataclasses import dataclass

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import Entity
from accounts.operations.api_keys import create_api_key
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user
from accounts.operations.teams import add_to_team, create_team
from artifacts.models import Artifact
from artifacts.operations.projects import create_project
from benchmarks.names import ALIAS, ORGANIZATION, REGISTRY, TEAM
from registries.models import Registry
from registries.operations.aliases import add_aliases
from registries.operations.members import add_member
from registries.operations.organizations import create_organization
from registries.operations.protected_aliases import protect_aliases
from registries.operations.sources import log_version
from registries.operations.versions import link_version
from registries.roles import Role


@dataclass(frozen=True)
class Furniture:
    """The key of a Member, the names of the collections, the artifacts each of them holds."""

    api_key: str
    collections: list[str]
    artifacts: list[int]


def furnish(collections: int, versions: int) -> Furniture:
    """Each collection holds the same `versions` artifacts and `candidate` on its first one.

    The key is a service account's, a Member by its team; one name is protected.
    """
    organization = create_organization(OPERATOR, ORGANIZATION)
    ada, trainer = (create_user(OPERATOR, name) for name in ("ada", "trainer"))
    set_organization_role(OPERATOR, organization, ada, "admin")
    set_organization_role(OPERATOR, organization, trainer, "member")
    team = create_team(OPERATOR, organization, TEAM)
    add_to_team(OPERATOR, team, trainer)
    registry = organization.registries.get(name=REGISTRY)
    admin = Caller(ada, Way.WEB)
    add_member(admin, registry, team, Role.MEMBER)
    protect_aliases(admin, registry, ["production"])
    names = [f"model-{number:04}" for number in range(collections)]
    artifacts = _artifacts(Caller(trainer, Way.SDK), versions)
    for name in names:
        _fill(Caller(trainer, Way.SDK), registry, name, artifacts)
    _, key = create_api_key(OPERATOR, trainer)
    return Furniture(key, names, [artifact.pk for artifact in artifacts])


def _artifacts(by: Caller, count: int) -> list[Artifact]:

    project = create_project(by, Entity.objects.get(name=TEAM), "training")
    return [
        log_version(
            by,
            project,
            name="classifier",
            type_name="model",
            files={"weights.bin": io.BytesIO(str(number).encode())},
        ).version.artifact
        for number in range(count)
    ]


def _fill(by: Caller, registry: Registry, name: str, artifacts: list[Artifact]) -> None:

    linked = [link_version(by, artifact, registry.project, name).version for artifact in artifacts]
    add_aliases(by, linked[0], [ALIAS])
