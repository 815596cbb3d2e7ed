"""Projects of teams and people: made by hand or by first use."""

from __future__ import annotations

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Conflict
from accounts.models import Entity
from artifacts.models import Project
from artifacts.names import valid_description, valid_project_name
from artifacts.permissions import require_write


@transaction.atomic
def create_project(
    by: Caller, entity: Entity, name: str, *, description: str | None = None
) -> Project:
    """A new project, or Conflict when the entity has one of that name."""
    project, is_new = _find_or_create(by, entity, name, description)
    if not is_new:
        raise Conflict("project_exists", f"{entity.name} has a project “{name}”.", field="name")
    return project


@transaction.atomic
def project_for_use(by: Caller, entity: Entity, name: str) -> Project:
    """The project a run, a log or a link names; made when it is not there yet."""
    return _find_or_create(by, entity, name, None)[0]


def _find_or_create(
    by: Caller, entity: Entity, name: str, description: str | None
) -> tuple[Project, bool]:
    require_write(by, entity)
    return Project.objects.get_or_create(
        entity=entity,
        name=valid_project_name(name),
        defaults={"created_by": by.user, "description": valid_description(description)},
    )
