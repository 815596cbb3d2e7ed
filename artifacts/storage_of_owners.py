"""What organizations and people take on the disk, and what they may take."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from accounts.models import Entity
from artifacts.models import ArrivedPart, Project, StorageQuota, StorageUse


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


def arriving_for(payer: Entity) -> QuerySet[ArrivedPart]:
    """On the disk for files that are not whole yet, so that nobody's figure has them."""
    owners = Q(entity=payer) | Q(entity__team__organization__entity=payer)
    projects = Project.objects.filter(owners)
    return ArrivedPart.objects.filter(
        upload__stored_file=None, upload__artifact__project__in=projects
    )


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
