"""From an address to what it names, as far as the person may see it.

A view below takes a place instead of names. Whatever it refuses, by raising a RegistryError,
is answered as a page or a fragment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

from accounts.callers import Caller, Way
from accounts.errors import Conflict, NotFound, RegistryError
from accounts.models import Organization, User
from registries.effective_roles import role_of_row
from registries.models import Collection
from registries.permissions import access_from, access_to_project
from registries.queries.aliases import aliases_of
from registries.queries.version import find_version
from registries.views.answers import refused
from registries.views.frame import frame_of
from registries.views.homes import (
    CollectionPlace,
    HomePlace,
    RegistryPlace,
    RunPlace,
    VersionPlace,
    organization_of,
)
from registries.visibility import get_collection, get_project, get_registry, get_run

__all__ = [
    "Answer",
    "CollectionPlace",
    "Gone",
    "HomePlace",
    "RegistryPlace",
    "RunPlace",
    "VersionPlace",
    "answered",
    "caller",
    "in_collection",
    "in_home",
    "in_organization",
    "in_registry",
    "in_run",
    "in_version",
    "person",
    "read_again",
    "registry_again",
]

P = ParamSpec("P")
Answer = HttpResponseBase


class Gone(Conflict):
    """The version was there once; its number is never given again. `way_on` is where to go."""

    status = 410

    def __init__(self, number: int, collection: Collection, way_on: str) -> None:
        done = "deleted" if collection.kind == Collection.Kind.SEQUENCE else "unlinked"
        super().__init__(
            "version_gone",
            f"v{number} is no longer in {collection.name}: it was {done}. Nothing was changed.",
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


def answered(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """What the view refuses becomes a page or a fragment."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        try:
            return view(request, *args, **kwargs)
        except RegistryError as refusal:
            return refused(request, refusal)

    return answer


def in_organization(
    view: Callable[Concatenate[HttpRequest, Organization, P], Answer],
) -> Callable[..., Answer]:
    @answered
    @wraps(view)
    def answer(
        request: HttpRequest, organization: str, *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        place = frame_of(request).open_organization(organization)
        return view(request, place, *args, **kwargs)

    return answer


def in_registry(
    view: Callable[Concatenate[HttpRequest, RegistryPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, _registry_place)


def in_home(
    view: Callable[Concatenate[HttpRequest, HomePlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, _home_place)


def in_run(
    view: Callable[Concatenate[HttpRequest, RunPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, _run_place)


def in_collection(
    view: Callable[Concatenate[HttpRequest, CollectionPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, _collection_place)


def in_version(
    view: Callable[Concatenate[HttpRequest, VersionPlace, P], Answer],
) -> Callable[..., Answer]:
    return _at(view, _version_place)


def _at(
    view: Callable[..., Answer], find: Callable[[HttpRequest, dict[str, Any]], HomePlace]
) -> Callable[..., Answer]:
    """`find` takes the names it needs out of the address; the view gets the rest."""

    @answered
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> Answer:
        place = find(request, kwargs)
        return view(request, place, **kwargs)

    return answer


def _registry_place(request: HttpRequest, names: dict[str, Any]) -> RegistryPlace:
    user = person(request)
    found = get_registry(user, names.pop("organization"), names.pop("registry"))
    frame_of(request).choose(found.organization)
    found.project.entity = found.organization.entity
    return RegistryPlace(found.project, access_from(user, found, role_of_row(user, found)))


def _home_place(request: HttpRequest, names: dict[str, Any]) -> HomePlace:
    if "registry" in names:
        return _registry_place(request, names)
    user = person(request)
    project = get_project(user, names.pop("entity"), names.pop("project"))
    organization = organization_of(project)
    if organization is not None:
        frame_of(request).choose(organization)
    return HomePlace(project, access_to_project(user, project))


def _run_place(request: HttpRequest, names: dict[str, Any]) -> RunPlace:
    above = _home_place(request, names)
    run = get_run(above.home, names.pop("run"))
    return RunPlace(above.home, above.access, run)


def _collection_place(request: HttpRequest, names: dict[str, Any]) -> CollectionPlace:
    above = _home_place(request, names)
    collection = get_collection(above.home, names.pop("collection"))
    return CollectionPlace(above.home, above.access, collection)


def _version_place(request: HttpRequest, names: dict[str, Any]) -> VersionPlace:
    above = _collection_place(request, names)
    number = names.pop("number")
    found = find_version(person(request), above.collection, number)
    if found is None:
        if number >= above.collection.next_number:
            raise NotFound
        raise Gone(number, above.collection, above.collection_page())
    found.collection = above.collection
    aliases = aliases_of(found, above.access)
    return VersionPlace(above.home, above.access, above.collection, found, aliases)


def registry_again(request: HttpRequest, place: RegistryPlace) -> RegistryPlace | None:
    """The same registry after a change, None for whoever does not see it any more."""
    names = {"organization": place.organization.name, "registry": place.registry.name}
    try:
        return _registry_place(request, names)
    except NotFound:
        return None


def read_again(request: HttpRequest, place: VersionPlace) -> VersionPlace:
    """The same version after a change."""
    home = ("organization", "registry") if place.is_registry else ("entity", "project")
    names: dict[str, Any] = dict(zip(home, (place.owner_name, place.name), strict=True))
    names |= {"collection": place.collection.name, "number": place.version.number}
    return _version_place(request, names)
