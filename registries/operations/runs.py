"""The end of a run, by the rules of what it made."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import NotAllowed
from artifacts.models import Artifact, Run
from artifacts.operations.runs import end_run
from artifacts.permissions import require_write
from registries.models import Collection, Event, Version
from registries.operations.edits import protecting_registries
from registries.operations.history import record
from registries.operations.locks import hold_home, lock_collections_of
from registries.operations.sources import delete_source
from registries.permissions import access_for


@transaction.atomic
def delete_run(by: Caller, run: Run, *, with_artifacts: bool = False) -> None:
    """What it made stays and tells of no run, or ends with it by the rules of `delete_source`.

    Refused to everybody while a version it made carries a protected alias: where that came from
    is told as long as it is.
    """
    hold_home(by, run.project)
    require_write(by, run.project.entity)
    made = Version.objects.filter(artifact__run=run)
    lock_collections_of(made)
    for artifact in Artifact.objects.filter(run=run).order_by("pk"):
        _refuse_origin_of_protected(by, artifact)
    if with_artifacts:
        logged = made.filter(collection__kind=Collection.Kind.SEQUENCE).order_by("pk")
        for version in logged.select_related("collection__project__entity"):
            delete_source(by, version, delete_aliases=True)
    record(by, Event.Kind.RUN_DELETED, run.project, subject=run.name)
    end_run(by, run)


def _refuse_origin_of_protected(by: Caller, artifact: Artifact) -> None:
    for registry in protecting_registries(artifact):
        where = registry.name if access_for(by.user, registry).can_see() else "a registry"
        raise NotAllowed(
            f"This run made a version that carries a protected alias in {where}. "
            "It stays until a registry admin takes the alias off.",
            code="protected_version",
        )
