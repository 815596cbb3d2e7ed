"""What one request brings along while it is executed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues


@dataclass(slots=True)
class Execution:
    """Resolvers get it as their `info`."""

    context: Any
    schema: GraphQLSchema
    values: VariableValues
    errors: list[GraphQLError] = field(default_factory=list)
