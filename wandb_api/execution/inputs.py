"""Variables and arguments: the usual ones read by plan, the unusual ones by graphql-core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_argument_values,
    is_required_argument,
    type_from_ast,
)
from graphql.execution.values import VariableValues
from graphql.utilities import coerce_input_literal

from wandb_api.execution.request import Execution

Coerce = Callable[[Any], Any]
Arguments = Callable[[Execution], dict[str, Any]]

# Values of these types stand for themselves.
EXACT: dict[str, type] = {
    GraphQLString.name: str,
    GraphQLID.name: str,
    GraphQLBoolean.name: bool,
}


class Unusual(Exception):
    """A value the plan does not read; graphql-core coerces it or tells what is wrong with it."""


class Variables:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._inputs: dict[str, Coerce] = {}
        self._known: list[tuple[str, Coerce, Any, bool]] = []
        for definition in operation.variable_definitions or ():
            wanted: Any = type_from_ast(schema, definition.type)
            default: Any = Undefined
            if definition.default_value:
                default = coerce_input_literal(definition.default_value, wanted)
            self._known.append(
                (
                    definition.variable.name.value,
                    self._coerce(wanted),
                    default,
                    isinstance(wanted, GraphQLNonNull),
                )
            )

    def read(self, given: dict[str, Any]) -> VariableValues:
        """Unusual where a value is missing, invalid, or of a form the SDK does not send."""
        coerced = {}
        for name, coerce, default, is_required in self._known:
            if name in given:
                coerced[name] = coerce(given[name])
            elif default is not Undefined:
                if isinstance(default, list | dict):
                    raise Unusual
                coerced[name] = default
            elif is_required:
                raise Unusual
        return VariableValues({}, coerced)

    def _coerce(self, wanted: Any) -> Coerce:
        if isinstance(wanted, GraphQLNonNull):
            return _required(self._coerce(wanted.of_type))
        if isinstance(wanted, GraphQLList):
            return _many(self._coerce(wanted.of_type))
        if isinstance(wanted, GraphQLInputObjectType):
            return self._input(wanted)
        return _leaf(wanted)

    def _input(self, wanted: GraphQLInputObjectType) -> Coerce:
        """Looked up when it is called: an input may contain itself."""
        inputs, name = self._inputs, wanted.name
        if name not in inputs:
            inputs[name] = _refused
            inputs[name] = self._input_fields(wanted)
        return lambda value: inputs[name](value)  # noqa: PLW0108 looked up when called

    def _input_fields(self, wanted: GraphQLInputObjectType) -> Coerce:
        fields = {name: self._coerce(field.type) for name, field in wanted.fields.items()}
        is_plain = not wanted.is_one_of and all(
            field.default is None and field.out_name in {None, name}
            for name, field in wanted.fields.items()
        )
        required = {
            name for name, field in wanted.fields.items() if isinstance(field.type, GraphQLNonNull)
        }

        def coerce(value: Any) -> Any:
            if value is None:
                return None
            if type(value) is not dict or not required <= value.keys():
                raise Unusual
            unknown = value.keys() - fields.keys()
            if any(value[name] is not None for name in unknown):
                raise Unusual
            return {name: fields[name](item) for name, item in value.items() if name not in unknown}

        return coerce if is_plain else _refused


def _refused(value: Any) -> Any:
    raise Unusual


def _required(coerce: Coerce) -> Coerce:
    def required(value: Any) -> Any:
        if value is None:
            raise Unusual
        return coerce(value)

    return required


def _many(coerce: Coerce) -> Coerce:
    def many(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            raise Unusual
        return [coerce(item) for item in value]

    return many


def _leaf(wanted: Any) -> Coerce:
    exact = EXACT.get(wanted.name)
    coerce = wanted.coerce_input_value
    of_text = isinstance(wanted, GraphQLEnumType)

    def leaf(value: Any) -> Any:
        if value is None or type(value) is exact:
            return value
        if exact is not None or (of_text and type(value) is not str):
            raise Unusual
        try:
            coerced = coerce(value)
        except Exception as error:  # whatever a scalar raises, graphql-core tells it
            raise Unusual from error
        if coerced is Undefined:
            raise Unusual
        return coerced

    return leaf


def arguments_of(field: GraphQLField, node: FieldNode) -> Arguments | None:
    """None for a field without arguments."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if not field.args and not given:
        return None
    if not all(_is_usual(argument, given.get(name)) for name, argument in field.args.items()):
        return lambda execution: get_argument_values(field, node, execution.values)
    return _from_variables(
        field,
        node,
        [
            (argument.out_name or name, value.name.value, is_required_argument(argument))
            for name, argument in field.args.items()
            if isinstance(value := given.get(name), VariableNode)
        ],
    )


def and_ahead(arguments: Arguments | None, ahead: Arguments | None) -> Arguments | None:
    """What is wrong with those ahead is told when their own field is answered."""
    if ahead is None:
        return arguments

    def both(execution: Execution) -> dict[str, Any]:
        found = arguments(execution) if arguments is not None else {}
        try:
            return found | {"ahead": ahead(execution)}
        except GraphQLError:
            return found

    return both


def _is_usual(argument: GraphQLArgument, value: ValueNode | None) -> bool:
    """A variable, or nothing at all where nothing is needed."""
    if argument.default is not None:
        return False
    if value is None:
        return not is_required_argument(argument)
    return isinstance(value, VariableNode)


def _from_variables(
    field: GraphQLField, node: FieldNode, wanted: list[tuple[str, str, bool]]
) -> Arguments:
    def arguments(execution: Execution) -> dict[str, Any]:
        coerced = execution.values.coerced
        found = {}
        for name, variable, is_required in wanted:
            if variable in coerced:
                found[name] = coerced[variable]
            if is_required and found.get(name) is None:
                return get_argument_values(field, node, execution.values)
        return found

    return arguments
