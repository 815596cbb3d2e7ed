"""`POST /graphql` as the SDK does it, and what comes back."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client

from accounts.callers import OPERATOR
from accounts.operations.api_keys import create_api_key
from wandb_api.identifiers import encode

if TYPE_CHECKING:
    from accounts.models import User
    from artifacts.models import Artifact


@dataclass(frozen=True)
class Answer:
    """`sentences` are the messages of the errors; no error carries a path."""

    status: int
    data: Any
    sentences: list[str]

    @property
    def sentence(self) -> str:
        (sentence,) = self.sentences
        return sentence


class Asker:
    """One client for many people; each gets a key with their first question."""

    def __init__(self) -> None:
        self._client = Client()
        self._keys: dict[int, str] = {}

    def __call__(self, user: User, query: str, **variables: Any) -> Answer:
        return self.send(user, {"query": query, "variables": variables, "operationName": ""})

    def send(self, user: User, body: Any) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = self._client.post(
            "/graphql", raw, content_type="application/json", headers=self.headers(user)
        )
        answer = json.loads(response.content)
        assert set(answer) <= {"data", "errors"}
        assert all(set(error) == {"message"} for error in answer.get("errors", []))
        sentences = [error["message"] for error in answer.get("errors", [])]
        return Answer(response.status_code, answer.get("data"), sentences)

    def headers(self, user: User) -> dict[str, str]:
        if user.pk not in self._keys:
            self._keys[user.pk] = create_api_key(OPERATOR, user)[1]
        pair = base64.b64encode(f"api:{self._keys[user.pk]}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}


def artifact_id(artifact: Artifact) -> str:
    return encode("Artifact", artifact.pk)
