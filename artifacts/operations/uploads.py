"""Files from a browser for a pending artifact: announced by path and size, then sent, each over as
many requests as it takes. Their manifest is written here, when all have arrived."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotFound
from artifacts import growing_files
from artifacts.digests import base64_of_hex
from artifacts.models import Artifact, ExpectedFile, ManifestUpload
from artifacts.names import valid_paths
from artifacts.operations.artifacts import delete_artifacts, row_of
from artifacts.operations.drafts import (
    expect_manifest,
    lock_pending,
    note_arrived,
    receive_manifest,
    require_pending,
)
from artifacts.operations.storage_use import require_room
from artifacts.storage_of_owners import arriving_for, payer_of

MOST_FILES = 10_000
LARGEST_FILE = 5 * 1024**4


@transaction.atomic
def expect_files(by: Caller, artifact: Artifact, sizes: Mapping[str, int]) -> list[ExpectedFile]:
    """A place for each file, by path. Full at once when they are more than may be stored."""
    require_pending(by, artifact)
    if not 1 <= len(sizes) <= MOST_FILES:
        raise Invalid("files", "Choose 1 to 10,000 files.", field="files")
    valid_paths(sizes)
    if not all(0 <= size <= LARGEST_FILE for size in sizes.values()):
        raise Invalid("file_size", "A file is too large.", field="files")
    require_room(artifact.project.entity, sum(sizes.values()))
    rows = [ExpectedFile(artifact=artifact, path=path, size=size) for path, size in sizes.items()]
    return ExpectedFile.objects.bulk_create(rows, batch_size=1000)


def receive_expected(
    by: Caller, expected: ExpectedFile, stream: BinaryIO, *, offset: int
) -> ExpectedFile:
    """The rest of a file from `offset` on, or as much of it as comes."""
    require_pending(by, expected.artifact)
    if expected.stored_file_id is not None:
        return expected
    owner = expected.artifact.project.entity
    require_room(owner, expected.size + arriving_for(payer_of(owner), expected))
    coming = growing_files.appended(expected.pk, stream, offset=offset, size=expected.size)
    with coming as content:
        stored = row_of(content) if content else None
    if stored is not None:
        with transaction.atomic():
            artifact = lock_pending(expected.artifact_id)
            note_arrived(artifact, stored)
            expected.stored_file = stored
            expected.save(update_fields=["stored_file"])
    return expected


def write_manifest(by: Caller, artifact: Artifact) -> ManifestUpload:
    """Of the files that were announced. Conflict while one has not arrived whole.

    Not all in one transaction: bytes are never written inside one.
    """
    require_pending(by, artifact)
    with transaction.atomic():
        lock_pending(artifact.pk)  # Somebody may have finished or cancelled it meanwhile.
        body = json.dumps({"version": 1, "contents": _contents(artifact)}).encode()
        upload = expect_manifest(by, artifact, kind="FULL", name="wandb_manifest.json")
    md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
    receive_manifest(upload, io.BytesIO(body), size=len(body), md5=md5)
    return upload


def _contents(artifact: Artifact) -> dict[str, Any]:
    contents = {}
    for row in artifact.expected_files.select_related("stored_file").order_by("path"):
        if row.stored_file is None:
            raise Conflict("not_arrived", f"“{row.path}” has not arrived whole.")
        contents[row.path] = {"digest": base64_of_hex(row.stored_file.md5), "size": row.size}
    return contents


@transaction.atomic
def abandon(by: Caller, artifact: Artifact) -> None:
    """Ends a pending artifact; what has arrived of it is let go."""
    require_pending(by, artifact)
    keys = list(artifact.expected_files.values_list("pk", flat=True))
    delete_artifacts(by, [lock_pending(artifact.pk)])
    transaction.on_commit(lambda: growing_files.forget_all(keys))


def expected_file(by: Caller, artifact: Artifact, number: int) -> ExpectedFile:
    """The one with this number among those announced; NotFound for any other."""
    require_pending(by, artifact)
    found = artifact.expected_files.filter(pk=number).first()
    if found is None:
        raise NotFound
    found.artifact = artifact
    return found
