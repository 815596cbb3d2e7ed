"""Projects of teams and people: made by hand or by first use, and ended."""

from __future__ import annotations

from django.db import connection, transaction

from accounts.callers import Caller
from accounts.errors import Conflict
from accounts.models import Entity
from artifacts.models import Project, RunFile
from artifacts.names import valid_description, valid_project_name
from artifacts.operations.artifacts import delete_artifacts
from artifacts.operations.storage_use import discharge
from artifacts.permissions import require_delete_project, require_write


@transaction.atomic
def create_project(
    by: Caller, entity: Entity, name: str, *, description: str | None = None
) -> Project:
    """A new project, or Conflict when the entity has one of that name."""
    project, is_new = _find_or_create(by, entity, name, description)
    if not is_new:
        sentence = f"{entity.name} has a project “{name}” already."
        raise Conflict("project_exists", sentence, field="name")
    return project


@transaction.atomic
def project_for_use(by: Caller, entity: Entity, name: str) -> Project:
    """The project a run, a log or a link names; made when it is not there yet."""
    return _find_or_create(by, entity, name, None)[0]


@transaction.atomic
def end_contents(by: Caller, project: Project) -> None:
    """The project itself, with its runs and what was never finished. No version is left in it.

    IntegrityError when somebody began something in it meanwhile.
    """
    require_delete_project(by, project.entity)
    delete_artifacts(by, list(project.artifacts.select_related("project__entity")))
    of_runs = RunFile.objects.filter(run__project=project).exclude(stored_file=None)
    freed = list(of_runs.values_list("stored_file_id", flat=True))
    project.runs.all().delete()
    discharge(project.entity, freed)
    project.delete()
    if connection.vendor == "postgresql":  # SQLite has nobody beside us, and would read all rows
        connection.check_constraints()


def _find_or_create(
    by: Caller, entity: Entity, name: str, description: str | None
) -> tuple[Project, bool]:
    require_write(by, entity)
    return Project.objects.get_or_create(
        entity=entity,
        name=valid_project_name(name),
        defaults={"created_by": by.user, "description": valid_description(description)},
    )
