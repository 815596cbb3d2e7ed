"""Content on its way: announced, its manifest and bytes arriving, then made whole.

The collection and its aliases are one floor up, in `registries.operations.logging`.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotFound
from artifacts import storage
from artifacts.digests import artifact_digest
from artifacts.manifests import Written, digests, hex_of_base64, parse
from artifacts.models import (
    Announcement,
    ArrivedFile,
    Artifact,
    ArtifactTag,
    ManifestEntry,
    ManifestUpload,
    Project,
    Run,
    StoredFile,
)
from artifacts.names import (
    valid_description,
    valid_history_step,
    valid_metadata,
    valid_tags,
    valid_text,
    valid_time_to_live,
    valid_type,
)
from artifacts.operations.artifacts import keep_bytes, stored_ids
from artifacts.operations.storage_use import charge, discharge, require_room
from artifacts.permissions import projects_visible_to, require_write

ID_OF_SCRIPT = "An id that a script gives"


@transaction.atomic
def announce(
    by: Caller,
    project: Project,
    *,
    collection_name: str,
    type_name: str,
    digest: str,
    aliases: list[str],
    tags: list[str],
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    time_to_live: int | None = None,
    run: Run | None = None,
    history_step: int | None = None,
    client_id: str | None = None,
    distributed_id: str | None = None,
    sequence_client_id: str = "",
) -> Artifact:
    """A pending artifact. The same client id again answers the one announced before.

    Several runs that announce one `distributed_id` fill one artifact together.
    """
    require_write(by, project.entity)
    if (known := _announced(project, client_id, distributed_id)) is not None:
        return known
    if run is not None and run.project_id != project.pk:
        raise NotFound
    artifact = Artifact.objects.create(
        project=project,
        type=valid_type(type_name),
        state=Artifact.State.PENDING,
        digest=digest[:64],
        description=valid_description(description),
        metadata=valid_metadata(metadata or {}),
        time_to_live=valid_time_to_live(time_to_live),
        run=run,
        history_step=valid_history_step(history_step),
        created_by=by.user,
    )
    Announcement.objects.create(
        artifact=artifact,
        project=project,
        collection_name=collection_name,
        aliases=aliases,
        tags=valid_tags(tags),
        client_id=valid_text(client_id, ID_OF_SCRIPT),
        distributed_id=valid_text(distributed_id, ID_OF_SCRIPT),
        sequence_client_id=valid_text(sequence_client_id, ID_OF_SCRIPT) or "",
    )
    return artifact


@transaction.atomic
def expect_manifest(
    by: Caller,
    artifact: Artifact,
    *,
    kind: str,
    name: str,
    run_name: str = "",
    base: Artifact | None = None,
) -> ManifestUpload:
    """A place for a manifest. The same name again answers the same place."""
    require_pending(by, artifact)
    if kind not in ManifestUpload.Kind.values:
        raise Invalid("manifest_kind", "A manifest is FULL, INCREMENTAL or PATCH.")
    valid_text(name, "The name of a manifest")
    valid_text(run_name, "The id of a run")
    upload, _ = ManifestUpload.objects.update_or_create(
        artifact=artifact, name=name, run_name=run_name, defaults={"kind": kind, "base": base}
    )
    return upload


def receive_file(artifact: Artifact, stream: BinaryIO, *, size: int, md5: str) -> StoredFile:
    """Bytes of a pending artifact, kept only if they are exactly what was announced."""
    if artifact.state != Artifact.State.PENDING:
        raise Conflict("committed", "This artifact is whole; nothing can be added to it.")
    require_room(artifact.project.entity, size)
    stored = keep_bytes(stream, size=size, md5=md5)
    with transaction.atomic():
        lock_pending(artifact.pk)
        note_arrived(artifact, stored)
    return stored


def note_arrived(artifact: Artifact, stored: StoredFile) -> None:
    """Of a pending artifact that is held. Counts for its owner from now on."""
    charge(artifact.project.entity, [stored.pk])
    ArrivedFile.objects.get_or_create(artifact=artifact, stored_file=stored)


def receive_manifest(upload: ManifestUpload, stream: BinaryIO, *, size: int, md5: str) -> None:
    """A manifest of a pending artifact, read at the commit."""
    stored = keep_bytes(stream, size=size, md5=md5)
    with transaction.atomic():
        lock_pending(upload.artifact_id)
        upload.stored_file = stored
        upload.save(update_fields=["stored_file"])


@transaction.atomic
def make_whole(by: Caller, artifact: Artifact, previous: Artifact | None) -> Artifact:
    """Turns a pending artifact into content, or refuses and leaves it pending.

    Every entry must be bytes that arrived for it, a reference, or an entry of an artifact the
    caller may read. `previous` is what an incremental manifest is laid over.
    """
    require_pending(by, artifact)
    artifact = lock_pending(artifact.pk)
    written = _whole_manifest(by, artifact, previous)
    entries = _resolve(by, artifact, list(written.values()))
    ManifestEntry.objects.bulk_create(entries, batch_size=1000)
    artifact.digest = artifact_digest(digests(written.values()))
    artifact.size = sum(entry.size for entry in entries)
    artifact.file_count = len(entries)
    artifact.state = Artifact.State.COMMITTED
    artifact.save()
    ArtifactTag.objects.bulk_create(
        ArtifactTag(artifact=artifact, name=name) for name in artifact.announcement.tags
    )
    artifact.manifest_uploads.all().delete()
    arrived = list(artifact.arrived_files.values_list("stored_file_id", flat=True))
    artifact.arrived_files.all().delete()
    artifact.multipart_uploads.all().delete()
    artifact.expected_files.all().delete()
    discharge(artifact.project.entity, set(arrived) - set(stored_ids(entries)))
    return artifact


def _announced(
    project: Project, client_id: str | None, distributed_id: str | None
) -> Artifact | None:
    """What was announced before under one of the ids. The project's row keeps twins apart."""
    if client_id is None and distributed_id is None:
        return None
    Project.objects.select_for_update().get(pk=project.pk)
    same = Q(client_id=client_id, client_id__isnull=False)
    together = Q(distributed_id=distributed_id, distributed_id__isnull=False)
    announcement = Announcement.objects.filter(same | together, project=project).first()
    return announcement.artifact if announcement else None


