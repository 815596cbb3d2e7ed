"""Ids as the SDK reads them: standard base64 of `Type:number`.

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
    return base64.b64encode(f"{type_name}:{number}".encode()).decode()


def decode(type_name: str, text: str) -> int:
    """The number, or NotFound: an id of another type does not exist among these."""
    try:
        found, number = base64.b64decode(text, validate=True).decode().split(":", 1)
        value = int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise unknown(type_name) from error
    if found != type_name or not 0 <= value <= LARGEST or str(value) != number:
        raise unknown(type_name)
    return value


def unknown(type_name: str) -> NotFound:
    return NotFound.of(f"{WORDS[type_name]} with this id")
