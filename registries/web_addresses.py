"""Addresses of pages of things that stand elsewhere than the page that names them."""

from __future__ import annotations

from django.urls import reverse

from artifacts.models import Project, Run
from registries.models import Collection, Registry, Version


def names_of(project: Project) -> list[str]:
    """Owner and name as they stand in addresses. Reads `entity` and, if there, `registry`."""
    registry: Registry | None = getattr(project, "registry", None)
    return [project.entity.name, registry.name if registry else project.name]


def home_address(project: Project) -> str:
    """Of the registry it is, or of the project."""
    twin = "registry" if getattr(project, "registry", None) else "project"
    return reverse(twin, args=names_of(project))


def collection_address(collection: Collection) -> str:
    """Reads `project` with its `entity` and `registry`."""
    project = collection.project
    twin = "collection" if getattr(project, "registry", None) else "project-collection"
    return reverse(twin, args=[*names_of(project), collection.name])


def version_address(version: Version) -> str:
    """Reads `collection.project` with its `entity` and `registry`."""
    project = version.collection.project
    twin = "version" if getattr(project, "registry", None) else "project-version"
    return reverse(twin, args=[*names_of(project), version.collection.name, version.number])


def run_address(run: Run) -> str:
    """Reads `project.entity`."""
    return reverse("run", args=[run.project.entity.name, run.project.name, run.name])
