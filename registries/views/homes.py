"""The places a page may be about: a home, or a run, a collection, a version in it.

Collections live in registries and in projects of teams and people: both are homes, with the same
pages below them.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.addresses import address_of
from accounts.errors import NotFound
from accounts.models import Organization
from artifacts.models import Project, Run
from artifacts.permissions import may_delete_project
from registries.models import Collection, Registry, Version
from registries.permissions import Access
from registries.queries.aliases import ShownAlias


@dataclass(frozen=True)
class HomePlace:
    """A registry, or a project of a team or a person. `name` is what people read."""

    home: Project
    access: Access

    @property
    def name(self) -> str:
        return self.access.home_name

    @property
    def is_registry(self) -> bool:
        return self.access.registry is not None

    @property
    def section(self) -> str:
        """The part of the site it belongs to, for the header."""
        return "registries" if self.is_registry else "projects"

    def can_delete_project(self) -> bool:
        """Asks the database: only pages that offer it call this."""
        return may_delete_project(self.access.user, self.home.entity)

    @property
    def organization(self) -> Organization | None:
        """None for what belongs to a person."""
        if self.access.registry is not None:
            return self.access.registry.organization
        return organization_of(self.home)

    @property
    def owner_name(self) -> str:
        return self.home.entity.name

    @property
    def owner_page(self) -> str:
        if self.is_registry:
            return address_of("home", self.owner_name)
        return f"{reverse('projects')}?{urlencode({'owner': self.owner_name})}"

    @property
    def search_in(self) -> str:
        """The organization whose search finds what is here: it looks in registries."""
        return self.owner_name if self.is_registry else ""

    @property
    def home_page(self) -> str:
        return address_of("registry" if self.is_registry else "project", *self._names)

    def address(self, name: str, *rest: str | int) -> str:
        """Of the page called `name` below a registry, or of its twin below a project."""
        twin = name if self.is_registry else f"project-{name}"
        return address_of(twin, *self._names, *rest)

    @property
    def _names(self) -> list[str]:
        return [self.owner_name, self.name]


@dataclass(frozen=True)
class RegistryPlace(HomePlace):
    @property
    def registry(self) -> Registry:
        if self.access.registry is None:
            raise NotFound
        return self.access.registry

    @property
    def organization(self) -> Organization:
        return self.registry.organization

    def registry_page(self, name: str = "registry") -> str:
        """The address of the registry, or of the page of it that is called `name`."""
        return address_of(name, self.organization.name, self.registry.name)


@dataclass(frozen=True)
class RunPlace(HomePlace):
    run: Run

    def run_page(self, name: str = "run", *rest: str) -> str:
        return address_of(name, self.owner_name, self.name, self.run.name, *rest)


@dataclass(frozen=True)
class CollectionPlace(HomePlace):
    collection: Collection

    @property
    def is_sequence(self) -> bool:
        """What runs and people log; the others hold links."""
        return self.collection.kind == Collection.Kind.SEQUENCE

    @property
    def path(self) -> str:
        """As scripts of the organization write it, to which `:alias` is added."""
        if self.is_registry:
            return f"{self.home.name}/{self.collection.name}"
        return self.whole_path

    @property
    def whole_path(self) -> str:
        """As scripts of anybody write it."""
        return f"{self.owner_name}/{self.home.name}/{self.collection.name}"

    @property
    def upload_page(self) -> str:
        """Where files become the next version of a sequence."""
        names = [self.owner_name, self.name]
        query = urlencode({"name": self.collection.name, "type": self.collection.type})
        return f"{reverse('upload', args=names)}?{query}"

    def collection_page(self, name: str = "collection") -> str:
        return self.address(name, self.collection.name)


@dataclass(frozen=True)
class VersionPlace(CollectionPlace):
    version: Version
    aliases: list[ShownAlias]

    def version_page(self, name: str = "version", *rest: str) -> str:
        return self.address(name, self.collection.name, self.version.number, *rest)

    @property
    def carried(self) -> frozenset[str]:
        """Names of the aliases on the version: the judge asks for them."""
        return frozenset(alias.name for alias in self.aliases)

    @property
    def is_protected(self) -> bool:
        return any(alias.protected for alias in self.aliases)


def organization_of(project: Project) -> Organization | None:
    """Of the team a project belongs to; None for a person's own."""
    team = getattr(project.entity, "team", None)
    return team.organization if team else None
