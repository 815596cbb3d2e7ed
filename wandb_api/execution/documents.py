"""A validated document, and the plans of its operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    execute_sync,
    get_variable_values,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from wandb_api.execution.inputs import Unusual, Variables
from wandb_api.execution.request import Execution
from wandb_api.execution.selections import Answer, Selections
from wandb_api.variables import without_unknown_nulls

MOST_SWITCHES = 6


class Document:
    """One text of the SDK. Kept between requests, so it holds nothing of any of them."""

    def __init__(self, schema: GraphQLSchema, node: DocumentNode) -> None:
        self._schema = schema
        self._node = node
        self._operations: dict[str, _Operation] = {}
        fragments = {
            definition.name.value: FragmentDetails(definition)
            for definition in node.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                name = definition.name.value if definition.name else ""
                self._operations[name] = _Operation(schema, node, fragments, definition)

    def execute(
        self, context: Any, variables: dict[str, Any], operation_name: str | None = None
    ) -> ExecutionResult:
        """As graphql-core's `execute_sync`, with null fields unknown to inputs left out."""
        operation = self._chosen(operation_name)
        answered = operation.execute(context, variables) if operation else None
        return answered or execute_sync(
            self._schema,
            self._node,
            context_value=context,
            variable_values=without_unknown_nulls(self._node, variables),
            operation_name=operation_name,
        )

    def _chosen(self, name: str | None) -> _Operation | None:
        if name is None:
            only = len(self._operations) == 1
            return next(iter(self._operations.values())) if only else None
        return self._operations.get(name)


class _Operation:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        fragments: dict[str, FragmentDetails],
        definition: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._document = document
        self._definition = definition
        self._fragments = fragments
        self._variables = Variables(schema, definition)
        self._switches = sorted(set(_switches(document)))
        self._plans: dict[tuple[Any, ...], Answer] = {}

    def execute(self, context: Any, given: dict[str, Any]) -> ExecutionResult | None:
        """None for what graphql-core has to tell: an operation that cannot begin."""
        values = self._values(given)
        if values is None or len(self._switches) > MOST_SWITCHES:
            return None
        switched = tuple(values.coerced.get(name) for name in self._switches)
        plan = self._plans.get(switched) or self._planned(switched)
        return plan and _answered(plan, Execution(context, self._schema, values))

    def _values(self, given: dict[str, Any]) -> VariableValues | None:
        try:
            return self._variables.read(given)
        except Unusual:
            pass
        known = without_unknown_nulls(self._document, given)
        definitions = self._definition.variable_definitions or ()
        values = get_variable_values(self._schema, definitions, known, max_errors=50)
        return values if isinstance(values, VariableValues) else None

    def _planned(self, switched: tuple[Any, ...]) -> Answer | None:
        if not all(isinstance(value, bool) for value in switched):
            return None
        only = VariableValues({}, dict(zip(self._switches, switched, strict=True)))
        plan = Selections(self._schema, self._fragments, self._definition, only).root()
        self._plans[switched] = plan
        return plan


def _answered(plan: Answer, execution: Execution) -> ExecutionResult:
    try:
        data = plan(None, execution, None)
    except GraphQLError as error:
        execution.errors.append(error)
        data = None
    return ExecutionResult(data, execution.errors or None)


def _switches(node: Node) -> Iterator[str]:
    """Names of the variables by which fields are included or skipped."""
    for directive in getattr(node, "directives", None) or ():
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                yield argument.value.name.value
    for child in _children(node):
        yield from _switches(child)


def _children(node: Node) -> Iterator[Node]:
    for name in ("definitions", "selection_set", "selections"):
        found = getattr(node, name, None)
        if isinstance(found, Node):
            yield found
        elif found:
            yield from found
