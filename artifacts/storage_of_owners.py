"""What organizations and people take on the disk, and what they may take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from accounts.models import Entity
from artifacts import growing_files
from artifacts.models import ArrivedPart, ExpectedFile, Project, StorageQuota, StorageUse

AT_ONCE = 500


@dataclass(frozen=True)
class Taken:
    bytes: int
    files: int


@dataclass(frozen=True)
class Quota:
    """None is without end."""

    bytes: int | None
    files: int | None


def payer_of(entity: Entity) -> Entity:
    """A team takes from its organization; a person pays for their own."""
    team = getattr(entity, "team", None)
    return team.organization.entity if team else entity


def taken_by(payer: Entity) -> Taken:
    """Of an organization all its teams together, each content once in each team."""
    owners = StorageUse.objects.filter(entity=payer)
    if payer.kind == Entity.Kind.ORGANIZATION:
        owners = StorageUse.objects.filter(entity__team__organization__entity=payer)
    found = owners.aggregate(bytes=Sum("bytes"), files=Sum("files"))
    return Taken(found["bytes"] or 0, found["files"] or 0)


def arriving_for(payer: Entity, beside: ArrivedPart | ExpectedFile) -> int:
    """Bytes on the disk for files that are not whole yet, so that nobody's figure has them.
    What is there of `beside` is left out: it is being sent, and counts with its whole size.
    """
    projects = Project.objects.filter(Q(entity=payer) | Q(entity__team__organization__entity=payer))
    parts = ArrivedPart.objects.filter(
        upload__stored_file=None, upload__artifact__project__in=projects
    )
    sizes = growing_files.all_sizes()
    if isinstance(beside, ArrivedPart):
        parts = parts.exclude(upload=beside.upload, number=beside.number)
    else:
        sizes.pop(beside.pk, None)
    in_parts = parts.aggregate(bytes=Sum("size"))["bytes"] or 0
    return in_parts + sum(sizes[key] for key in _of_projects(projects, list(sizes)))


def _of_projects(projects: QuerySet[Project], keys: list[int]) -> Iterator[int]:
    for start in range(0, len(keys), AT_ONCE):
        files = ExpectedFile.objects.filter(
            pk__in=keys[start : start + AT_ONCE], artifact__project__in=projects
        )
        yield from files.values_list("pk", flat=True)


def quota_of(payer: Entity) -> Quota:
    own = StorageQuota.objects.filter(entity=payer).first()
    most_bytes = own.most_bytes if own else None
    most_files = own.most_files if own else None
    return Quota(
        settings.WAYMARK_QUOTA_BYTES if most_bytes is None else most_bytes,
        settings.WAYMARK_QUOTA_FILES if most_files is None else most_files,
    )


def shares_of(organization: Entity) -> QuerySet[StorageUse]:
    """What each of its teams takes of the organization's room."""
    uses = StorageUse.objects.filter(entity__team__organization__entity=organization)
    return uses.select_related("entity")
