"""A version from a browser: announced, its files sent one after the other, then made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Conflict, NotFound
from artifacts.digests import artifact_digest, base64_of_hex
from artifacts.models import Artifact, ExpectedFile, Project, RepeatedUpload
from artifacts.operations.uploads import abandon, expect_files, write_manifest
from registries.models import Collection, Version
from registries.names import LATEST
from registries.operations.drafts import (
    announce_version,
    commit_version,
    made_before,
    newest_of,
)
from registries.operations.locks import hold_home, lock_collection
from registries.operations.versions import LinkOutcome, place
from registries.permissions import access_for
from registries.roles import Right


@transaction.atomic
def begin_upload(
    by: Caller,
    project: Project,
    name: str,
    type_name: str,
    sizes: Mapping[str, int],
    *,
    aliases: Iterable[str] = (),
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> tuple[Artifact, list[ExpectedFile]]:
    """A pending artifact with a place for each file. Names and types are judged before bytes go."""
    artifact = announce_version(
        by,
        project,
        name,
        type_name,
        "",
        aliases=aliases,
        description=description,
        metadata=metadata,
        tags=[],
    )
    return artifact, expect_files(by, artifact, sizes)


def finish_upload(by: Caller, artifact: Artifact) -> LinkOutcome:
    """The version made of what has arrived; the newest one again when the content is the same.

    Repeated, because the answer was lost, it answers what it did the first time.
    """
    try:
        return _finish(by, artifact)
    except (Conflict, NotFound):
        if (outcome := finished_before(by, artifact.project, artifact.pk)) is None:
            raise
        return outcome


def finished_before(by: Caller, project: Project, number: int) -> LinkOutcome | None:
    """What finishing this upload of the caller did; None while it is not finished."""
    access_for(by.user, project).require(Right.LINK)
    repeated = RepeatedUpload.objects.filter(
        number=number, created_by=by.user, same_as__project=project
    ).select_related("same_as")
    if (known := repeated.first()) is not None:
        return made_before(known.same_as)
    own = Artifact.objects.filter(pk=number, project=project, created_by=by.user)
    artifact = own.exclude(announcement=None).first()
    made = made_before(artifact) if artifact is not None else None
    return replace(made, is_new=True) if made is not None else None


def _finish(by: Caller, artifact: Artifact) -> LinkOutcome:
    write_manifest(by, artifact)
    with transaction.atomic():
        access = hold_home(by, artifact.project)
        access.require(Right.LINK)
        same = _newest_if_same(artifact)
        if same is None:
            return replace(commit_version(by, artifact), is_new=True)
        aliases = [*artifact.announcement.aliases, LATEST]
        number = artifact.pk
        abandon(by, artifact)
        RepeatedUpload.objects.create(number=number, same_as=same.artifact, created_by=by.user)
        return place(by, lock_collection(same.collection_id), same.artifact, aliases)


def upload_of(by: Caller, project: Project, number: int) -> Artifact:
    """A pending artifact the caller has begun here; NotFound for those of others."""
    artifact = (
        Artifact.objects.filter(pk=number, project=project, created_by=by.user)
        .exclude(announcement=None)
        .select_related("announcement", "project__entity")
        .first()
    )
    if artifact is None:
        raise NotFound
    return artifact


def _newest_if_same(artifact: Artifact) -> Version | None:
    name = artifact.announcement.collection_name
    sequence = Collection.objects.filter(
        project=artifact.project, name=name, kind=Collection.Kind.SEQUENCE
    ).first()
    newest = newest_of(sequence) if sequence else None
    arrived = artifact.expected_files.values_list("path", "stored_file__md5")
    digest = artifact_digest((path, base64_of_hex(md5)) for path, md5 in arrived)
    return newest if newest and newest.artifact.digest == digest else None
