"""Registries and their members: what `Api.registry()`, `create_registry()` and `save()` send."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import Organization, Team, User
from accounts.names import entity_key
from artifacts.models import Project
from artifacts.operations.projects import project_for_use
from registries.models import REGISTRY_PROJECT_PREFIX, Registry
from registries.operations import members, registries
from registries.roles import Right, Role
from registries.visibility import organizations_of, registries_visible_to
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode, unknown
from wandb_api.resolvers.found import Input, quoted, writable_entity
from wandb_api.types.projects import ACCESS, ProjectNode, find_project

SUCCESS = {"success": True}
VISIBILITY = {access: visibility for visibility, access in ACCESS.items()}


def upsert_model(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """Makes or changes a registry, or makes an ordinary project.

    Creating and saving send the same without an id. A registry the caller may not administer
    is refused; one that is hidden reads as a name that is taken.
    """
    context = info.context
    name = input.get("name") or ""
    if not name.startswith(REGISTRY_PROJECT_PREFIX):
        entity = writable_entity(context, input.get("entityName"))
        project = project_for_use(context.by, entity, name)
        return _payload(project, inserted=False)
    found = find_project(context, input.get("entityName"), name)
    if found is not None:
        return _payload(_edit(context, found, input), inserted=False)
    return _payload(_create(context, name, input), inserted=True)


def rename_project(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    registry = _registry_named(context, input["entityName"], input["oldProjectName"])
    new_name = input["newProjectName"]
    if not new_name.startswith(REGISTRY_PROJECT_PREFIX):
        raise Invalid("registry_name", f"A registry’s project begins {REGISTRY_PROJECT_PREFIX}.")
    renamed = registries.edit_registry(
        context.by, registry, name=new_name.removeprefix(REGISTRY_PROJECT_PREFIX)
    )
    return {"inserted": False, "project": ProjectNode(renamed.project)}


def delete_model(_: Any, info: Info, input: Input) -> dict[str, bool]:
    registries.delete_registry(info.context.by, _registry_with_id(info.context, input["id"]))
    return SUCCESS


@transaction.atomic
def create_members(_: Any, info: Info, input: Input) -> dict[str, bool]:
    """People and teams become Restricted Viewers, service accounts Members, as the SDK means it."""
    context = info.context
    registry = _registry_to_staff(context, input["projectId"])
    for who in _grantees(registry, input):
        is_script = isinstance(who, User) and who.is_service_account
        role = Role.MEMBER if is_script else Role.RESTRICTED_VIEWER
        members.add_member(context.by, registry, who, role)
    return SUCCESS


@transaction.atomic
def delete_members(_: Any, info: Info, input: Input) -> dict[str, bool]:
    context = info.context
    registry = _registry_to_staff(context, input["projectId"])
    for who in _grantees(registry, input):
        members.remove_member(context.by, registry, who)
    return SUCCESS


def update_member(_: Any, info: Info, input: Input) -> dict[str, bool]:
    context = info.context
    registry = _registry_to_staff(context, input["projectId"])
    who = _user(input["userId"])
    members.set_role(context.by, registry, who, _role(input["userProjectRole"]))
    return SUCCESS


def update_team_member(_: Any, info: Info, input: Input) -> dict[str, bool]:
    context = info.context
    registry = _registry_to_staff(context, input["projectId"])
    who = _team(registry, input["teamId"])
    members.set_role(context.by, registry, who, _role(input["teamProjectRole"]))
    return SUCCESS


def _create(context: Context, name: str, input: Input) -> Project:
    organization = _organization(context, input.get("entityName"))
    registry = registries.create_registry(
        context.by,
        organization,
        name.removeprefix(REGISTRY_PROJECT_PREFIX),
        description=input.get("description"),
        visibility=_visibility(input) or Registry.Visibility.ORGANIZATION,
        accepted_types=_types(input),
    )
    return registry.project


@transaction.atomic
def _edit(context: Context, project: Project, input: Input) -> Project:
    registry = project.registry
    registries.edit_registry(
        context.by,
        registry,
        description=input.get("description"),
        visibility=_visibility(input),
    )
    if input.get("allowAllArtifactTypesInRegistry") or input.get("artifactTypes") is not None:
        registries.accept_types(context.by, registry, _types(input))
    return Project.objects.select_related("entity", "registry").get(pk=project.pk)


def _payload(project: Project, *, inserted: bool) -> dict[str, Any]:
    shown = ProjectNode(project)
    return {"inserted": inserted, "project": shown, "model": shown}


def _types(input: Input) -> list[str] | None:
    """None is all types."""
    if input.get("allowAllArtifactTypesInRegistry") or input.get("artifactTypes") is None:
        return None
    return [given["name"] for given in input["artifactTypes"]]


def _visibility(input: Input) -> str | None:
    access = input.get("access")
    if access is None:
        return None
    if access not in VISIBILITY:
        raise Invalid("visibility", "A registry is visible to the organization, or restricted.")
    return str(VISIBILITY[access])


def _organization(context: Context, name: str | None) -> Organization:
    organizations = organizations_of(context.user)
    found = organizations.filter(entity__name__lower=entity_key(name or "")).first()
    if found is None:
        raise NotFound.of(f"organization {quoted(name)}")
    return found


def _registry_named(context: Context, entity_name: str, project_name: str) -> Registry:
    project = find_project(context, entity_name, project_name)
    if project is None or not hasattr(project, "registry"):
        raise NotFound.of(f"registry {quoted(f'{entity_name}/{project_name}')}")
    return project.registry


def _registry_with_id(context: Context, identifier: str) -> Registry:
    registry = (
        registries_visible_to(context.user)
        .filter(pk=decode("Project", identifier))
        .select_related("project__entity", "organization__entity")
        .first()
    )
    if registry is None:
        raise unknown("Project")
    return registry


def _registry_to_staff(context: Context, identifier: str) -> Registry:
    """Judged before anybody is looked up: who may not manage members learns of nobody here."""
    registry = _registry_with_id(context, identifier)
    context.access(registry.project).require(Right.MANAGE_MEMBERS)
    return registry


def _grantees(registry: Registry, input: Input) -> list[User | Team]:
    people = [_user(identifier) for identifier in input.get("userIds") or []]
    teams = [_team(registry, identifier) for identifier in input.get("teamIds") or []]
    return [*people, *teams]


def _user(identifier: str) -> User:
    user = User.objects.filter(pk=decode("User", identifier)).first()
    if user is None:
        raise Invalid("nobody", "There is no such person.")
    return user


def _team(registry: Registry, identifier: str) -> Team:
    teams = Team.objects.filter(organization=registry.organization_id)
    team = teams.filter(entity=decode("Entity", identifier)).first()
    if team is None:
        raise Invalid("nobody", "There is no such team in this organization.")
    return team


def _role(codename: str) -> Role:
    try:
        return Role.from_codename(codename)
    except ValueError as error:
        raise Conflict("role", f"There is no role “{codename}”.") from error


FIELDS = {
    "upsertModel": upsert_model,
    "renameProject": rename_project,
    "deleteModel": delete_model,
    "createProjectMembers": create_members,
    "deleteProjectMembers": delete_members,
    "updateProjectMember": update_member,
    "updateProjectTeamMember": update_team_member,
}
