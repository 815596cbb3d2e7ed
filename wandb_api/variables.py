"""Variables as newer and older SDKs send them."""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    type_from_ast,
)

from wandb_api.schema import SCHEMA


def without_unknown_nulls(document: DocumentNode, variables: dict[str, Any]) -> dict[str, Any]:
    """Drops null fields this schema does not know.

    The SDK's Go half writes every field of its input structs, unset ones as null; a field of a
    newer SDK must not make an old server refuse what does not use it.
    """
    types = {
        variable.variable.name.value: type_from_ast(SCHEMA, variable.type)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        for variable in definition.variable_definitions or ()
    }
    return {name: _strip(value, types.get(name)) for name, value in variables.items()}


def _strip(value: Any, wanted: GraphQLInputType | Any | None) -> Any:
    while isinstance(wanted, GraphQLNonNull):
        wanted = wanted.of_type
    if isinstance(wanted, GraphQLList) and isinstance(value, list):
        return [_strip(item, wanted.of_type) for item in value]
    if isinstance(wanted, GraphQLInputObjectType) and isinstance(value, dict):
        return {
            name: _strip(item, wanted.fields[name].type if name in wanted.fields else None)
            for name, item in value.items()
            if item is not None or name in wanted.fields
        }
    return value