def require_pending(by: Caller, artifact: Artifact) -> None:
    require_write(by, artifact.project.entity)
    if artifact.state != Artifact.State.PENDING:
        raise Conflict("committed", "This artifact is whole already.")


def lock_pending(artifact_id: int) -> Artifact:
    artifact = (
        Artifact.objects.select_for_update(of=("self",))
        .select_related("announcement", "project__entity")
        .filter(pk=artifact_id)
        .first()
    )
    if artifact is None:
        raise NotFound
    if artifact.state != Artifact.State.PENDING:
        raise Conflict("committed", "This artifact is whole; nothing can be added to it.")
    return artifact


def _whole_manifest(
    by: Caller, artifact: Artifact, previous: Artifact | None
) -> dict[str, Written]:
    """Base first, then incremental and patch manifests over it; a full one stands alone."""
    written: dict[str, Written] = {}
    uploads = artifact.manifest_uploads.exclude(stored_file=None).select_related(
        "stored_file", "base"
    )
    for upload in uploads.order_by("pk"):
        if upload.kind == ManifestUpload.Kind.INCREMENTAL and not written:
            written |= _entries_of(by, upload.base or previous)
        if upload.stored_file is None:
            continue
        with storage.open_file(upload.stored_file) as stream:
            written |= parse(stream)
    if not uploads:
        raise Invalid("no_manifest", "The manifest has not arrived.")
    return written


def _entries_of(by: Caller, base: Artifact | None) -> dict[str, Written]:
    if base is None or not projects_visible_to(by.user).filter(pk=base.project_id).exists():
        return {}
    return {
        entry.path: Written(
            entry.path,
            entry.digest,
            entry.size,
            entry.reference,
            birth=str(base.pk),
            extra=entry.extra,
        )
        for entry in base.entries.all()
    }


def _resolve(by: Caller, artifact: Artifact, written: list[Written]) -> list[ManifestEntry]:
    """Entries to be saved. Invalid names the first path whose bytes are not there."""
    arrived = {
        (row.stored_file.md5, row.stored_file.size): row.stored_file
        for row in artifact.arrived_files.select_related("stored_file")
    }
    missing = [entry for entry in written if not entry.reference and _key(entry) not in arrived]
    readable = _readable(by, artifact, missing)
    entries = []
    for entry in written:
        stored = None if entry.reference else arrived.get(_key(entry)) or readable.get(_key(entry))
        if not entry.reference and stored is None:
            raise Invalid("bytes_missing", f"The bytes of “{entry.path}” have not arrived.")
        entries.append(
            ManifestEntry(
                artifact=artifact,
                path=entry.path,
                digest=entry.digest,
                size=entry.size,
                reference=entry.reference,
                stored_file=stored,
                extra=entry.extra,
            )
        )
    return entries


def _key(entry: Written) -> tuple[str, int]:
    return hex_of_base64(entry.digest) or "", entry.size


def _readable(
    by: Caller, artifact: Artifact, missing: list[Written]
) -> dict[tuple[str, int], StoredFile]:
    """Bytes of artifacts the caller may read anyway: knowing a digest opens nothing."""
    if not missing:
        return {}
    wanted = {entry.digest for entry in missing}
    rows = ManifestEntry.objects.filter(
        digest__in=wanted,
        stored_file__isnull=False,
        artifact__project__in=projects_visible_to(by.user),
        artifact__project__entity=artifact.project.entity,
    ).select_related("stored_file")
    found: dict[tuple[str, int], StoredFile] = {}
    for row in rows.iterator():
        if row.stored_file is not None:
            found[row.stored_file.md5, row.stored_file.size] = row.stored_file
    return found
