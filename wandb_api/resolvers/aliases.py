"""`addAliases` and `deleteAliases`: what `Artifact.save()` sends for aliases."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from typing import Any

from django.db import transaction

from registries.models import Version
from registries.operations import aliases as operations
from wandb_api.context import Context, Info
from wandb_api.resolvers.found import Input, collection_named, version_in

SUCCESS = {"success": True}


@transaction.atomic
def add_aliases(_: Any, info: Info, input: Input) -> dict[str, bool]:
    """All or nothing for the request, whatever collections its aliases are for."""
    context = info.context
    for version, names in _by_version(context, input).items():
        operations.add_aliases(context.by, version, names)
    return SUCCESS


@transaction.atomic
def delete_aliases(_: Any, info: Info, input: Input) -> dict[str, bool]:
    context = info.context
    for version, names in _by_version(context, input).items():
        operations.remove_aliases(context.by, version, names)
    return SUCCESS


def _by_version(context: Context, input: Input) -> dict[Version, list[str]]:
    """Locks are taken in the order of homes and collections, as everywhere."""
    found: dict[Version, list[str]] = {}
    for given in input["aliases"]:
        collection = collection_named(
            context,
            given["entityName"],
            given["projectName"],
            given["artifactCollectionName"],
        )
        version = version_in(context, input["artifactID"], collection)
        found.setdefault(version, []).append(given["alias"])
    in_order = sorted(found, key=lambda version: (version.collection.project_id, version.pk))
    return {version: found[version] for version in in_order}


FIELDS = {"addAliases": add_aliases, "deleteAliases": delete_aliases}
