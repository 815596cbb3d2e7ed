"""What each persona gets from each root field of `/graphql`: a row for every field of the schema.

✓ an answer or a change · – null, as for what is not there · a number: refused with this status.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.access.operation_table import (
    PROJECT_WRITERS,
    WHO_SEE_THE_REGISTRY,
)
from tests.access.stage import Stage
from tests.personas import PERSONAS
from wandb_api.identifiers import encode

EVERYBODY = "✓ ✓ ✓ ✓ | ✓ ✓ | ✓ ✓ | ✓ ✓ ✓"
SEEN = WHO_SEE_THE_REGISTRY.replace("404", "–")
READERS_OF_THE_PROJECT = PROJECT_WRITERS.replace("404", "–")
# Those in a team that logs; a person without it has no run to use something in.
WITH_A_RUN = "✓ ✓ ✓ ✓ | 404 404 | 403 404 | 404 404 404"


@dataclass(frozen=True)
class Field:
    """`input` gives the variables from the stage; a mutation's are all in its `input`."""

    name: str
    what: str
    outcomes: str
    variables: Callable[[Stage], dict[str, Any]]
    document: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"

    def expected(self) -> dict[str, str]:
        return dict(zip(PERSONAS, self.outcomes.replace("|", "").split(), strict=True))


def query(
    name: str, what: str, outcomes: str, text: str, variables: Callable[[Stage], dict[str, Any]]
) -> Field:
    return Field(name, what, outcomes, variables, text)


def mutation(
    name: str, what: str, outcomes: str, shown: str, given: Callable[[Stage], dict[str, Any]]
) -> Field:
    type_name = f"{name[0].upper()}{name[1:]}Input"
    text = f"mutation M($input: {type_name}!) {{ {name}(input: $input) {{ {shown} }} }}"
    return Field(name, what, outcomes, lambda stage: {"input": given(stage)}, text)


def artifact(version: Any) -> str:
    return encode("Artifact", version.artifact_id)


def portfolio(version: Any) -> str:
    return encode("ArtifactPortfolio", version.collection_id)


def sequence(version: Any) -> str:
    return encode("ArtifactSequence", version.collection_id)


def place(version: Any) -> dict[str, str]:
    """Where a version is, as inputs name it."""
    home = version.collection.project
    return {"entityName": home.entity.name, "projectName": home.name}


def named(version: Any) -> dict[str, str]:
    return {**place(version), "artifactCollectionName": version.collection.name}


def alias(version: Any, name: str) -> dict[str, Any]:
    return {"artifactID": artifact(version), "aliases": [{"alias": name, **named(version)}]}


def in_project(stage: Stage) -> dict[str, str]:
    return {"entityName": stage.project.entity.name, "projectName": stage.project.name}


def of_registry(stage: Stage) -> dict[str, str]:
    return {"entityName": "smle-reg", "projectName": "wandb-registry-Model"}


def digest(text: bytes = b"x") -> str:
    return base64.b64encode(text.ljust(16, b"x")).decode()
