"""`addAliases` and `deleteAliases`: what `Artifact.save()` sends for aliases."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import transaction

from accounts.errors import NotFound
from registries.models import Version
from registries.named import version_of
from registries.operations import aliases as operations
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode
from wandb_api.resolvers.found import Input, project_named, quoted

SUCCESS = {"success": True}


def add_aliases(_: Any, info: Info, input: Input) -> dict[str, bool]:
    return _change(info.context, input, operations.add_aliases)


def delete_aliases(_: Any, info: Info, input: Input) -> dict[str, bool]:
    return _change(info.context, input, operations.remove_aliases)


def _change(context: Context, input: Input, change: Callable[..., Any]) -> dict[str, bool]:
    """All or nothing for the request, whatever collections its aliases are for."""
    by_version = _by_version(context, input)
    with nullcontext() if len(by_version) == 1 else transaction.atomic():
        for version, names in by_version.items():
            change(context.by, version, names)
    return SUCCESS


def _by_version(context: Context, input: Input) -> dict[Version, list[str]]:
    """Locks are taken in the order of homes and collections, as everywhere."""
    found: dict[Version, list[str]] = {}
    for given in input["aliases"]:
        project = project_named(context, given["entityName"], given["projectName"])
        version = version_of(
            project.pk, given["artifactCollectionName"], decode("Artifact", input["artifactID"])
        )
        if version is None:
            name = given["artifactCollectionName"]
            raise NotFound.of(f"version of this artifact in {quoted(name)}")
        version.collection.project = project
        found.setdefault(version, []).append(given["alias"])
    in_order = sorted(found, key=lambda version: (version.collection.project_id, version.pk))
    return {version: found[version] for version in in_order}


FIELDS = {"addAliases": add_aliases, "deleteAliases": delete_aliases}
