"""The schema: types from `schema.graphql`, fields bound to what answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from wandb_api.resolvers import (
    aliases,
    artifacts,
    automations,
    collections,
    logging,
    people,
    project_runs,
    queries,
    registries,
    run_console,
    run_files,
    run_history,
    runs,
    searches,
    teams,
)
from wandb_api.scalars import READ
from wandb_api.types.collections import aliases_of, memberships_of, sequence_of

DOCUMENTS = ("schema.graphql", "automations.graphql")
ABSTRACT = (
    "ArtifactCollection",
    "ArtifactCreator",
    "Integration",
    "TriggerScope",
    "TriggeredAction",
    "TriggeringCondition",
)
MUTATIONS = (aliases, artifacts, automations, collections, logging, people, registries, runs, teams)

# Fields that lead from a type to one above it; the others are attributes of its class.
UPWARD: dict[str, dict[str, Any]] = {
    "Entity": {
        "artifactCollections": searches.collections_of_entity,
        "artifactMemberships": searches.memberships_of_entity,
        "integrations": automations.integrations_of_entity,
        "members": people.members_of_entity,
        "project": queries.project_of_entity,
        "projects": searches.projects_of_entity,
        "triggers": automations.triggers_of_entity,
    },
    "Organization": {"triggers": automations.triggers_of_organization},
    "User": {"projects": automations.projects_of_user},
    "Run": {
        "fileCount": run_files.file_count,
        "files": run_files.files_of_run,
        "history": run_history.history_of_run,
        "historyKeys": run_history.history_keys_of_run,
        "historyTail": run_history.history_tail_of_run,
        "inputArtifacts": project_runs.inputs_of_run,
        "logLines": run_console.log_lines_of_run,
        "outputArtifacts": project_runs.outputs_of_run,
        "parquetHistory": run_history.parquet_history_of_run,
        "project": project_runs.project_of_run,
        "sampledHistory": run_history.sampled_history_of_run,
        "user": project_runs.user_of_run,
    },
    "Project": {
        "artifact": queries.artifact_of_project,
        "artifactCollection": queries.collection_of_project,
        "artifactCollectionMembership": queries.membership_of_project,
        "artifactType": queries.type_of_project,
        "artifactTypes": queries.types_of_project,
        "artifactCollections": searches.collections_of_project,
        "bucket": project_runs.run_of_project,
        "members": people.members_of_project,
        "run": project_runs.run_of_project,
        "runCount": project_runs.run_count,
        "runs": project_runs.runs_of_project,
        "teamMembers": people.team_members_of_project,
        "triggers": automations.triggers_of_project,
    },
    "ArtifactType": {
        "artifactCollection": queries.collection_of_type,
        "artifactCollections": queries.collections_of_type,
    },
    "Artifact": {
        "artifactSequence": sequence_of,
        "aliases": aliases_of,
        "artifactMemberships": memberships_of,
    },
}


def _made() -> GraphQLSchema:
    folder = Path(__file__).parent
    schema = build_schema("\n".join((folder / name).read_text() for name in DOCUMENTS))
    _bind(schema, "Query", queries.FIELDS)
    for module in MUTATIONS:
        _bind(schema, "Mutation", module.FIELDS)
    for type_name, fields in UPWARD.items():
        _bind(schema, type_name, fields)
    for type_name, read in READ.items():
        cast("GraphQLScalarType", schema.type_map[type_name]).coerce_input_value = read
    for type_name in ABSTRACT:
        abstract = cast("GraphQLInterfaceType | GraphQLUnionType", schema.type_map[type_name])
        abstract.resolve_type = _type_name
    return schema


def _bind(schema: GraphQLSchema, type_name: str, fields: dict[str, Any]) -> None:
    """KeyError for a field the schema does not have: nothing is bound into the void."""
    object_type = cast("GraphQLObjectType", schema.type_map[type_name])
    for name, resolver in fields.items():
        object_type.fields[name].resolve = resolver


def _type_name(row: Any, *_: Any) -> str:
    return str(row.type_name)


SCHEMA = _made()
