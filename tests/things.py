"""What personas act on: a project of the team, logged versions, links into the registry."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from artifacts.operations.projects import create_project
from registries.models import Alias, Event, Registry
from registries.operations.aliases import add_aliases
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from registries.operations.sources import log_version
from registries.operations.versions import link_version
from tests.personas import caller_of

if TYPE_CHECKING:
    from typing import BinaryIO

    from accounts.models import Organization, Team, User
    from artifacts.models import Artifact, Project
    from registries.models import Collection, Version

COLLECTION = "Zoo_Classifier_Models"


def files(text: str) -> dict[str, BinaryIO]:
    return {"zoo.csv": io.BytesIO(text.encode())}


def log(by: User, project: Project, text: str, **options: Any) -> Version:
    """A version of the sequence zoo_dataset whose one file holds `text`."""
    options = {"name": "zoo_dataset", "type_name": "dataset"} | options
    return log_version(caller_of(by), project, files=files(text), **options).version


def link(
    by: User, artifact: Artifact, home: Registry | Project, *aliases: str, name: str = COLLECTION
) -> Version:
    project = home.project if isinstance(home, Registry) else home
    return link_version(caller_of(by), artifact, project, name, aliases).version


def put(by: User, version: Version, *aliases: str) -> None:
    add_aliases(caller_of(by), version, aliases)


def aliases_of(collection: Collection) -> dict[str, str]:
    """Name → the label of the version it points at, all of one collection."""
    return {
        alias.name: alias.version.label
        for alias in Alias.objects.filter(collection=collection).select_related("version")
    }


def history() -> list[str]:
    """The kinds of all events, oldest first."""
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def project(team: Team, member: User) -> Project:
    return create_project(caller_of(member), team.entity, "zoo_experiment")


@pytest.fixture
def source(project: Project, member: User) -> Version:
    """zoo_dataset:v0, logged by the member."""
    return log(member, project, "as published")


@pytest.fixture
def second_source(source: Version, project: Project, member: User) -> Version:
    """zoo_dataset:v1, logged by the member."""
    return log(member, project, "cleaned")


@pytest.fixture
def version(source: Version, registry: Registry, member: User) -> Version:
    """Zoo_Classifier_Models:v0 in the registry, carrying `latest` alone."""
    return link(member, source.artifact, registry)


@pytest.fixture
def second_version(
    version: Version, second_source: Version, registry: Registry, member: User
) -> Version:
    """Zoo_Classifier_Models:v1, which took `latest` over."""
    return link(member, second_source.artifact, registry)


@pytest.fixture
def collection(version: Version) -> Collection:
    return version.collection


@pytest.fixture
def protected_version(version: Version, registry: Registry, admin: User) -> Version:
    """v0, carrying `production`, which is protected."""
    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, version, "production")
    return version


@pytest.fixture
def restricted_registry(organization: Organization, org_admin: User) -> Registry:
    """Made by the admin of the organization; nobody else is in."""
    return create_registry(caller_of(org_admin), organization, "Secret", visibility="restricted")
