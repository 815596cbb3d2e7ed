"""Requests nobody sends on purpose: made from a seed, so that one that hurts can be made again."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)

from wandb_api.schema import SCHEMA

TEXTS = (
    "", " ", "a", "zoo_dataset", "smle-reg", "wandb-registry-Model", "latest", "v0", "v99999999999",
    "\x00", "\ud800", "\u202e", "ﷺ" * 200, "a" * 5000, "../..", "{}", "[]", "null", "1",
    '{"$or": [{"name": {"$regex": "("}}]}', '{"name": {"$in": [null]}}', "QXJ0aWZhY3Q6MQ==",
    "VXNlcjox", "-1", "%00", "' OR 1=1 --", "MD5", "2001-13-01", "0" * 40,
)  # fmt: skip
NUMBERS = (0, 1, -1, 2**31, 2**63, -(2**63), 10**40, 1.5, True, None)
IDS = ("Artifact", "ArtifactSequence", "ArtifactPortfolio", "Project", "User", "Entity", "Run")
BYTES = (b"", b"\x00", b"\xff\xfe", b"{", b"}", b'"', b"query", b"mutation", b"fragment", b"...")
DEPTH = 4


@dataclass(frozen=True)
class Nonsense:
    method: str
    path: str
    body: bytes
    headers: dict[str, str]


def requests(seed: int, count: int) -> Iterator[Nonsense]:
    luck = random.Random(seed)
    makers: tuple[Callable[[random.Random], Nonsense], ...] = (
        _well_formed,
        _well_formed,
        _torn,
        _bytes,
        _odd_envelope,
        _other_address,
    )
    for _ in range(count):
        yield luck.choice(makers)(luck)


def _well_formed(luck: random.Random) -> Nonsense:
    """A document the schema knows, with values it may not expect."""
    root = luck.choice([SCHEMA.query_type, SCHEMA.mutation_type])
    assert root is not None
    name, field = luck.choice(sorted(root.fields.items()))
    declared = ", ".join(f"${key}: {given.type}" for key, given in field.args.items())
    passed = ", ".join(f"{key}: ${key}" for key in field.args)
    kind = "query" if root is SCHEMA.query_type else "mutation"
    text = f"{kind} Q{f'({declared})' if declared else ''} "
    text += f"{{ {name}{f'({passed})' if passed else ''} {_selection(luck, field, DEPTH)} }}"
    variables = {key: _value(luck, given.type) for key, given in field.args.items()}
    return _post({"query": text, "variables": variables, "operationName": ""})


def _selection(luck: random.Random, field: GraphQLField, depth: int) -> str:
    """Some fields of the type the field answers; its leaves at least."""
    wanted: Any = field.type
    while isinstance(wanted, GraphQLNonNull | GraphQLList):
        wanted = wanted.of_type
    if not isinstance(wanted, GraphQLObjectType):
        return "{ __typename }" if hasattr(wanted, "types") or hasattr(wanted, "fields") else ""
    chosen = []
    for name, below in luck.sample(sorted(wanted.fields.items()), min(4, len(wanted.fields))):
        if depth == 0 or any(
            isinstance(given.type, GraphQLNonNull) for given in below.args.values()
        ):
            continue
        chosen.append(f"{name} {_selection(luck, below, depth - 1)}")
    return "{ __typename " + " ".join(chosen) + " }"


def _value(luck: random.Random, wanted: Any) -> Any:  # noqa: C901 one branch for each shape
    """Mostly of the right shape: what is only wrong inside gets furthest."""
    if luck.random() < 0.05:
        return luck.choice([None, [], {}, *NUMBERS, *TEXTS])
    if isinstance(wanted, GraphQLNonNull):
        return _value(luck, wanted.of_type)
    if isinstance(wanted, GraphQLList):
        return [_value(luck, wanted.of_type) for _ in range(luck.randrange(3))]
    if isinstance(wanted, GraphQLInputObjectType):
        return {
            name: _value(luck, given.type)
            for name, given in wanted.fields.items()
            if isinstance(given.type, GraphQLNonNull) or luck.random() < 0.6
        }
    if isinstance(wanted, GraphQLEnumType):
        return luck.choice(sorted(wanted.values))
    if wanted.name in {"Int", "Int64"}:
        return luck.choice(NUMBERS)
    if wanted.name == "Boolean":
        return luck.choice([True, False])
    if luck.random() < 0.5:
        return _identifier(luck)
    return luck.choice(TEXTS)


def _identifier(luck: random.Random) -> str:
    text = f"{luck.choice(IDS)}:{luck.choice([0, 1, 2, 3, 10**18, 10**30])}"
    return base64.b64encode(text.encode()).decode()


def _torn(luck: random.Random) -> Nonsense:
    """A question of which a part is missing, doubled or replaced."""
    whole = bytearray(_well_formed(luck).body)
    for _ in range(luck.randrange(1, 6)):
        start = luck.randrange(len(whole) + 1)
        end = min(len(whole), start + luck.randrange(12))
        whole[start:end] = luck.choice([b"", *BYTES, bytes(whole[start:end]) * 2])
    return Nonsense("POST", "/graphql", bytes(whole), {})


def _bytes(luck: random.Random) -> Nonsense:
    return Nonsense("POST", "/graphql", luck.randbytes(luck.randrange(200)), {})


def _odd_envelope(luck: random.Random) -> Nonsense:
    parts: list[Any] = [None, [], {}, "{ viewer { id } }", *NUMBERS, *TEXTS]
    body = {
        key: luck.choice(parts)
        for key in ("query", "variables", "operationName", "extensions")
        if luck.random() < 0.8
    }
    return _post(body if luck.random() < 0.9 else [body])


def _other_address(luck: random.Random) -> Nonsense:
    """The other doors of the SDK: streams, uploads, downloads."""
    part = lambda: luck.choice(  # noqa: E731 drawn anew at each use
        ["x", "smle-reg", "zoo_experiment", "..", "%00", "%ff", "ä", "0" * 300]
    )
    path = luck.choice(
        [
            f"/files/{part()}/{part()}/{part()}/file_stream",
            f"/artifactsV2/{part()}/{part()}/{part()}/{part()}/{part()}/{part()}/{part()}/{part()}",
            f"/storage/wandb_artifacts/{part()}/{part()}",
            f"/storage/manifests/{part()}/wandb_manifest.json",
            f"/storage/uploads/{luck.choice(['files', 'manifests', 'runs'])}/{part()}",
            f"/{part()}/{part()}/runs/{part()}",
            "/sdk/otel/v1/metrics",
            "/graphql",
        ]
    )
    headers = {"Range": luck.choice(["bytes=0-", "bytes=-1", "x"]), "Content-Encoding": "gzip"}
    chosen = {key: value for key, value in headers.items() if luck.random() < 0.3}
    method = luck.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
    return Nonsense(method, path, luck.choice([b"", *BYTES, luck.randbytes(50)]), chosen)


def _post(body: Any) -> Nonsense:
    return Nonsense("POST", "/graphql", json.dumps(body).encode(), {})
