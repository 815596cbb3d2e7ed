"""The end of a project, by the rules of each thing in it."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid
from artifacts.models import Project
from artifacts.operations.projects import end_contents
from artifacts.permissions import require_delete_project
from registries.models import Collection, Event, Version
from registries.operations.endings import end_collection
from registries.operations.history import record
from registries.operations.locks import (
    HeldCollection,
    hold_home,
    lock_collection,
    lock_collections_of,
)
from registries.operations.sources import delete_sequence


@transaction.atomic
def delete_project(by: Caller, project: Project, *, delete_aliases: bool = False) -> None:
    """Ends a project with its runs, artifacts and collections, whole or not at all.

    Refused while one of its artifacts may not be deleted, by the rules of `delete_source`: so to
    everybody while a registry links one under a protected alias.
    """
    access = hold_home(by, project)
    require_delete_project(by, project.entity)
    if access.registry is not None:
        raise Invalid("is_registry", f"{access.home_name} is a registry. Delete it there.")
    lock_collections_of(Version.objects.filter(artifact__project=project))
    collections = Collection.objects.filter(project=project).order_by("pk")
    for sequence in collections.filter(kind=Collection.Kind.SEQUENCE):
        delete_sequence(by, sequence, delete_aliases=delete_aliases)
    for number in collections.values_list("pk", flat=True):
        end_collection(by, HeldCollection(access, lock_collection(number)))
    record(by, Event.Kind.PROJECT_DELETED, project, subject=project.name)
    try:
        end_contents(by, project)
    except IntegrityError as error:
        raise Conflict(
            "project_in_use",
            f"Somebody wrote into {project.name} a moment ago. Nothing was deleted; try again.",
        ) from error
