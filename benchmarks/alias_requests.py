"""The requests of alias resolutions and moves, as clients of either server send them."""

from __future__ import annotations

import base64
import itertools
import json
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wandb.sdk.artifacts._generated.operations import (
    ADD_ALIASES_GQL,
    ARTIFACT_MEMBERSHIP_BY_NAME_GQL,
)

from benchmarks.load import Question, request
from benchmarks.names import ALIAS, ORGANIZATION, REGISTRY

if TYPE_CHECKING:
    from benchmarks.furniture import Furniture

PROJECT = f"wandb-registry-{REGISTRY}"
MLFLOW = "/api/2.0/mlflow"
MLFLOW_ALIAS = f"{MLFLOW}/registered-models/alias"
PREPARED = 2000


def waymark_resolutions(furniture: Furniture) -> Iterator[Question]:
    """What `api.artifact("wandb-registry-Model/model-0001:candidate")` sends."""
    return _repeated(
        Question(
            _graphql(
                furniture,
                ARTIFACT_MEMBERSHIP_BY_NAME_GQL,
                {"entity": ORGANIZATION, "project": PROJECT, "name": f"{name}:{ALIAS}"},
            ),
            b'"versionIndex"',
        )
        for name in _chosen(furniture.collections)
    )


def waymark_moves(furniture: Furniture) -> Iterator[Question]:
    """What `artifact.aliases.append("candidate")` and `artifact.save()` send."""
    return _repeated(
        Question(
            _graphql(furniture, ADD_ALIASES_GQL, {"input": _alias_input(name, artifact)}),
            b'"success": true',
        )
        for name, artifact in zip(
            _chosen(furniture.collections), itertools.cycle(furniture.artifacts), strict=False
        )
    )


def mlflow_resolutions(models: list[str], **headers: str) -> Iterator[Question]:
    """What `client.get_model_version_by_alias("model-0001", "candidate")` sends."""
    return _repeated(
        Question(
            request("GET", f"{MLFLOW_ALIAS}?name={name}&alias={ALIAS}", b"", **headers),
            b'"model_version"',
        )
        for name in _chosen(models)
    )


def mlflow_moves(models: list[str], versions: int, **headers: str) -> Iterator[Question]:
    """What `client.set_registered_model_alias("model-0001", "candidate", "3")` sends."""
    numbers = itertools.cycle(range(1, versions + 1))
    return _repeated(
        Question(
            request(
                "POST",
                MLFLOW_ALIAS,
                json.dumps({"name": name, "alias": ALIAS, "version": str(number)}).encode(),
                **headers,
            ),
            b"200 OK",
        )
        for name, number in zip(_chosen(models), numbers, strict=False)
    )


def _graphql(furniture: Furniture, query: str, variables: object) -> bytes:
    pair = base64.b64encode(f"api:{furniture.api_key}".encode()).decode()
    body = {"query": query, "variables": variables, "operationName": ""}
    return request(
        "POST",
        "/graphql",
        json.dumps(body).encode(),
        Authorization=f"Basic {pair}",
        User_Agent="W&B Public Client 0.31.0",
        Use_Admin_Privileges="true",
    )


def _alias_input(name: str, artifact: int) -> dict[str, object]:
    alias = {
        "alias": ALIAS,
        "artifactCollectionName": name,
        "entityName": ORGANIZATION,
        "projectName": PROJECT,
    }
    identifier = base64.b64encode(f"Artifact:{artifact}".encode()).decode()
    return {"artifactID": identifier, "aliases": [alias], "clientMutationId": None}


def _chosen(names: list[str]) -> Iterator[str]:
    """The same for every server and run."""
    chance = random.Random(7)
    return (chance.choice(names) for _ in range(PREPARED))


def _repeated(questions: Iterator[Question]) -> Iterator[Question]:
    return itertools.cycle(list(questions))
