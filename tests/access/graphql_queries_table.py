"""The rows of what is read at `/graphql`."""

from __future__ import annotations

from tests.access.graphql_rows import (
    EVERYBODY,
    READERS_OF_THE_PROJECT,
    SEEN,
    artifact,
    portfolio,
    query,
    sequence,
)
from tests.access.operation_table import PROJECT_WRITERS
from wandb_api.identifiers import encode

QUERIES = [
    query("viewer", "oneself", EVERYBODY, "{ viewer { id } }", lambda s: {}),
    query(
        "serverInfo", "features", EVERYBODY, "{ serverInfo { features { name } } }", lambda s: {}
    ),
    query(
        "entity",
        "the team",
        READERS_OF_THE_PROJECT,
        "query Q($n: String) { entity(name: $n) { id members { name } } }",
        lambda s: {"n": s.team.entity.name},
    ),
    query(
        "entity",
        "the organization",
        SEEN,
        "query Q($n: String) { entity(name: $n) { id } }",
        lambda s: {"n": "smle-reg"},
    ),
    query(
        "organization",
        "by name",
        SEEN,
        "query Q($n: String!) { organization(name: $n) { id } }",
        lambda s: {"n": "smle-reg"},
    ),
    query(
        "project",
        "the registry",
        SEEN,
        "query Q($e: String, $n: String) { project(entityName: $e, name: $n) { id } }",
        lambda s: {"e": "smle-reg", "n": "wandb-registry-Model"},
    ),
    query(
        "project",
        "the project of the team",
        READERS_OF_THE_PROJECT,
        "query Q($e: String, $n: String) { project(entityName: $e, name: $n) { id } }",
        lambda s: {"e": s.team.entity.name, "n": s.project.name},
    ),
    query(
        "model",
        "the project of the team",
        READERS_OF_THE_PROJECT,
        "query Q($e: String, $n: String) { model(entityName: $e, name: $n) { id } }",
        lambda s: {"e": s.team.entity.name, "n": s.project.name},
    ),
    query(
        "models",
        "of the team",
        PROJECT_WRITERS,
        "query Q($e: String) { models(entityName: $e) { edges { node { id } } } }",
        lambda s: {"e": s.team.entity.name},
    ),
    query(
        "users",
        "by exact name",
        EVERYBODY,
        "query Q($n: String) { users(query: $n) { edges { node { username } } } }",
        lambda s: {"n": "member"},
    ),
    query(
        "artifact",
        "that is linked",
        SEEN,
        "query Q($id: ID!) { artifact(id: $id) { id } }",
        lambda s: {"id": artifact(s.custom)},
    ),
    query(
        "artifact",
        "that is not linked",
        READERS_OF_THE_PROJECT,
        "query Q($id: ID!) { artifact(id: $id) { id } }",
        lambda s: {"id": artifact(s.free_source)},
    ),
    query(
        "artifact",
        "that is pending",
        "– – ✓ – | – – | – – | – – –",
        "query Q($id: ID!) { artifact(id: $id) { id } }",
        lambda s: {"id": encode("Artifact", s.pending.pk)},
    ),
    query(
        "artifactCollection",
        "of the registry",
        SEEN,
        "query Q($id: ID!) { artifactCollection(id: $id) { id } }",
        lambda s: {"id": portfolio(s.custom)},
    ),
    query(
        "artifactCollection",
        "of the project",
        READERS_OF_THE_PROJECT,
        "query Q($id: ID!) { artifactCollection(id: $id) { id } }",
        lambda s: {"id": sequence(s.free_source)},
    ),
    query(
        "clientIDMapping",
        "of nobody",
        "– – – – | – – | – – | – – –",
        "query Q($id: ID!) { clientIDMapping(clientID: $id) { serverID } }",
        lambda s: {"id": "never-sent"},
    ),
]
