"""Runs, as far as an artifact needs to tell where it came from."""

from __future__ import annotations

import secrets
import string
from typing import Any

from django.db import transaction

from accounts.callers import Caller
from artifacts.models import Project, Run
from artifacts.names import valid_metadata
from artifacts.permissions import require_write


@transaction.atomic
def start_run(
    by: Caller,
    project: Project,
    *,
    display_name: str = "",
    config: dict[str, Any] | None = None,
) -> Run:
    """A run with an id of its own, as the SDK forms them: eight letters and digits."""
    require_write(by, project.entity)
    alphabet = string.ascii_lowercase + string.digits
    name = "".join(secrets.choice(alphabet) for _ in range(8))
    return Run.objects.create(
        project=project,
        name=name,
        display_name=display_name or name,
        config=valid_metadata(config or {}),
        created_by=by.user,
    )


@transaction.atomic
def finish_run(by: Caller, run: Run, state: Run.State = Run.State.FINISHED) -> None:
    require_write(by, run.project.entity)
    run.state = state
    run.save(update_fields=["state"])
