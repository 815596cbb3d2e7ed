"""A version from a browser: announced, its files sent one after the other, then made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import NotFound
from artifacts.digests import artifact_digest, base64_of_hex
from artifacts.models import Artifact, ExpectedFile, Project
from artifacts.operations.uploads import abandon, expect_files, write_manifest
from registries.models import Collection, Version
from registries.names import LATEST
from registries.operations.drafts import announce_version, commit_version, newest_of
from registries.operations.locks import hold_home, lock_collection
from registries.operations.versions import LinkOutcome, place
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
    """The version made of what has arrived; the newest one again when the content is the same."""
    write_manifest(by, artifact)
    with transaction.atomic():
        access = hold_home(by, artifact.project)
        access.require(Right.LINK)
        same = _newest_if_same(artifact)
        if same is None:
            return commit_version(by, artifact)
        aliases = [*artifact.announcement.aliases, LATEST]
        abandon(by, artifact)
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
