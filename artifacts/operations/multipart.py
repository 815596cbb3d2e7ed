"""Files too large for one request: announced with the MD5 of each part, joined when all are there.

The bytes are written and hashed in `artifacts.partial_files`, outside every transaction.
"""

from __future__ import annotations

import re
import secrets
from typing import BinaryIO

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, Lost, NotFound
from artifacts import partial_files, storage
from artifacts.models import (
    ArrivedPart,
    Artifact,
    MultipartUpload,
)
from artifacts.operations.artifacts import row_of
from artifacts.operations.drafts import lock_pending, note_arrived, require_pending
from artifacts.operations.storage_use import require_room
from artifacts.partial_files import PartialFile
from artifacts.storage_of_owners import arriving_for, payer_of

MOST_PARTS = 10_000
MD5 = re.compile(r"[0-9a-f]{32}")


@transaction.atomic
def expect_parts(
    by: Caller, artifact: Artifact, md5: str, part_md5s: dict[int, str]
) -> MultipartUpload:
    """A place for a file in parts, by number, each with its hex MD5.

    The same file again answers the same place with what has arrived; cut otherwise, or with parts
    this server has lost, it begins anew.
    """
    require_pending(by, artifact)
    lock_pending(artifact.pk)
    in_order = _in_order(part_md5s)
    known = MultipartUpload.objects.filter(artifact=artifact, md5=md5).first()
    if known is not None:
        if known.part_md5s == in_order and _goes_on(known):
            return known
        _drop(known)
    return MultipartUpload.objects.create(
        artifact=artifact, md5=md5, part_md5s=in_order, upload_id=secrets.token_hex(16)
    )


def receive_part(upload: MultipartUpload, number: int, stream: BinaryIO, *, size: int) -> str:
    """The hex MD5 of the part, which is on the disk now. A part that comes twice is kept once.

    Lost, and everything dropped, when parts that arrived before are gone: what came after them
    would be hashed behind a hole.
    """
    if upload.artifact.state != Artifact.State.PENDING or upload.stored_file_id is not None:
        raise Conflict("committed", "This file is whole; nothing can be added to it.")
    _require_room(upload, number, size)
    md5 = str(upload.part_md5s[number - 1])
    partial = _partial(upload, _part_size(upload, number, size))
    try:
        with partial_files.alone(partial, number):
            _receive(upload, partial, number, stream, size)
        partial_files.hash_on(*_arrived(upload))
    except Lost:
        _drop_unless_whole(upload)
        raise
    return md5


def _receive(
    upload: MultipartUpload, partial: PartialFile, number: int, stream: BinaryIO, size: int
) -> None:
    md5 = str(upload.part_md5s[number - 1])
    arrived = _sizes(upload)
    if not partial_files.has(partial, arrived):
        raise partial_files.lost()
    if number in arrived:
        partial_files.compare_part(stream, size=size, md5=md5)
    else:
        with storage.room_for(size):
            partial_files.write_part(partial, number, stream, size=size, md5=md5)
        _note_arrived(upload, number, size)


def join_parts(
    by: Caller, artifact: Artifact, upload_id: str, part_md5s: dict[int, str]
) -> MultipartUpload:
    """One file of all parts, kept only if it is what was announced. A repeated join changes
    nothing.
    """
    require_pending(by, artifact)
    upload = _upload(artifact, upload_id)
    if upload.stored_file_id is not None:
        return upload
    if _in_order(part_md5s) != upload.part_md5s:
        raise Invalid("parts", "These are not the parts that were announced.")
    partial, arrived = _arrived(upload)
    if arrived != partial.count:
        raise Invalid("parts_missing", "Not all parts of this file have arrived.")
    try:
        whole = partial_files.joined(partial, sum(_sizes(upload).values()), upload.md5)
        with whole as content:
            stored = row_of(content)
    except (Invalid, Lost):
        _drop_unless_whole(upload)
        raise
    with transaction.atomic():
        upload.stored_file = stored
        note_arrived(lock_pending(artifact.pk), stored)
        upload.save(update_fields=["stored_file"])
    partial_files.forget(upload_id)
    return upload


