"""Ids as the SDK reads them: standard base64 of `Type:number`, of some artifacts with one more.

The SDK decodes the ids of projects, users, teams and artifacts and uses what is inside, so
the form is part of the protocol.
"""

from __future__ import annotations

import base64
import binascii

from accounts.errors import NotFound

LARGEST = 2**63 - 1
# What people call the things that have ids.
WORDS = {
    "ApiKey": "API key",
    "Artifact": "artifact",
    "ArtifactPortfolio": "collection",
    "ArtifactSequence": "collection",
    "Entity": "team or organization",
    "Integration": "integration",
    "ManifestUpload": "manifest",
    "Project": "project or registry",
    "Run": "run",
    "RunFile": "file",
    "Trigger": "automation",
    "User": "person",
}


def encode(type_name: str, number: int) -> str:
    return _encoded(type_name, number)


def encode_artifact(number: int, shown_as: int | None) -> str:
    """`shown_as`: the number of the link that a list showed, where the SDK cannot find it by the
    names it wrote. It saves a version by this id and nothing else, and takes the number from the
    answer: so the id remembers.
    """
    return _encoded("Artifact", number, *([] if shown_as is None else [shown_as]))


def decode(type_name: str, text: str) -> int:
    """The number, or NotFound: an id of another type does not exist among these."""
    return _numbers(type_name, text)[0]


def decode_shown_as(text: str) -> int | None:
    """What `encode_artifact` was told of the number of the link."""
    _, *shown_as = _numbers("Artifact", text)
    return shown_as[0] if shown_as else None


def _encoded(*parts: object) -> str:
    return base64.b64encode(":".join(map(str, parts)).encode()).decode()


def _numbers(type_name: str, text: str) -> list[int]:
    try:
        found, *written = base64.b64decode(text, validate=True).decode().split(":")
        numbers = [int(number) for number in written]
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise unknown(type_name) from error
    is_known = found == type_name and 1 <= len(numbers) <= (2 if type_name == "Artifact" else 1)
    if not is_known or not all(0 <= number <= LARGEST for number in numbers):
        raise unknown(type_name)
    if [str(number) for number in numbers] != written:
        raise unknown(type_name)
    return numbers


def unknown(type_name: str) -> NotFound:
    return NotFound.of(f"{WORDS[type_name]} with this id")
