"""Collections: renamed, described, tagged, deleted."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from typing import Any

from registries.models import Collection
from registries.operations import collections, sources
from wandb_api.context import Info
from wandb_api.resolvers.found import Input, collection_named, collection_with_id, tag_names
from wandb_api.types.artifacts import TagType
from wandb_api.types.collections import CollectionNode

SEQUENCE, PORTFOLIO = "ArtifactSequence", "ArtifactPortfolio"


def update_sequence(_: Any, info: Info, input: Input) -> dict[str, Any]:
    return _update(info, input, SEQUENCE, "artifactSequenceID")


def update_portfolio(_: Any, info: Info, input: Input) -> dict[str, Any]:
    return _update(info, input, PORTFOLIO, "artifactPortfolioID")


def move_sequence(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """To another type; its artifacts follow."""
    context = info.context
    collection = sources.change_type(
        context.by,
        collection_with_id(context, SEQUENCE, input["artifactSequenceID"]),
        input["destinationArtifactTypeName"],
    )
    return {"artifactCollection": CollectionNode(collection)}


def delete_sequence(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    collection = collection_with_id(context, SEQUENCE, input["artifactSequenceID"])
    shown = _as_deleted(collection)
    sources.delete_sequence(context.by, collection, delete_aliases=True)
    return {"artifactCollection": shown}


def delete_portfolio(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    collection = collection_with_id(context, PORTFOLIO, input["artifactPortfolioID"])
    shown = _as_deleted(collection)
    collections.delete_collection(context.by, collection)
    return {"artifactCollection": shown}


def add_tags(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    names = tag_names(input["tags"])
    collection = collections.edit_collection(context.by, _named(info, input), add_tags=names)
    tags = collection.tags.filter(name__in=names).order_by("name")
    return {"tags": [TagType(tag) for tag in tags]}


def remove_tags(_: Any, info: Info, input: Input) -> dict[str, bool]:
    collections.edit_collection(
        info.context.by, _named(info, input), remove_tags=tag_names(input["tags"])
    )
    return {"success": True}


def _update(info: Info, input: Input, type_name: str, key: str) -> dict[str, Any]:
    context = info.context
    collection = collections.edit_collection(
        context.by,
        collection_with_id(context, type_name, input[key]),
        name=input.get("name"),
        description=input.get("description"),
    )
    return {"artifactCollection": CollectionNode(collection)}


def _named(info: Info, input: Input) -> Collection:
    return collection_named(
        info.context,
        input["entityName"],
        input["projectName"],
        input["artifactCollectionName"],
    )


def _as_deleted(collection: Collection) -> CollectionNode:
    shown = CollectionNode(collection)
    shown.state = "DELETED"
    return shown


FIELDS = {
    "updateArtifactSequence": update_sequence,
    "updateArtifactPortfolio": update_portfolio,
    "moveArtifactSequence": move_sequence,
    "deleteArtifactSequence": delete_sequence,
    "deleteArtifactPortfolio": delete_portfolio,
    "createArtifactCollectionTagAssignments": add_tags,
    "deleteArtifactCollectionTagAssignments": remove_tags,
}
