"""Projects, registries among them, as GraphQL shows them."""
# ruff: noqa: N802

from __future__ import annotations

from typing import Any

from accounts.models import User
from accounts.names import fold
from artifacts.models import Project
from artifacts.permissions import ProjectRight, right_in
from registries.models import REGISTRY_PROJECT_PREFIX, Registry
from registries.named import project_named, registry_and_version_named, registry_named
from wandb_api.context import Context, Info, VersionName
from wandb_api.identifiers import encode
from wandb_api.types.instants import instant
from wandb_api.types.people import EntityType, UserType

# What the SDK calls visible to the organization, and restricted.
ACCESS = {
    Registry.Visibility.ORGANIZATION.value: "PRIVATE",
    Registry.Visibility.RESTRICTED.value: "RESTRICTED",
}


class ProjectNode:
    type_name = "Project"

    def __init__(self, project: Project) -> None:
        self.project = project
        self.registry: Registry | None = getattr(project, "registry", None)
        self.id = encode("Project", project.pk)
        self.internalId = encode("ProjectInternalId", project.pk)
        self.name = project.name
        self.description = project.description
        self.createdAt = instant(project.created_at)
        changed_at = self.registry.changed_at if self.registry else project.created_at
        self.updatedAt = instant(changed_at)
        self.isBenchmark = False
        # The names of its types, asked for together with those of its page.
        self.types: list[str] | None = None
        self.page: list[ProjectNode] = [self]
        self.makers: dict[int, UserType] | None = None

    def entity(self, *_: Any) -> EntityType:
        return EntityType(self.project.entity)

    def entityName(self, *_: Any) -> str:
        return self.project.entity.name

    def user(self, *_: Any) -> UserType | None:
        """Who made it; nobody made the registries that came with an organization."""
        if self.makers is None:
            _learn_makers(self.page)
        return (self.makers or {}).get(self.project.created_by_id or 0)

    def access(self, *_: Any) -> str:
        return ACCESS[self.registry.visibility] if self.registry else "PRIVATE"

    def allowAllArtifactTypesInRegistry(self, *_: Any) -> bool:
        return self.registry.accepts_all_types if self.registry else True

    def readOnly(self, info: Info) -> bool:
        """Whether the caller may not write here."""
        if self.registry:
            return not info.context.access(self.project).can_link()
        return right_in(info.context.user, self.project.entity) < ProjectRight.WRITE


def _learn_makers(nodes: list[ProjectNode]) -> None:
    ids = {node.project.created_by_id for node in nodes if node.project.created_by_id}
    people = User.objects.filter(pk__in=ids).select_related("entity", "default_entity")
    makers = {person.pk: UserType(person) for person in people}
    for maker in makers.values():
        maker.page = list(makers.values())
    for node in nodes:
        node.makers = makers


def find_project(
    context: Context,
    entity_name: str | None,
    name: str | None,
    ahead: VersionName | None = None,
) -> Project | None:
    """One the caller sees; registries are found without regard to case. A version asked for next
    is looked for along with it, where that can be."""
    if not name:
        return None
    entity_name = entity_name or (context.user.default_entity or context.user.entity).name
    found = _found(context, entity_name, name, ahead)
    if found is not None:
        context.note_seen(found)
        context.note_name(entity_name, found.entity.name)
        context.note_name(name, found.name)
    return found


def _found(
    context: Context, entity_name: str, name: str, ahead: VersionName | None
) -> Project | None:
    registry_name = registry_in(name)
    if registry_name is None:
        return project_named(context.user, entity_name, name)
    if ahead is None:
        registry = registry_named(context.user, entity_name, registry_name)
        return registry.project if registry else None
    registry, versions = registry_and_version_named(
        context.user, entity_name, registry_name, *ahead
    )
    if registry is not None and versions is not None:
        context.note_found_ahead(registry.pk, ahead, versions)
    return registry.project if registry else None


def registry_in(project_name: str) -> str | None:
    """The name of the registry whose project is called so; None for those of ordinary projects."""
    if not fold(project_name).startswith(REGISTRY_PROJECT_PREFIX):
        return None
    return project_name[len(REGISTRY_PROJECT_PREFIX) :]