@transaction.atomic
def abandon_parts(by: Caller, artifact: Artifact, upload_id: str) -> None:
    """What has arrived is dropped."""
    require_pending(by, artifact)
    lock_pending(artifact.pk)
    _drop(_upload(artifact, upload_id))


def _require_room(upload: MultipartUpload, number: int, size: int) -> None:
    """For this part beside all that have arrived of files that are not whole yet."""
    owner = upload.artifact.project.entity
    part = ArrivedPart(upload=upload, number=number)
    require_room(owner, size + arriving_for(payer_of(owner), part))


def _goes_on(known: MultipartUpload) -> bool:
    if known.stored_file_id is not None:
        return True
    arrived = _sizes(known)
    return bool(arrived) and partial_files.has(_partial(known, known.part_size), arrived)


def _sizes(upload: MultipartUpload) -> dict[int, int]:
    """In bytes, of the parts that have arrived, by number."""
    return dict(upload.arrived_parts.values_list("number", "size"))


def _note_arrived(upload: MultipartUpload, number: int, size: int) -> None:
    with transaction.atomic():
        lock_pending(upload.artifact_id)
        _upload(upload.artifact, upload.upload_id)
        ArrivedPart.objects.create(upload=upload, number=number, size=size)


def _drop(upload: MultipartUpload) -> None:
    upload_id = upload.upload_id
    upload.delete()
    transaction.on_commit(lambda: partial_files.forget(upload_id))


@transaction.atomic
def _drop_unless_whole(upload: MultipartUpload) -> None:
    """Whoever joined it at the same time has taken its bytes away."""
    lock_pending(upload.artifact_id)
    if MultipartUpload.objects.filter(pk=upload.pk, stored_file=None).exists():
        _drop(upload)


def _upload(artifact: Artifact, upload_id: str) -> MultipartUpload:
    upload = MultipartUpload.objects.filter(artifact=artifact, upload_id=upload_id).first()
    if upload is None:
        raise NotFound
    return upload


def _in_order(part_md5s: dict[int, str]) -> list[str]:
    """Numbers from 1 without a gap."""
    numbers = sorted(part_md5s)
    if not numbers or numbers != list(range(1, len(numbers) + 1)) or len(numbers) > MOST_PARTS:
        raise Invalid("parts", "Parts are numbered from 1 to at most 10,000 without a gap.")
    in_order = [part_md5s[number].strip('"').lower() for number in numbers]
    if not all(MD5.fullmatch(md5) for md5 in in_order):
        raise Invalid("parts", "Each part is announced with the hex of its MD5.")
    return in_order


def _part_size(upload: MultipartUpload, number: int, size: int) -> int | None:
    """The first part but the last to come says how large they are; the others have to agree."""
    if number == len(upload.part_md5s):
        return upload.part_size
    unknown = MultipartUpload.objects.filter(pk=upload.pk, part_size=None)
    unknown.update(part_size=size)
    upload.refresh_from_db(fields=["part_size"])
    if upload.part_size != size or not size:
        raise Invalid("part_size", "All parts but the last are of one size.")
    return upload.part_size


def _arrived(upload: MultipartUpload) -> tuple[PartialFile, int]:
    """The file so far, and how many of its parts are there without a gap before them.

    The size of the parts comes with them: who brings the last one may have begun before anybody
    knew it.
    """
    parts = upload.arrived_parts.order_by("number").values_list("number", "upload__part_size")
    count, size_of_parts = 0, None
    for number, part_size in parts:
        if number != count + 1:
            break
        count, size_of_parts = number, part_size
    return _partial(upload, size_of_parts), count


def _partial(upload: MultipartUpload, part_size: int | None) -> PartialFile:
    return PartialFile(upload.upload_id, len(upload.part_md5s), part_size or 0)
