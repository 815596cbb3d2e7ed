"""Removes bytes nobody refers to, beside whatever is being uploaded meanwhile.

Bytes that have come whole get their row while `storage.nothing_is_removed()` is held, and the row
notes when somebody brought them last; only what has lain for a while goes, one file at a time
under `storage.removing()`, after a last look at who refers to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.callers import Operator
from accounts.errors import Invalid
from accounts.permissions import require_operator
from artifacts import growing_files, partial_files, storage
from artifacts.models import Artifact, ExpectedFile, MultipartUpload, StoredFile
from artifacts.operations.storage_use import discharge

SHORTEST = timedelta(hours=1)
UPLOADS_LAST = timedelta(days=7)


@dataclass
class Removed:
    """`uploads` were begun and never finished; `strays` are files no row tells of, all parts of
    one file counted as one."""

    uploads: int = 0
    files: int = 0
    bytes: int = 0
    strays: int = 0


def remove_unreferenced_files(
    by: Operator, *, older_than: timedelta = timedelta(days=1), dry_run: bool = False
) -> Removed:
    """Uploads not finished within a week, contents without references, files without a row."""
    require_operator(by)
    if older_than < SHORTEST:
        raise Invalid("older_than", "What came within the last hour may still be on its way.")
    before = timezone.now() - older_than
    removed = Removed()
    _end_uploads(removed, timezone.now() - max(UPLOADS_LAST, older_than), dry_run)
    for pk, sha256, size in list(_unreferenced(before).values_list("pk", "sha256", "size")):
        if dry_run or _remove(pk, sha256, before):
            removed.files += 1
            removed.bytes += size
    _remove_strays(removed, before, dry_run)
    _remove_parts(removed, before, dry_run)
    return removed


def _end_uploads(removed: Removed, before: datetime, dry_run: bool) -> None:
    pending = Artifact.objects.filter(state=Artifact.State.PENDING, created_at__lt=before)
    for pk in list(pending.values_list("pk", flat=True)):
        removed.uploads += 1
        if not dry_run:
            _end_upload(pk)


@transaction.atomic
def _end_upload(pk: int) -> None:
    """Unless it was finished just now."""
    artifact = (
        Artifact.objects.select_for_update(of=("self",))
        .select_related("project__entity")
        .filter(pk=pk, state=Artifact.State.PENDING)
        .first()
    )
    if artifact is not None:
        arrived = list(artifact.arrived_files.values_list("stored_file_id", flat=True))
        keys = list(artifact.expected_files.values_list("pk", flat=True))
        parts = list(artifact.multipart_uploads.values_list("upload_id", flat=True))
        artifact.delete()
        discharge(artifact.project.entity, arrived)
        transaction.on_commit(lambda: _forget(keys, parts))


def _forget(keys: list[int], parts: list[str]) -> None:
    growing_files.forget_all(keys)
    for upload_id in parts:
        partial_files.forget(upload_id)


def _unreferenced(before: datetime) -> QuerySet[StoredFile]:
    """Whatever model refers to stored files counts, those of later days included."""
    files = StoredFile.objects.filter(arrived_at__lt=before)
    for relation in StoredFile._meta.related_objects:
        rows = relation.related_model._default_manager
        files = files.exclude(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return files


def _remove(pk: int, sha256: str, before: datetime) -> bool:
    with storage.removing():
        with transaction.atomic():
            held = StoredFile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if held is None or not _unreferenced(before).filter(pk=pk).exists():
                return False
            held.delete()
        storage.place_of(sha256).unlink(missing_ok=True)
    return True


def _remove_strays(removed: Removed, before: datetime, dry_run: bool) -> None:
    for path in [*_old(storage.folder_of("sha256"), "*/*", before), *_old_incoming(before)]:
        with storage.removing():
            if StoredFile.objects.filter(sha256=path.name).exists():
                continue
            removed.strays += 1
            if not dry_run:
                path.unlink(missing_ok=True)


def _remove_parts(removed: Removed, before: datetime, dry_run: bool) -> None:
    """Of files whose row went with its artifact. They have the row before their first part."""
    for folder in storage.folder_of("parts").iterdir():
        if _last_change(folder) >= before.timestamp():
            continue
        with storage.removing():
            if MultipartUpload.objects.filter(upload_id=folder.name).exists():
                continue
            removed.strays += 1
            if not dry_run:
                partial_files.forget(folder.name)


def _last_change(folder: Path) -> float:
    """Never, as it were, of what somebody else removes meanwhile: it is left to them."""
    try:
        return max(path.stat().st_mtime for path in [folder, *folder.iterdir()])
    except FileNotFoundError:
        return float("inf")


def _old_incoming(before: datetime) -> Iterator[Path]:
    """Cut off in the middle. What a browser may still go on with stays."""
    for path in _old(storage.folder_of("incoming"), "*", before):
        key = path.name.removeprefix(growing_files.PREFIX)
        if key == path.name or not ExpectedFile.objects.filter(pk=key).exists():
            yield path


def _old(folder: Path, pattern: str, before: datetime) -> Iterator[Path]:
    for path in folder.glob(pattern):
        try:
            if path.is_file() and path.stat().st_mtime < before.timestamp():
                yield path
        except FileNotFoundError:
            continue
