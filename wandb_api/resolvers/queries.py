"""Root fields of Query, and the fields that lead from one type to one above it."""
# ruff: noqa: N803

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.errors import NotFound
from accounts.models import Entity, Organization
from accounts.names import composed, entity_key
from artifacts.identifiers import called
from artifacts.models import Announcement, Artifact, Project
from registries.models import AcceptedType, Collection
from registries.named import collection_named
from registries.names import LATEST
from registries.visibility import collections_visible_to, may_use_artifact, organizations_of
from wandb_api.context import Context, Info, VersionName
from wandb_api.features import ENABLED, VERSIONS
from wandb_api.identifiers import decode, encode
from wandb_api.looking_ahead import looking_ahead_at
from wandb_api.resolvers.found import quoted
from wandb_api.resolvers.people import users
from wandb_api.resolvers.searches import (
    collections_of_project,
    learn_types,
    lists_types,
    projects_of_entity,
)
from wandb_api.types.artifacts import ArtifactNode, TypeOfArtifact
from wandb_api.types.collections import (
    CollectionNode,
    MembershipNode,
    membership_named,
    visible_versions,
)
from wandb_api.types.lists import Connection
from wandb_api.types.people import EntityType, OrganizationType, UserType
from wandb_api.types.projects import ProjectNode, find_project


def viewer(_: Any, info: Info) -> UserType:
    return UserType(info.context.user)


def server_info(_: Any, info: Info) -> dict[str, Any]:
    features = [{"name": name, "isEnabled": True} for name in ENABLED]
    return {"features": features, "cliVersionInfo": VERSIONS}


def entity(_: Any, info: Info, name: str | None = None) -> EntityType | None:
    """Oneself, one's teams, and organizations one sees. Without a name: the default entity."""
    user = info.context.user
    if not name:
        return EntityType(user.default_entity or user.entity)
    organizations = organizations_of(user)
    found = Entity.objects.filter(
        Q(pk=user.entity_id)
        | Q(organization__in=organizations)
        | Q(team__memberships__user=user)
        | Q(
            team__organization__memberships__user=user,
            team__organization__memberships__role="admin",
        ),
        name__lower=entity_key(name),
    ).first()
    return EntityType(found) if found else None


def organization(_: Any, info: Info, name: str) -> OrganizationType | None:
    found = _organization(info.context, name)
    return OrganizationType(found) if found else None


@looking_ahead_at("artifactCollectionMembership")
def project(
    _: Any,
    info: Info,
    name: str | None = None,
    entityName: str | None = None,
    ahead: dict[str, Any] | None = None,
) -> ProjectNode | None:
    version = _version_name(ahead["name"]) if ahead else None
    found = find_project(info.context, entityName, name, version)
    return ProjectNode(found) if found else None


def project_of_entity(node: EntityType, info: Info, name: str | None = None) -> ProjectNode | None:
    return project(None, info, name, node.name)


def artifact(_: Any, info: Info, id: str) -> ArtifactNode | None:  # noqa: A002
    """By id, for whoever sees any version of it; one's own while it is pending."""
    found = _artifact(info.context, id)
    return ArtifactNode(found) if found else None


def artifact_collection(
    _: Any,
    info: Info,
    id: str,  # noqa: A002 the protocol's name
) -> CollectionNode | None:
    for type_name in ("ArtifactPortfolio", "ArtifactSequence"):
        try:
            number = decode(type_name, id)
        except NotFound:
            continue
        visible = collections_visible_to(info.context.user)
        found = visible.filter(pk=number).select_related("project__entity").first()
        return CollectionNode(found) if found else None
    return None


def client_id_mapping(_: Any, info: Info, clientID: str) -> dict[str, str] | None:
    """The artifact a client named so, as far as the caller may use it."""
    announcement = (
        Announcement.objects.filter(called(clientID, or_its_sequence=True))
        .select_related("artifact__project__entity")
        .order_by("-artifact_id")
        .first()
    )
    if announcement is None or not may_use_artifact(info.context.user, announcement.artifact):
        return None
    return {"serverID": encode("Artifact", announcement.artifact_id)}


def collection_of_project(node: ProjectNode, info: Info, name: str) -> CollectionNode | None:
    found = collection_named(node.project, name)
    return CollectionNode(found) if found else None


def membership_of_project(node: ProjectNode, info: Info, name: str) -> MembershipNode | None:
    return membership_named(info.context, node.project, *_version_name(name))


def _version_name(name: str) -> VersionName:
    """`collection:alias`; without an alias the SDK means `latest`."""
    collection_name, _, alias = name.partition(":")
    return collection_name, alias or LATEST


def artifact_of_project(node: ProjectNode, info: Info, name: str) -> ArtifactNode | None:
    membership = membership_of_project(node, info, name)
    return membership.artifact() if membership else None


def type_of_project(node: ProjectNode, info: Info, name: str) -> TypeOfArtifact | None:
    """Whatever is listed can be opened; a registry lists types that nothing has yet."""
    used = Collection.objects.filter(project=node.project, type=name).exists()
    known = used or (
        lists_types(node)
        and AcceptedType.objects.filter(registry=node.project.pk, name=name).exists()
    )
    return TypeOfArtifact(name, node.project.pk, node.createdAt) if known else None


def types_of_project(node: ProjectNode, info: Info, **_: Any) -> Connection:
    if node.types is None:
        learn_types(node.page)
    return Connection(
        node.types or [], lambda name: TypeOfArtifact(name, node.project.pk, node.createdAt)
    )


def collection_of_type(node: TypeOfArtifact, info: Info, name: str) -> CollectionNode | None:
    """In the project the type is of. A link leads to the types of projects one does not see."""
    found = Collection.objects.filter(project=node.project_id, type=node.name, name=composed(name))
    collection = found.select_related("project__entity", "project__registry").first()
    if collection is None or not info.context.sees(collection.project):
        return None
    info.context.note_name(name, collection.name)
    return CollectionNode(collection)


def collections_of_type(
    node: TypeOfArtifact, info: Info, filters: str | None = None, **page: Any
) -> Connection:
    home = Project.objects.select_related("entity").get(pk=node.project_id)
    found = Collection.objects.none()
    if info.context.sees(home):
        found = Collection.objects.filter(project=home, type=node.name)
    return collections_of_project(ProjectNode(home), info, filters=filters, among=found, **page)


def models(
    _: Any,
    info: Info,
    entityName: str | None = None,
    after: str | None = None,
    first: int | None = None,
) -> Connection:
    """The projects of an entity. The package cannot read null here, so it is told."""
    node = entity(None, info, entityName)
    if node is None:
        raise NotFound.of(f"team or person {quoted(entityName)}")
    return projects_of_entity(node, info, after=after, first=first)


def _organization(context: Context, name: str) -> Organization | None:
    return organizations_of(context.user).filter(entity__name__lower=entity_key(name)).first()


def _artifact(context: Context, identifier: str) -> Artifact | None:
    try:
        number = decode("Artifact", identifier)
    except NotFound:
        return None
    found = Artifact.objects.filter(pk=number).select_related("project__entity").first()
    if found is None:
        return None
    is_own = found.created_by_id == context.user.pk and context.access(found.project).can_see()
    seen = visible_versions(context).filter(artifact=found).exists()
    return found if seen or is_own else None


FIELDS = {
    "viewer": viewer,
    "serverInfo": server_info,
    "entity": entity,
    "organization": organization,
    "project": project,
    "model": project,
    "models": models,
    "users": users,
    "artifact": artifact,
    "artifactCollection": artifact_collection,
    "clientIDMapping": client_id_mapping,
}
