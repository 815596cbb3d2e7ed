"""From an address to what it names, as far as the person may see it.

A view below takes a place instead of names. Whatever it refuses, by raising a RegistryError,
is answered as a page or a fragment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.callers import Caller, Way
from accounts.errors import Conflict, NotFound, RegistryError
from accounts.models import Organization, User
from registries.models import Collection, Registry, Version
from registries.permissions import Access, access_for
from registries.queries.aliases import ShownAlias, aliases_of
from registries.queries.version import find_version
from registries.views.answers import refused
from registries.views.frame import frame_of
from registries.visibility import get_registry

P = ParamSpec("P")
Answer = HttpResponseBase


@dataclass(frozen=True)
class RegistryPlace:
    registry: Registry
    access: Access

    @property
    def organization(self) -> Organization:
        return self.registry.organization

    def registry_page(self, name: str = "registry") -> str:
        """The address of the registry, or of the page of it that is called `name`."""
        return reverse(name, args=[self.organization.name, self.registry.name])


@dataclass(frozen=True)
class CollectionPlace(RegistryPlace):
    collection: Collection

    def collection_page(self, name: str = "collection") -> str:
        names = [self.organization.name, self.registry.name, self.collection.name]
        return reverse(name, args=names)


@dataclass(frozen=True)
class VersionPlace(CollectionPlace):
    version: Version
    aliases: list[ShownAlias]

    def version_page(self, name: str = "version") -> str:
        names = [self.organization.name, self.registry.name, self.collection.name]
        return reverse(name, args=[*names, self.version.number])

    @property
    def carried(self) -> frozenset[str]:
        """Names of the aliases on the version: the judge asks for them."""
        return frozenset(alias.name for alias in self.aliases)

    @property
    def is_protected(self) -> bool:
        return any(alias.protected for alias in self.aliases)


class Gone(Conflict):
    """The version was there once; its number is never given again. `way_on` is where to go."""

    status = 410

    def __init__(self, number: int, collection: Collection, way_on: str) -> None:
        super().__init__(
            "version_gone",
            f"v{number} is no longer in {collection.name}: it was unlinked. Nothing was changed.",
        )
        self.way_on = way_on
        self.way_on_label = collection.name


def person(request: HttpRequest) -> User:
    """Who is signed in. Public views do not call this."""
    if not isinstance(request.user, User):
        raise NotFound
    return request.user


def caller(request: HttpRequest) -> Caller:
    return Caller(person(request), Way.WEB)


def in_organization(
    view: Callable[Concatenate[HttpRequest, Organization, P], Answer],
) -> Callable[..., Answer]:
    @wraps(view)
    def answer(
        request: HttpRequest, organization: str, *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        try:
            place = frame_of(request).open_organization(organization)
            return view(request, place, *args, **kwargs)
        except RegistryError as refusal:
            return refused(request, refusal)

    return answer


def in_registry(
    view: Callable[Concatenate[HttpRequest, RegistryPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, ("organization", "registry"), _registry_place)


def in_collection(
    view: Callable[Concatenate[HttpRequest, CollectionPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, ("organization", "registry", "collection"), _collection_place)


def in_version(
    view: Callable[Concatenate[HttpRequest, VersionPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, ("organization", "registry", "collection", "number"), _version_place)


def _at(
    view: Callable[..., Answer], names: tuple[str, ...], find: Callable[..., RegistryPlace]
) -> Callable[..., Answer]:
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> Answer:
        try:
            place = find(request, *(kwargs.pop(name) for name in names))
            return view(request, place, **kwargs)
        except RegistryError as refusal:
            return refused(request, refusal)

    return answer


def _registry_place(request: HttpRequest, organization: str, registry: str) -> RegistryPlace:
    found = get_registry(person(request), organization, registry)
    frame_of(request).choose(found.organization)
    return RegistryPlace(found, access_for(person(request), found))


def _collection_place(
    request: HttpRequest, organization: str, registry: str, collection: str
) -> CollectionPlace:
    above = _registry_place(request, organization, registry)
    found = (
        Collection.objects.filter(project=above.registry.pk, name=collection)
        .select_related("created_by", "changed_by")
        .first()
    )
    if found is None:
        raise NotFound
    found.project = above.registry.project
    return CollectionPlace(above.registry, above.access, found)


def _version_place(
    request: HttpRequest, organization: str, registry: str, collection: str, number: int
) -> VersionPlace:
    above = _collection_place(request, organization, registry, collection)
    found = find_version(person(request), above.collection, number)
    if found is None:
        if number >= above.collection.next_number:
            raise NotFound
        raise Gone(number, above.collection, above.collection_page())
    found.collection = above.collection
    aliases = aliases_of(found, above.access)
    return VersionPlace(above.registry, above.access, above.collection, found, aliases)


def read_again(request: HttpRequest, place: VersionPlace) -> VersionPlace:
    """The same version after a change."""
    names = (place.organization.name, place.registry.name, place.collection.name)
    return _version_place(request, *names, place.version.number)
