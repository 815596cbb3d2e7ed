"""10,000 collections and 100,000 versions of one organization, written in bulk.

What lies side by side on a page lies far apart in the organization: neighbours among the rows are
of different registries, and of contents that were logged in different projects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import Entity, User
from accounts.names import fold
from accounts.operations.api_keys import create_api_key
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user
from accounts.operations.teams import add_to_team, create_team
from artifacts.models import Artifact, ArtifactTag, Project
from artifacts.operations.projects import create_project
from benchmarks.names import ORGANIZATION, TEAM
from registries.models import Alias, Collection, CollectionTag, Version
from registries.operations.organizations import create_organization
from registries.operations.registries import create_registry

REGISTRIES, COLLECTIONS, VERSIONS_OF_EACH = 120, 10_000, 10
PROJECTS, ARTIFACTS = 40, 20_000
BATCH = 5_000


def furnish() -> str:
    """The API key of a member of the organization and of its team."""
    organization = create_organization(OPERATOR, ORGANIZATION)
    ada, trainer = (create_user(OPERATOR, name) for name in ("ada", "trainer"))
    set_organization_role(OPERATOR, organization, ada, "admin")
    set_organization_role(OPERATOR, organization, trainer, "member")
    team = create_team(OPERATOR, organization, TEAM)
    add_to_team(OPERATOR, team, trainer)
    by = Caller(ada, Way.WEB)
    homes = [
        create_registry(by, organization, f"models-{number:02}", visibility="organization").project
        for number in range(REGISTRIES)
    ]
    entity = Entity.objects.get(name=TEAM)
    projects = [
        create_project(Caller(trainer, Way.SDK), entity, f"training-{number:02}")
        for number in range(PROJECTS)
    ]
    with transaction.atomic():
        _fill(trainer, homes, projects)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return create_api_key(OPERATOR, trainer)[1]


def _fill(by: User, homes: list[Project], projects: list[Project]) -> None:
    artifacts = _artifacts(by, projects)
    collections = _inserted(
        _collection(by, homes[number % REGISTRIES], "portfolio", f"collection-{number:05}")
        for number in range(COLLECTIONS)
    )
    _inserted(CollectionTag(collection=one, name="audited") for one in collections)
    versions = _inserted(
        Version(
            collection=collection,
            artifact=artifacts[(place * VERSIONS_OF_EACH + number) % ARTIFACTS],
            number=number,
            linked_by=by,
        )
        for number in range(VERSIONS_OF_EACH)
        for place, collection in enumerate(collections)
    )
    _inserted(
        Alias(collection_id=version.collection_id, version=version, name=name, changed_by=by)
        for version in versions
        for name in _names(version.number)
    )


def _names(number: int) -> list[str]:
    last = number == VERSIONS_OF_EACH - 1
    return [f"candidate-{number}", *(["latest"] if last else [])]


def _artifacts(by: User, projects: list[Project]) -> list[Artifact]:
    sequences = _inserted(_collection(by, one, "sequence", "classifier") for one in projects)
    made = _inserted(
        Artifact(
            project=projects[number % PROJECTS],
            type="model",
            state=Artifact.State.COMMITTED,
            digest=f"{number:032x}",
            metadata={"accuracy": number / ARTIFACTS},
            created_by=by,
        )
        for number in range(ARTIFACTS)
    )
    _inserted(ArtifactTag(artifact=artifact, name="baseline") for artifact in made)
    _inserted(
        Version(
            collection=sequences[number % PROJECTS],
            artifact=artifact,
            number=number // PROJECTS,
            linked_by=by,
        )
        for number, artifact in enumerate(made)
    )
    return made


def _collection(by: User, project: Project, kind: str, name: str) -> Collection:
    return Collection(
        project=project,
        kind=kind,
        name=name,
        folded=fold(name),
        type="model",
        next_number=VERSIONS_OF_EACH,
        created_by=by,
        changed_by=by,
    )


def _inserted(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    type(made[0]).objects.bulk_create(made, batch_size=BATCH)
    return made
