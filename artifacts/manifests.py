"""Manifests as the SDK writes and reads them: JSON to entries and back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from accounts.errors import Invalid
from artifacts.models import Artifact, ManifestEntry
from artifacts.names import valid_entry, valid_json, valid_paths

LARGEST = 32 * 1024 * 1024
MOST_ENTRIES = 100_000
# Of all entries together, in bytes: what both databases count to.
LARGEST_SIZE = 2**63 - 1
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Written:
    """One entry as a client wrote it. `birth` is the id it gives for where the bytes came from."""

    path: str
    digest: str
    size: int
    reference: str = ""
    birth: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def parse(stream: BinaryIO) -> dict[str, Written]:
    """Entries by path, or Invalid with what is wrong."""
    raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Invalid("manifest_size", "A manifest has at most 32 MB.")
    try:
        contents = json.loads(raw)["contents"]
        entries = {path: _entry(path, given) for path, given in contents.items()}
    except UNREADABLE as error:
        raise Invalid("manifest_form", "The manifest cannot be read.") from error
    if len(entries) > MOST_ENTRIES:
        raise Invalid("manifest_entries", "A manifest has at most 100,000 entries.")
    if sum(entry.size for entry in entries.values()) > LARGEST_SIZE:
        raise Invalid("manifest_form", "The sizes in the manifest are too large to be counted.")
    valid_paths(entries)
    return entries


def document(artifact: Artifact, artifact_id: str) -> dict[str, Any]:
    """The manifest of a committed artifact. `artifact_id` is how the SDK knows it."""
    entries = artifact.entries.order_by("path").iterator(chunk_size=2000)
    return {
        "version": 1,
        "storagePolicy": "wandb-storage-policy-v1",
        "storagePolicyConfig": {"storageLayout": "V2"},
        "contents": {entry.path: _written(entry, artifact_id) for entry in entries},
    }


def hex_of_base64(digest: str) -> str | None:
    """Hex MD5 of an entry's digest; None where it is no MD5, as in references."""
    try:
        raw = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex() if len(raw) == 16 else None


def digests(entries: Iterable[Written]) -> Iterable[tuple[str, str]]:
    return ((entry.path, entry.digest) for entry in entries)


def _entry(path: str, given: dict[str, Any]) -> Written:
    size = int(given.get("size") or 0)
    valid_entry(path, str(given["digest"]), size, given.get("ref") or None)
    return Written(
        path,
        str(given["digest"]),
        size,
        str(given.get("ref") or ""),
        str(given.get("birthArtifactID") or ""),
        valid_json(given.get("extra") or {}),
    )


def _written(entry: ManifestEntry, artifact_id: str) -> dict[str, Any]:
    written: dict[str, Any] = {"digest": entry.digest, "size": entry.size}
    if entry.reference:
        written["ref"] = entry.reference
    else:
        written["birthArtifactID"] = artifact_id
    if entry.extra:
        written["extra"] = entry.extra
    return written
