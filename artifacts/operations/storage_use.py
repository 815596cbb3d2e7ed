"""What owners take on the disk, and their quotas: counted where references begin and end.

A content counts once for an owner, however many of their artifacts and runs refer to it. Whoever is
about to refer to bytes calls `charge` first, whoever has let go of some calls `discharge` after,
both inside the transaction of the change. The row of the owner keeps two requests apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from accounts.callers import Operator
from accounts.errors import Full, Invalid
from accounts.models import Entity
from accounts.permissions import require_operator
from artifacts.models import (
    ArrivedFile,
    ManifestEntry,
    RunFile,
    StorageQuota,
    StorageUse,
    StoredFile,
)
from artifacts.storage_of_owners import Taken, payer_of, quota_of, taken_by

AT_ONCE = 500
# What both databases keep in a number.
MOST = 2**63 - 1


def require_room(entity: Entity, size: int) -> None:
    """Before bytes travel: Full when the quota is full already or these would overfill it."""
    _judge(payer_of(entity), Taken(size, 1))


@transaction.atomic
def charge(entity: Entity, stored_ids: Iterable[int]) -> None:
    """Counts what the owner did not refer to before. Full when that is over the quota."""
    use = _held(entity)
    for some in _batches(stored_ids):
        new = _total(_not_referred(entity, some))
        if new.files:
            _judge(payer_of(entity), new)
            use.bytes += new.bytes
            use.files += new.files
            use.save()


@transaction.atomic
def discharge(entity: Entity, stored_ids: Iterable[int]) -> None:
    """Takes off what the owner refers to no more."""
    use = _held(entity)
    for some in _batches(stored_ids):
        gone = _total(_not_referred(entity, some))
        use.bytes = max(0, use.bytes - gone.bytes)
        use.files = max(0, use.files - gone.files)
        use.save()


@transaction.atomic
def count_again(by: Operator, entity: Entity) -> StorageUse:
    """From what is referred to now, for whoever does not trust the counter."""
    require_operator(by)
    use = _held(entity)
    found = _total(StoredFile.objects.filter(_refers(entity)))
    use.bytes, use.files = found.bytes, found.files
    use.save()
    return use


@transaction.atomic
def set_quota(
    by: Operator, entity: Entity, *, most_bytes: int | None, most_files: int | None
) -> StorageQuota:
    """For an organization, or a person. None is what the server gives everybody."""
    require_operator(by)
    if entity.kind == Entity.Kind.TEAM:
        raise Invalid("quota_of_team", "A team takes from its organization. Name that.")
    if any(most is not None and most < 0 for most in (most_bytes, most_files)):
        raise Invalid("quota", "A quota is not less than nothing.")
    if any(most is not None and most > MOST for most in (most_bytes, most_files)):
        raise Invalid("quota", f"A quota is at most {MOST:,}. Leave it away for no end.")
    quota, _ = StorageQuota.objects.update_or_create(
        entity=entity, defaults={"most_bytes": most_bytes, "most_files": most_files}
    )
    return quota


def _judge(payer: Entity, more: Taken) -> None:
    quota = quota_of(payer)
    if quota.bytes is None and quota.files is None:
        return
    taken = taken_by(payer)
    if quota.bytes is not None and taken.bytes + more.bytes > quota.bytes:
        raise Full(
            "over_quota",
            f"{payer.name} may store {quota.bytes:,} bytes and has {taken.bytes:,}. "
            "Delete what is not needed, or ask the operator for more.",
        )
    if quota.files is not None and taken.files + more.files > quota.files:
        raise Full(
            "over_quota",
            f"{payer.name} may store {quota.files:,} files and has {taken.files:,}. "
            "Delete what is not needed, or ask the operator for more.",
        )


def _held(entity: Entity) -> StorageUse:
    StorageUse.objects.get_or_create(entity=entity)
    return StorageUse.objects.select_for_update().get(entity=entity)


def _total(files: QuerySet[StoredFile]) -> Taken:
    found = files.aggregate(bytes=Sum("size"), files=Count("pk"))
    return Taken(found["bytes"] or 0, found["files"])


def _refers(entity: Entity, some: list[int] | None = None) -> Q:
    """Files to which an artifact, a pending one, or a run of the owner refers."""
    chosen = {} if some is None else {"stored_file__in": some}
    entries = ManifestEntry.objects.filter(artifact__project__entity=entity, **chosen)
    arrived = ArrivedFile.objects.filter(artifact__project__entity=entity, **chosen)
    of_runs = RunFile.objects.filter(run__project__entity=entity, **chosen)
    return (
        Q(pk__in=entries.exclude(stored_file=None).values("stored_file"))
        | Q(pk__in=arrived.values("stored_file"))
        | Q(pk__in=of_runs.exclude(stored_file=None).values("stored_file"))
    )


def _not_referred(entity: Entity, some: list[int]) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(pk__in=some).exclude(_refers(entity, some))


def _batches(stored_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = sorted(set(stored_ids))
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
