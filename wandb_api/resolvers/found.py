"""What a mutation names, found among what the caller sees; NotFound else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from accounts.errors import Invalid, NotFound
from accounts.models import Entity, Organization, Team
from accounts.names import entity_key
from artifacts.models import Artifact, Project
from artifacts.permissions import ProjectRight, right_in
from registries import named
from registries.models import Collection, Version
from registries.visibility import collections_visible_to, may_use_artifact, organizations_of
from wandb_api.context import Context
from wandb_api.identifiers import decode, unknown
from wandb_api.types.collections import visible_versions
from wandb_api.types.projects import find_project

Input = dict[str, Any]
LONGEST_QUOTE = 200


def project_named(context: Context, entity_name: str | None, name: str | None) -> Project:
    found = find_project(context, entity_name, name)
    if found is None:
        raise NotFound.of(f"project or registry {quoted(f'{entity_name}/{name}')}")
    return found


def quoted(name: str | None) -> str:
    """As the caller wrote it, as far as it can be a name."""
    return f"“{(name or '')[:LONGEST_QUOTE]}”"


def writable_entity(context: Context, name: str | None) -> Entity:
    """Where a script may make projects: NotFound where it may not even read."""
    if not name:
        return context.user.default_entity or context.user.entity
    entity = Entity.objects.filter(name__lower=entity_key(name)).first()
    if entity is None or right_in(context.user, entity) == ProjectRight.NONE:
        raise NotFound.of(f"team or person {quoted(name)}")
    return entity


def organization_named(context: Context, name: str | None) -> Organization | None:
    """One the caller is in, or a guest of."""
    named_so = organizations_of(context.user).filter(entity__name__lower=entity_key(name or ""))
    return named_so.first()


def team_named(context: Context, name: str | None) -> Team | None:
    """With its organization, or None where the caller may not even read. No name: the default."""
    entity = context.user.default_entity or context.user.entity
    key = entity_key(name or entity.name)
    teams = Team.objects.select_related("entity", "organization__entity")
    team = teams.filter(entity__name__lower=key).first()
    if team is None or right_in(context.user, team.entity) == ProjectRight.NONE:
        return None
    return team


def artifact_usable(context: Context, identifier: str) -> Artifact:
    """By id: one the caller may use by any way, or announced themself."""
    artifact = _artifact(identifier)
    if not _is_own(context, artifact) and not may_use_artifact(context.user, artifact):
        raise unknown("Artifact")
    return artifact


def artifact_seen(context: Context, identifier: str) -> Artifact:
    """By id: one of which the caller sees any version, or announced themself."""
    artifact = _artifact(identifier)
    seen = visible_versions(context).filter(artifact=artifact)
    if not _is_own(context, artifact) and not seen.exists():
        raise unknown("Artifact")
    return artifact


def _artifact(identifier: str) -> Artifact:
    number = decode("Artifact", identifier)
    artifact = Artifact.objects.filter(pk=number).select_related("project__entity").first()
    if artifact is None:
        raise unknown("Artifact")
    return artifact


def _is_own(context: Context, artifact: Artifact) -> bool:
    return artifact.created_by_id == context.user.pk


def version_in(context: Context, artifact_id: str, collection: Collection) -> Version:
    versions = visible_versions(context).filter(
        artifact=decode("Artifact", artifact_id), collection=collection
    )
    version = versions.first()
    if version is None:
        raise NotFound.of(f"version of this artifact in {quoted(collection.name)}")
    return version


def collection_named(
    context: Context, entity_name: str, project_name: str, name: str
) -> Collection:
    project = project_named(context, entity_name, project_name)
    collection = named.collection_named(project, name)
    if collection is None:
        raise NotFound.of(f"collection {quoted(name)}")
    return collection


def collection_with_id(context: Context, type_name: str, identifier: str) -> Collection:
    kind = "sequence" if type_name == "ArtifactSequence" else "portfolio"
    collection = (
        collections_visible_to(context.user)
        .filter(pk=decode(type_name, identifier), kind=kind)
        .select_related("project__entity", "project__registry")
        .first()
    )
    if collection is None:
        raise unknown(type_name)
    return collection


def json_object(
    text: str | None, what: str, read: Callable[[str], Any] = json.loads
) -> dict[str, Any] | None:
    """A JSONString of the protocol; None when it was left out. What is in it is judged later."""
    if text is None:
        return None
    try:
        value = read(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(what, f"The {what} is not JSON.") from error
    if not isinstance(value, dict):
        raise Invalid(what, f"The {what} is not a JSON object.")
    return value


def tag_names(tags: list[Input] | None) -> list[str]:
    return [tag["tagName"] for tag in tags or []]


def alias_names(aliases: list[Input] | None) -> list[str]:
    return [alias["alias"] for alias in aliases or []]
