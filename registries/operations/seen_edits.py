"""What may change in a version, changed by somebody who was shown what stood there before."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.callers import Caller
from artifacts.models import Artifact
from registries.models import Version
from registries.operations.edits import edit_version
from registries.operations.locks import hold_version, lock_artifact, share_registries
from registries.operations.seen import refuse_unseen


@transaction.atomic
def edit_seen_version(
    by: Caller,
    version: Version,
    seen: str | None,
    *,
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> Artifact:
    """`edit_version()`, one of its values. Conflict when the value is no longer the one whose
    fingerprint is `seen`.
    """
    # Held in the order of `edit_version()`, so that nothing changes in between.
    share_registries(
        Version.objects.filter(artifact=version.artifact_id).values_list(
            "collection__project_id", flat=True
        )
    )
    artifact = lock_artifact(hold_version(by, version).version.artifact)
    refuse_unseen("description", artifact.description, seen, description)
    refuse_unseen("metadata", artifact.metadata, seen, metadata)
    return edit_version(by, version, description=description, metadata=metadata)
