"""`addAliases` and `deleteAliases`: what `Artifact.save()` sends for aliases."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import NotFound
from registries.named import NamedVersion, version_of, version_where_it_was
from registries.operations import aliases as operations
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode
from wandb_api.resolvers.found import Input, alias_names, project_named, quoted
from wandb_api.types.projects import registry_in

SUCCESS = {"success": True}
Change = Callable[[Caller, NamedVersion, list[str]], object]


def add_aliases(_: Any, info: Info, input: Input) -> dict[str, bool]:
    return _change(info.context, input, operations.add_aliases)


def delete_aliases(_: Any, info: Info, input: Input) -> dict[str, bool]:
    return _change(info.context, input, operations.remove_aliases)


def _change(context: Context, input: Input, change: Change) -> dict[str, bool]:
    """All or nothing for the request, whatever collections its aliases are for."""
    if _is_changed_where_it_was(context, input, change):
        return SUCCESS
    wanted = _wanted(context, input)
    with nullcontext() if len(wanted) == 1 else transaction.atomic():
        for version in _in_order(list(wanted)):
            try:
                change(context.by, version, wanted[version])
            except NotFound as refusal:
                raise _unknown(version) from refusal
    return SUCCESS


def _is_changed_where_it_was(context: Context, input: Input, change: Change) -> bool:
    """False for whatever has to be looked up first: what is not there any more, or is hidden."""
    artifact_id = decode("Artifact", input["artifactID"])
    places = {
        (given["entityName"], registry_in(given["projectName"]), given["artifactCollectionName"])
        for given in input["aliases"]
    }
    if len(places) != 1:
        return False
    ((entity, registry, collection),) = places
    version = registry and version_where_it_was(
        context.user, entity, registry, collection, artifact_id
    )
    if not version:
        return False
    try:
        change(context.by, version, alias_names(input["aliases"]))
    except NotFound:
        return False
    return True


def _wanted(context: Context, input: Input) -> dict[NamedVersion, list[str]]:
    wanted: dict[NamedVersion, list[str]] = {}
    artifact_id = decode("Artifact", input["artifactID"])
    for given in input["aliases"]:
        project = project_named(context, given["entityName"], given["projectName"])
        named = NamedVersion(project, given["artifactCollectionName"], artifact_id)
        wanted.setdefault(named, []).append(given["alias"])
    return wanted


def _in_order(versions: list[NamedVersion]) -> list[NamedVersion]:
    """Locks are taken in the order of homes and collections, as everywhere."""
    if len(versions) == 1:
        return versions
    collections = {}
    for version in versions:
        found = version_of(version)
        if found is None:
            raise _unknown(version)
        collections[version] = found.collection
    return sorted(versions, key=lambda version: (version.project.pk, collections[version].pk))


def _unknown(version: NamedVersion) -> NotFound:
    return NotFound.of(f"version of this artifact in {quoted(version.collection_name)}")


FIELDS = {"addAliases": add_aliases, "deleteAliases": delete_aliases}
