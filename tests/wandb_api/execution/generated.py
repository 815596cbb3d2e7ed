"""A world to ask: our schema with resolvers that give anything, and documents nobody wrote."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    build_schema,
    is_abstract_type,
    is_leaf_type,
    type_from_ast,
)

import wandb_api
from accounts.errors import NotAllowed

TEXT = (Path(wandb_api.__file__).parent / "schema.graphql").read_text()
SCALARS = {"Int": 7, "Float": 1.5, "Boolean": True}


NOTHING_KNOWN = object()


class Node:
    """Its fields follow from its number alone, so that two executors find the same."""

    def __init__(self, number: int) -> None:
        self.number = number


def world(strangeness: float) -> GraphQLSchema:
    """`strangeness` is the share of fields that fail, are null or are of a wrong type."""
    schema = build_schema(TEXT)
    for graphql_type in schema.type_map.values():
        if isinstance(graphql_type, GraphQLObjectType) and not graphql_type.name.startswith("__"):
            for name, field in graphql_type.fields.items():
                field.resolve = _resolver(schema, graphql_type.name, name, field.type, strangeness)
        elif is_abstract_type(graphql_type):
            possible = sorted(kind.name for kind in schema.get_possible_types(graphql_type))
            graphql_type.resolve_type = lambda node, info, kind, names=possible: names[
                node.number % len(names)
            ]
    return schema


def _resolver(
    schema: GraphQLSchema, parent: str, name: str, wanted: Any, strangeness: float
) -> Callable[..., Any]:
    def resolve(source: Any, info: Any, **arguments: Any) -> Any:
        number = source.number if isinstance(source, Node) else 0
        chance = random.Random(f"{parent} {name} {number} {sorted(arguments.items())}")
        assert info.context == "of this request"
        if chance.random() < strangeness:
            return _strange(chance)
        return _value(wanted, chance)

    return resolve


def _strange(chance: random.Random) -> Any:
    kind = chance.randrange(7)
    if kind == 0:
        raise NotAllowed("Only admins can do this.")
    if kind == 1:
        raise KeyError("lost")
    return [None, Undefined, ValueError("given back"), NOTHING_KNOWN, [None, 3, "x"]][kind - 2]


def _value(wanted: Any, chance: random.Random) -> Any:
    if isinstance(wanted, GraphQLNonNull):
        return _value(wanted.of_type, chance)
    if isinstance(wanted, GraphQLList):
        return [_value(wanted.of_type, chance) for _ in range(chance.randrange(3))]
    if isinstance(wanted, GraphQLEnumType):
        return chance.choice(sorted(wanted.values))
    if is_leaf_type(wanted):
        return SCALARS.get(wanted.name, f"{wanted.name} {chance.randrange(9)}")
    return Node(chance.randrange(10**6))


def variables_for(schema: GraphQLSchema, definitions: Any, chance: random.Random) -> dict[str, Any]:
    """Mostly fitting ones; some missing, null, of a wrong type, or unknown to the document."""
    given: dict[str, Any] = {}
    for definition in definitions or ():
        if chance.random() < 0.9:
            given[definition.variable.name.value] = _given(
                type_from_ast(schema, definition.type), chance
            )
    if chance.random() < 0.2:
        given["unknown"] = None
    return given


def _given(wanted: Any, chance: random.Random) -> Any:
    if isinstance(wanted, GraphQLNonNull):
        return _given(wanted.of_type, chance) if chance.random() < 0.97 else None
    if chance.random() < 0.15:
        return chance.choice([None, None, 3, "text", [], {}])
    if isinstance(wanted, GraphQLList):
        return [_given(wanted.of_type, chance) for _ in range(chance.randrange(3))]
    if isinstance(wanted, GraphQLInputObjectType):
        fields = {
            name: _given(field.type, chance)
            for name, field in wanted.fields.items()
            if chance.random() < 0.8 or isinstance(field.type, GraphQLNonNull)
        }
        newer = {"ofANewerSdk": chance.choice([None, None, 3])}
        return fields | (newer if chance.random() < 0.3 else {})
    if isinstance(wanted, GraphQLEnumType):
        return chance.choice(sorted(wanted.values))
    return SCALARS.get(wanted.name, "text")


class Writer:
    """Writes one query: fields, arguments, aliases, fragments, and switches in all places."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self._schema = schema
        self._chance = random.Random(seed)
        self._fragments: list[str] = []

    def query(self) -> str:
        root = self._schema.query_type
        body = self._selections(root, 4)
        head = "query Asked($yes: Boolean!, $no: Boolean = false, $text: String, $id: ID!)"
        # All variables are used somewhere, or the document would not be valid.
        used = "used: artifact(id: $id) @include(if: $yes) { id @skip(if: $no) }"
        also = "also: users(query: $text) { pageInfo { hasNextPage } }"
        return f"{head} {{ {used} {also} {body} }}\n" + "\n".join(self._fragments)

    def _selections(self, parent: Any, depth: int) -> str:
        chance = self._chance
        written = ["__typename"] if chance.random() < 0.3 else []
        names = sorted(getattr(parent, "fields", {}))
        chosen = chance.sample(names, min(len(names), chance.randrange(1, 5)))
        written += [self._field(parent.fields[name], name, depth) for name in chosen]
        if is_abstract_type(parent) or chance.random() < 0.2:
            written.append(self._fragment(parent, depth))
        found = " ".join(part for part in written if part)
        return found or "__typename"

    def _field(self, field: Any, name: str, depth: int) -> str:
        if any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values()):
            return ""
        inner = field.type
        while isinstance(inner, GraphQLNonNull | GraphQLList):
            inner = inner.of_type
        given = [
            f"{argument}: {self._literal(definition.type)}"
            for argument, definition in sorted(field.args.items())
            if self._chance.random() < 0.4
        ]
        text = f"a{self._chance.randrange(10**9)}: {name}"
        text += f"({', '.join(given)})" if given else ""
        text += self._switch()
        if is_leaf_type(inner):
            return text
        return f"{text} {{ {self._selections(inner, depth - 1)} }}" if depth else ""

    def _literal(self, wanted: Any) -> str:
        if isinstance(wanted, GraphQLList):
            return f"[{self._literal(wanted.of_type)}]"
        if isinstance(wanted, GraphQLNonNull):
            # `$text` may be null, which does not fit here.
            inner = wanted.of_type
            is_text = getattr(inner, "name", "") == "String"
            return '"text"' if is_text else self._literal(inner)
        if isinstance(wanted, GraphQLEnumType):
            return sorted(wanted.values)[0]
        if wanted.name == "String":
            return self._chance.choice(["$text", '"text"', "null"])
        return {"Int": "3", "Boolean": "true", "ID": "$id"}.get(wanted.name, '"text"')

    def _fragment(self, parent: Any, depth: int) -> str:
        on = parent
        if is_abstract_type(parent):
            kinds = sorted(self._schema.get_possible_types(parent), key=lambda kind: kind.name)
            on = self._chance.choice(kinds)
        body = self._selections(on, depth - 1) if depth else "__typename"
        if self._chance.random() < 0.5:
            return f"... on {on.name}{self._switch()} {{ {body} }}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {on.name} {{ {body} }}")
        return f"...{name}{self._switch()}"

    def _switch(self) -> str:
        kinds = ["", "", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: true)"]
        return self._chance.choice(kinds)
