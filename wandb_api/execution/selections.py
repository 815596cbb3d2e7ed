"""From a selection set to the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    located_error,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import inspect, is_iterable

from wandb_api.execution.inputs import EXACT, Arguments, and_ahead, arguments_of
from wandb_api.execution.request import Execution
from wandb_api.looking_ahead import field_looked_at

Place = tuple[Any, str | int] | None
Answer = Callable[[Any, Execution, Place], Any]


@dataclass(slots=True, frozen=True)
class Field:
    """Where the answers of a field belong, and what their failure is told of."""

    name: str
    nodes: list[FieldNode]

    def failed(
        self, raised: Exception, wanted: GraphQLOutputType, execution: Execution, place: Place
    ) -> None:
        """Null where the type lets it be; else the object around it is null."""
        error = located_error(raised, self.nodes, _path(place))
        if isinstance(wanted, GraphQLNonNull):
            raise error
        execution.errors.append(error)


class Selections:
    """Makes the functions for one operation, with the fields its variables include."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDetails],
        operation: OperationDefinitionNode,
        values: VariableValues,
    ) -> None:
        self._schema = schema
        self._parts = (schema, fragments, values)
        self._operation = operation

    def root(self) -> Answer:
        root_type = self._schema.get_root_type(self._operation.operation)
        collected = collect_fields(*self._parts, cast("Any", root_type), self._operation)
        return self._object(cast("Any", root_type), collected.grouped_field_set)

    def _object(self, parent: GraphQLObjectType, grouped: GroupedFieldSet) -> Answer:
        planned = [(key, *self._field(parent, details)) for key, details in grouped.items()]

        def answer(source: Any, execution: Execution, place: Place) -> dict[str, Any]:
            answers: dict[str, Any] = {}
            for key, resolve, arguments, complete, at, wanted in planned:
                here = (place, key)
                try:
                    if arguments is None:
                        result = resolve(source, execution)
                    else:
                        result = resolve(source, execution, **arguments(execution))
                    answers[key] = complete(result, execution, here)
                except Exception as raised:  # noqa: BLE001 each becomes an error of the answer
                    at.failed(raised, wanted, execution, here)
                    answers[key] = None
            return answers

        return answer

    def _field(
        self, parent: GraphQLObjectType, details: FieldDetailsList
    ) -> tuple[Callable[..., Any], Arguments | None, Answer, Field, GraphQLOutputType]:
        node = details[0].node
        definition = cast("GraphQLField", self._schema.get_field(parent, node.name.value))
        planned = Field(f"{parent}.{node.name.value}", [detail.node for detail in details])
        resolver = self._resolver(parent, definition, node)
        arguments = arguments_of(definition, node)
        looked_at = field_looked_at(resolver)
        if looked_at is not None:
            arguments = and_ahead(arguments, self._arguments_ahead(definition, details, looked_at))
        return (
            resolver,
            arguments,
            self._complete(definition.type, planned, details),
            planned,
            definition.type,
        )

    def _arguments_ahead(
        self, definition: GraphQLField, details: FieldDetailsList, name: str
    ) -> Arguments | None:
        """Of the first field of this name in what `details` select; None without one."""
        wanted = cast("GraphQLObjectType", get_named_type(definition.type))
        schema, fragments, values = self._parts
        collected = collect_subfields(schema, fragments, values, self._operation, wanted, details)
        for selected in collected.grouped_field_set.values():
            node = selected[0].node
            if node.name.value == name:
                return arguments_of(wanted.fields[name], node)
        return None

    def _resolver(
        self, parent: GraphQLObjectType, definition: GraphQLField, node: FieldNode
    ) -> Callable[..., Any]:
        if node.name.value == "__typename":
            return lambda source, info: parent.name
        return definition.resolve or _attribute(node.name.value)

    def _complete(
        self, wanted: GraphQLOutputType, planned: Field, details: FieldDetailsList
    ) -> Answer:
        if isinstance(wanted, GraphQLNonNull):
            return _required(self._complete(wanted.of_type, planned, details), planned)
        if isinstance(wanted, GraphQLList):
            item = self._complete(wanted.of_type, planned, details)
            return _many(wanted.of_type, item, planned)
        if is_leaf_type(wanted):
            return _leaf(wanted)
        if is_abstract_type(wanted):
            return self._abstract(wanted, planned, details)
        return _present(self._of_type(cast("GraphQLObjectType", wanted), details))

    def _of_type(self, wanted: GraphQLObjectType, details: FieldDetailsList) -> Answer:
        schema, fragments, values = self._parts
        collected = collect_subfields(schema, fragments, values, self._operation, wanted, details)
        return self._object(wanted, collected.grouped_field_set)

    def _abstract(
        self, wanted: GraphQLAbstractType, planned: Field, details: FieldDetailsList
    ) -> Answer:
        by_name = {
            possible.name: self._of_type(possible, details)
            for possible in self._schema.get_possible_types(wanted)
        }
        resolve_type = wanted.resolve_type
        if resolve_type is None:
            raise TypeError(f"Nothing tells the types of {wanted} apart.")

        def complete(result: Any, execution: Execution, place: Place) -> Any:
            name = resolve_type(result, cast("Any", execution), wanted)
            if name not in by_name:
                raise GraphQLError(
                    f"Runtime Object type '{name}' is not a possible type for '{wanted}'.",
                    planned.nodes,
                )
            return by_name[name](result, execution, place)

        return _present(complete)


def _attribute(name: str) -> Callable[..., Any]:
    """What graphql-core's default resolver does."""

    def resolve(source: Any, info: Any, **arguments: Any) -> Any:
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        return value(info, **arguments) if callable(value) else value

    return resolve


def _required(complete: Answer, planned: Field) -> Answer:
    def required(result: Any, execution: Execution, place: Place) -> Any:
        completed = complete(result, execution, place)
        if completed is None:
            raise TypeError(f"Cannot return null for non-nullable field {planned.name}.")
        return completed

    return required


def _present(complete: Answer) -> Answer:
    """Null stays null; an exception that was returned is one that was raised."""

    def present(result: Any, execution: Execution, place: Place) -> Any:
        if result is None or result is Undefined:
            return None
        if isinstance(result, Exception):
            raise result
        return complete(result, execution, place)

    return present


def _many(item_type: GraphQLOutputType, complete: Answer, planned: Field) -> Answer:
    def many(result: Any, execution: Execution, place: Place) -> list[Any]:
        if not is_iterable(result):
            raise GraphQLError(
                f"Expected Iterable, but did not find one for field '{planned.name}'."
            )
        items: list[Any] = []
        for index, item in enumerate(result):
            here = (place, index)
            try:
                items.append(complete(item, execution, here))
            except Exception as raised:  # noqa: BLE001 each becomes an error of the answer
                planned.failed(raised, item_type, execution, here)
                items.append(None)
        return items

    return _present(many)


def _leaf(wanted: GraphQLLeafType) -> Answer:
    exact = EXACT.get(wanted.name)

    def coerced(result: Any, execution: Execution, place: Place) -> Any:
        value = wanted.coerce_output_value(result)
        if value is None or value is Undefined:
            raise TypeError(
                f"Expected `{inspect(wanted)}.coerce_output_value({inspect(result)})` to "
                f"return non-nullable value, returned: {inspect(value)}"
            )
        return value

    usual = _present(coerced)

    def complete(result: Any, execution: Execution, place: Place) -> Any:
        return result if type(result) is exact else usual(result, execution, place)

    return complete


def _path(place: Place) -> list[str | int]:
    keys: list[str | int] = []
    while place is not None:
        place, key = place
        keys.append(key)
    return keys[::-1]
