"""Addresses of pages of things that stand elsewhere than the page that names them."""

from __future__ import annotations

from accounts.addresses import address_of
from artifacts.models import Project, Run
from registries.models import Collection, Registry, Version


def names_of(project: Project) -> list[str]:
    """Owner and name as they stand in addresses. Reads `entity` and, if there, `registry`."""
    registry: Registry | None = getattr(project, "registry", None)
    return [project.entity.name, registry.name if registry else project.name]


def home_address(project: Project) -> str:
    """Of the registry it is, or of the project."""
    return _address_in(project, "registry", "project")


def collection_address(collection: Collection) -> str:
    """Reads `project` with its `entity` and `registry`."""
    return _address_in(collection.project, "collection", "project-collection", collection.name)


def version_address(version: Version) -> str:
    """Reads `collection.project` with its `entity` and `registry`."""
    collection = version.collection
    rest = (collection.name, version.number)
    return _address_in(collection.project, "version", "project-version", *rest)


def _address_in(project: Project, below_registry: str, twin: str, *rest: str | int) -> str:
    registry: Registry | None = getattr(project, "registry", None)
    if registry is None:
        return address_of(twin, project.entity.name, project.name, *rest)
    return address_of(below_registry, project.entity.name, registry.name, *rest)


def run_address(run: Run) -> str:
    """Reads `project.entity`."""
    return address_of("run", run.project.entity.name, run.project.name, run.name)
