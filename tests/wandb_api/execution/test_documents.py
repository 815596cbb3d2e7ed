"""Our executor answers what graphql-core answers: the data, the errors, their places."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)

from tests.wandb_api.execution.generated import Writer, variables_for, world
from tests.wandb_api.test_sdk_documents import documents
from wandb_api.execution.documents import Document
from wandb_api.execution.inputs import Unusual, Variables
from wandb_api.variables import without_unknown_nulls

CONTEXT = "of this request"
WORLDS = {"calm": 0.0, "odd": 0.05, "wild": 0.3}
TIMES = 6
GENERATED = 150


@cache
def world_of(name: str) -> GraphQLSchema:
    return world(WORLDS[name])


def told(result: ExecutionResult) -> tuple[Any, list[Any]]:
    errors = [
        (error.message, error.path, error.locations, type(error.original_error))
        for error in result.errors or []
    ]
    return result.data, errors


def both(
    schema: GraphQLSchema, node: DocumentNode, variables: dict[str, Any], name: str | None = None
) -> tuple[Any, Any]:
    ours = Document(schema, node).execute(CONTEXT, variables, name)
    known = without_unknown_nulls(node, variables)
    theirs = execute_sync(
        schema, node, context_value=CONTEXT, variable_values=known, operation_name=name
    )
    return told(ours), told(theirs)


def operation_of(node: DocumentNode) -> OperationDefinitionNode:
    return next(part for part in node.definitions if isinstance(part, OperationDefinitionNode))


@pytest.mark.parametrize("name", WORLDS)
def test_every_document_of_the_sdk_is_answered_alike(name: str):
    schema = world_of(name)
    compared = 0
    for text in documents().values():
        node = parse(text)
        if validate(schema, node):
            continue
        document = Document(schema, node)
        definitions = operation_of(node).variable_definitions
        for seed in range(TIMES):
            variables = variables_for(schema, definitions, random.Random(f"{text} {seed}"))
            known = without_unknown_nulls(node, variables)
            theirs = execute_sync(schema, node, context_value=CONTEXT, variable_values=known)
            assert told(document.execute(CONTEXT, variables)) == told(theirs), (text, variables)
            compared += theirs.data is not None
    assert compared > 100


@pytest.mark.parametrize("name", WORLDS)
def test_documents_nobody_wrote_are_answered_alike(name: str):
    schema = world_of(name)
    failed = 0
    for seed in range(GENERATED):
        text = Writer(schema, seed).query()
        node = parse(text)
        assert not validate(schema, node), (text, validate(schema, node))
        chance = random.Random(seed)
        variables = {"yes": chance.random() < 0.5, "id": "some"}
        if chance.random() < 0.5:
            variables |= {"no": chance.choice([True, False, None]), "text": None}
        ours, theirs = both(schema, node, variables)
        assert ours == theirs, text
        failed += bool(theirs[1])
    assert failed or name == "calm"


def test_a_plan_is_not_used_for_other_switches():
    schema = world_of("calm")
    node = parse("query Q($yes: Boolean!) { viewer { id @include(if: $yes) username } }")
    document = Document(schema, node)
    for yes in (True, False, True):
        answered = document.execute(CONTEXT, {"yes": yes}).data
        assert ("id" in answered["viewer"]) is yes


@pytest.mark.parametrize("name", [None, "One", "Two", "Nobody"])
def test_operations_are_chosen_by_name_alike(name: str | None):
    node = parse("query One { viewer { id } } query Two { serverInfo { __typename } }")
    ours, theirs = both(world_of("calm"), node, {}, name)
    assert ours == theirs


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name fields { name type { kind name } } } } }",
        '{ __type(name: "Artifact") { name fields { name } } viewer { __typename } }',
        "{ viewer { id id name: username } viewer { name: username } }",
    ],
)
def test_questions_about_the_schema_and_merged_fields_are_answered_alike(text: str):
    ours, theirs = both(world_of("calm"), parse(text), {})
    assert ours == theirs
    assert ours[0]


def test_what_the_sdk_sends_is_read_by_the_plan_itself():
    schema = world_of("calm")
    node = parse(documents()["ADD_ALIASES_GQL"])
    alias = {
        "alias": "candidate",
        "artifactCollectionName": "zoo",
        "entityName": "smle-reg",
        "projectName": "wandb-registry-Model",
    }
    given = {"input": {"artifactID": "QQ==", "aliases": [alias], "clientMutationId": None}}
    read = Variables(schema, operation_of(node)).read(given)
    assert read.coerced["input"]["aliases"] == [alias]


def test_a_field_of_a_newer_sdk_is_left_out_while_it_is_null():
    schema = world_of("calm")
    variables = Variables(schema, operation_of(parse(documents()["ADD_ALIASES_GQL"])))
    plain = {"artifactID": "QQ==", "aliases": []}
    read = variables.read({"input": plain | {"ofANewerSdk": None}})
    assert read.coerced["input"] == plain
    with pytest.raises(Unusual):
        variables.read({"input": plain | {"ofANewerSdk": 3}})
