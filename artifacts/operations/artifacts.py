"""Contents: made whole, edited in what may change, deleted when nothing points at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import NotFound
from artifacts import events, storage
from artifacts.digests import artifact_digest, base64_of_hex
from artifacts.models import (
    ArrivedFile,
    Artifact,
    ArtifactTag,
    ManifestEntry,
    Project,
    Run,
    StoredFile,
)
from artifacts.names import (
    valid_description,
    valid_entry,
    valid_metadata,
    valid_paths,
    valid_tags,
    valid_type,
)
from artifacts.operations.storage_use import charge, discharge
from artifacts.permissions import require_write

# Nothing is removed before an hour: a note this old still keeps what came again just now.
NOTED_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Reference:
    """An address outside, kept as text: the server never opens it. Not empty."""

    address: str
    digest: str
    size: int = 0


def store_files(files: Mapping[str, BinaryIO | Reference]) -> list[ManifestEntry]:
    """Unsaved entries of a manifest, their bytes on disk.

    Runs before the transaction of the artifact: bytes nobody refers to are harmless.
    """
    valid_paths(files)
    return [_entry(path, given) for path, given in files.items()]


def digest_of(entries: Iterable[ManifestEntry]) -> str:
    return artifact_digest((entry.path, entry.digest) for entry in entries)


@transaction.atomic
def create_artifact(
    by: Caller,
    project: Project,
    type_name: str,
    entries: list[ManifestEntry],
    *,
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    tags: Iterable[str] = (),
    run: Run | None = None,
) -> Artifact:
    """The content with its entries and tags. Its number comes from the sequence, one floor up."""
    require_write(by, project.entity)
    if run is not None and run.project_id != project.pk:
        raise NotFound
    artifact = Artifact.objects.create(
        project=project,
        type=valid_type(type_name),
        digest=digest_of(entries),
        size=sum(entry.size for entry in entries),
        file_count=len(entries),
        description=valid_description(description),
        metadata=valid_metadata(metadata or {}),
        run=run,
        created_by=by.user,
    )
    charge(project.entity, stored_ids(entries))
    for entry in entries:
        entry.artifact = artifact
    ManifestEntry.objects.bulk_create(entries, batch_size=1000)
    ArtifactTag.objects.bulk_create(
        [ArtifactTag(artifact=artifact, name=name) for name in valid_tags(tags)]
    )
    return artifact


@transaction.atomic
def delete_artifacts(by: Caller, artifacts: list[Artifact]) -> None:
    """Ends contents whose versions are gone. Their bytes stay until nobody refers to them.

    Listeners to `about_to_delete` refuse while anything still points at one of them.
    """
    owners = {artifact.project.entity_id: artifact.project.entity for artifact in artifacts}
    for owner in owners.values():
        require_write(by, owner)
    doomed = Artifact.objects.filter(pk__in=[artifact.pk for artifact in artifacts])
    events.about_to_delete.send(Artifact, artifacts=doomed)
    freed = [(owner, _files_of(doomed.filter(project__entity=owner))) for owner in owners.values()]
    doomed.delete()
    for owner, files in freed:
        discharge(owner, files)


def _files_of(artifacts: QuerySet[Artifact]) -> set[int]:
    arrived = ArrivedFile.objects.filter(artifact__in=artifacts)
    entries = ManifestEntry.objects.filter(artifact__in=artifacts)
    return {*stored_ids(entries), *arrived.values_list("stored_file_id", flat=True)}


def _entry(path: str, given: BinaryIO | Reference) -> ManifestEntry:
    if isinstance(given, Reference):
        valid_entry(path, given.digest, given.size, given.address)
        return ManifestEntry(
            path=path, digest=given.digest, size=given.size, reference=given.address
        )
    stored = keep_bytes(given)
    return ManifestEntry(
        path=path, digest=base64_of_hex(stored.md5), size=stored.size, stored_file=stored
    )


def keep_bytes(stream: BinaryIO, *, size: int | None = None, md5: str | None = None) -> StoredFile:
    """Bytes on disk and their row; Invalid when size or hex MD5 are not what was promised."""
    with storage.written(stream, size, md5) as content:
        return row_of(content)


def row_of(content: storage.Content) -> StoredFile:
    """Of bytes that are on disk. Whoever brings them again keeps them from being removed."""
    stored, _ = StoredFile.objects.get_or_create(
        sha256=content.sha256, defaults={"md5": content.md5, "size": content.size}
    )
    now = timezone.now()
    long_ago = StoredFile.objects.filter(pk=stored.pk, arrived_at__lt=now - NOTED_AGAIN_AFTER)
    long_ago.update(arrived_at=now)
    return stored


def stored_ids(entries: Iterable[ManifestEntry]) -> list[int]:
    return [entry.stored_file_id for entry in entries if entry.stored_file_id is not None]
