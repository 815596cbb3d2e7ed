"""A run takes an artifact as input."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import NotFound
from artifacts.models import Artifact, Project
from artifacts.operations.runs import note_use
from registries.models import Version
from registries.operations.locks import hold_home
from registries.permissions import require_open
from registries.roles import Right


@transaction.atomic
def use_artifact(
    by: Caller, artifact: Artifact, came_by: Project, project: Project, run_name: str
) -> None:
    """Judged by `came_by`, the project or registry through which the script named it.

    A Restricted Viewer is refused there even if another way were open.
    """
    access = hold_home(by, came_by)
    access.require(Right.DOWNLOAD)
    if not Version.objects.filter(artifact=artifact, collection__project=came_by).exists():
        raise NotFound
    require_open(access, came_by, artifact)
    note_use(by, project, run_name, artifact)
