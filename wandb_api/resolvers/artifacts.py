"""Artifacts that exist: used, linked, edited, deleted."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.db import transaction

from accounts.errors import Invalid, NotFound
from artifacts.identifiers import called
from artifacts.models import Announcement, Artifact, Project
from artifacts.operations.projects import project_for_use
from registries.models import REGISTRY_PROJECT_PREFIX, Collection, Version
from registries.operations import edits, sources, uses, versions
from registries.roles import Right
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode_shown_as
from wandb_api.resolvers.found import (
    LONGEST_QUOTE,
    Input,
    alias_names,
    artifact_seen,
    artifact_usable,
    collection_with_id,
    json_object,
    organization_named,
    project_named,
    quoted,
    tag_names,
    team_named,
    version_in,
    writable_entity,
)
from wandb_api.types.artifacts import ArtifactNode
from wandb_api.types.collections import MembershipNode, visible_versions
from wandb_api.types.projects import find_project, registry_in

SUCCESS = {"success": True}


def use_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """Judged by the way the script came, the project or registry it names; before its run is."""
    context = info.context
    artifact = artifact_seen(context, input["artifactID"])
    named = find_project(context, input.get("artifactEntityName"), input.get("artifactProjectName"))
    came_by = named or artifact.project
    context.access(came_by).require(Right.DOWNLOAD)
    project = project_named(context, input["entityName"], input["projectName"])
    uses.use_artifact(context.by, artifact, came_by, project, input["runName"])
    return {"artifact": ArtifactNode(artifact)}


def link_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """An ordinary project is made by its first link, and not by one that is refused."""
    context = info.context
    artifact = _artifact_to_link(context, input)
    home = find_project(context, input.get("entityName"), input.get("projectName"))
    with nullcontext() if home else transaction.atomic():
        outcome = versions.link_version(
            context.by,
            artifact,
            home or _new_home(context, input),
            input.get("artifactPortfolioName") or "",
            alias_names(input.get("aliases")),
        )
    return {
        "versionIndex": outcome.version.number,
        "artifactMembership": MembershipNode(outcome.version),
    }


def unlink_artifact(_: Any, info: Info, input: Input) -> dict[str, bool]:
    context = info.context
    collection = collection_with_id(context, "ArtifactPortfolio", input["artifactPortfolioID"])
    versions.unlink_version(context.by, version_in(context, input["artifactID"], collection))
    return SUCCESS


def update_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """Comes with every `save()`; what is null or the same changes nothing."""
    context = info.context
    version = _source_of(context, input["artifactID"])
    artifact = edits.edit_version(
        context.by,
        version,
        description=input.get("description"),
        metadata=json_object(input.get("metadata"), "metadata"),
        time_to_live=input.get("ttlDurationSeconds"),
        add_tags=tag_names(input.get("tagsToAdd")),
        remove_tags=tag_names(input.get("tagsToDelete")),
    )
    return {"artifact": ArtifactNode(artifact, decode_shown_as(input["artifactID"]))}


def delete_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    version = _source_of(context, input["artifactID"])
    shown = ArtifactNode(version.artifact)
    sources.delete_source(context.by, version, delete_aliases=bool(input.get("deleteAliases")))
    shown.state = "DELETED"
    return {"artifact": shown}


def _artifact_to_link(context: Context, input: Input) -> Artifact:
    if input.get("artifactID"):
        return artifact_usable(context, input["artifactID"])
    announcement = (
        Announcement.objects.filter(called(input.get("clientID") or ""))
        .select_related("artifact__project__entity")
        .first()
    )
    if announcement is None:
        raise NotFound.of("artifact with this id of the client")
    return artifact_usable(context, ArtifactNode(announcement.artifact).id)


def _new_home(context: Context, input: Input) -> Project:
    """A project for its first link; a registry must be there."""
    entity_name, name = input.get("entityName"), input.get("projectName") or ""
    collection = (input.get("artifactPortfolioName") or "")[:LONGEST_QUOTE]
    registry_name = registry_in(name)
    if registry_name is not None:
        raise _no_registry(context, entity_name, registry_name[:LONGEST_QUOTE], collection)
    organization = organization_named(context, entity_name)
    if organization is not None:
        path = f"{organization.name}/{REGISTRY_PROJECT_PREFIX}{name[:LONGEST_QUOTE]}/{collection}"
        raise Invalid(
            "organization",
            f"{organization.name} is an organization. For a registry write {path}.",
        )
    return project_for_use(context.by, writable_entity(context, entity_name), name)


def _no_registry(context: Context, entity_name: str | None, name: str, collection: str) -> Invalid:
    """The SDK takes the team of the run for a path whose prefix is in another case."""
    path = f"{REGISTRY_PROJECT_PREFIX}{name or 'REGISTRY'}/{collection}"
    if not name:
        return Invalid("no_registry", f"Name the registry too: {path}.")
    team = team_named(context, entity_name)
    if team is not None:
        return Invalid(
            "no_registry",
            f"{team.entity.name} is a team, and registries are those of organizations. "
            f"Write {team.organization.name}/{path}.",
        )
    return Invalid(
        "no_registry",
        f"There is no registry {quoted(name)} in {entity_name}, or it is not shared with you.",
    )


def _source_of(context: Context, identifier: str) -> Version:
    """The logged version of an artifact that the caller sees at its source."""
    artifact = artifact_usable(context, identifier)
    source = (
        visible_versions(context)
        .filter(artifact=artifact, collection__kind=Collection.Kind.SEQUENCE)
        .first()
    )
    if source is None:
        raise NotFound.of("project with the source of this artifact")
    return source


FIELDS = {
    "useArtifact": use_artifact,
    "linkArtifact": link_artifact,
    "unlinkArtifact": unlink_artifact,
    "updateArtifact": update_artifact,
    "deleteArtifact": delete_artifact,
}
