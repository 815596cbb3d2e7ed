"""Fills an organization with far more than a page shows, in a few large inserts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import (
    ApiKey,
    Entity,
    Invitation,
    InvitationTeam,
    OrganizationMembership,
    Team,
    TeamMembership,
    User,
)
from artifacts.models import (
    Artifact,
    ArtifactOutput,
    ArtifactTag,
    ArtifactUse,
    ManifestEntry,
    Project,
    Run,
    RunFile,
    StorageUse,
    StoredFile,
)
from registries.models import (
    Alias,
    Collection,
    CollectionTag,
    Event,
    ProtectedAlias,
    Registry,
    RegistryPersonRole,
    Version,
)

Row = TypeVar("Row", bound=Model)

IN_ONE_COLLECTION = 10_000
COLLECTIONS = 1_000
PEOPLE = 500
RULES = 200
FILES = 1_000


@dataclass(frozen=True)
class Crowd:
    """What is crowded: `version` points at an artifact in `collection` of `registry`."""

    registry: Registry
    version: Version
    source: Version
    by: User
    team_group_id: int


def crowd(place: Crowd) -> None:
    people = _people(place)
    _versions(place)
    _collections(place)
    _events(place, people)
    _rules(place)
    _files(place)
    crowd_projects(place)
    crowd_accounts(place)
    _count_rows()


def _count_rows() -> None:
    """What autovacuum does for a database whose rows are committed, a minute after such inserts."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _insert(rows: Sequence[Row]) -> list[Row]:
    return list(type(rows[0])._default_manager.bulk_create(rows, batch_size=2_000))  # type: ignore[arg-type]


def _people(place: Crowd) -> list[User]:
    """All in the organization, the team and, with a grant, the registry."""
    entities = _insert(
        [Entity(name=f"someone-{n}", kind=Entity.Kind.PERSON) for n in range(PEOPLE)]
    )
    users = _insert([User(username=entity.name, entity=entity) for entity in entities])
    organization = place.registry.organization
    _insert([OrganizationMembership(organization=organization, user=user) for user in users])
    _insert([TeamMembership(group_id=place.team_group_id, user=user) for user in users])
    role = Permission.objects.get(codename="viewer", content_type__app_label="registries")
    _insert(
        [
            RegistryPersonRole(content_object=place.registry, user=user, permission=role)
            for user in users
        ]
    )
    return users


def crowd_accounts(place: Crowd, at_most: int = PEOPLE) -> None:
    """Teams, open invitations into them, and keys and sessions of who looks at it all; no more than
    so many of each."""
    organization = place.registry.organization
    teams_made = min(RULES, at_most)
    entities = _insert(
        [Entity(name=f"some-team-{n}", kind=Entity.Kind.TEAM) for n in range(teams_made)]
    )
    # A team is a group with a row more, which no single insert makes.
    teams = [
        Team.objects.create(name=entity.name, entity=entity, organization=organization)
        for entity in entities
    ]
    later = timezone.now() + timedelta(days=7)
    invitations = _insert(
        [
            Invitation(
                organization=organization,
                email=f"{n}@example.org",
                sha256=f"invitation {n}",
                expires_at=later,
            )
            for n in range(min(PEOPLE, at_most))
        ]
    )
    _insert([InvitationTeam(invitation=one, team=teams[0]) for one in invitations])
    _insert([StorageUse(entity=team.entity, bytes=n, files=1) for n, team in enumerate(teams)])
    _service_accounts(place, teams_made)
    keys = range(min(PEOPLE, at_most))
    _insert([ApiKey(user=place.by, prefix="abcd", sha256=f"key {n}") for n in keys])
    _insert([TeamMembership(group=team, user=place.by) for team in teams])


def _service_accounts(place: Crowd, number: int) -> None:
    """Of the team."""
    entities = _insert(
        [Entity(name=f"some-robot-{n}", kind=Entity.Kind.PERSON) for n in range(number)]
    )
    team = Team.objects.get(pk=place.team_group_id)
    _insert(
        [
            User(username=one.name, entity=one, is_service_account=True, owner_team=team)
            for one in entities
        ]
    )


def _versions(place: Crowd) -> None:
    """Each with an artifact of its own, a tag, and an alias; logged and linked."""
    model = place.version.artifact
    project = model.project
    artifacts = _insert(
        [
            Artifact(project=project, type=model.type, digest=f"{n:032x}", created_by=place.by)
            for n in range(IN_ONE_COLLECTION)
        ]
    )
    _insert([ArtifactTag(artifact=artifact, name="crowded") for artifact in artifacts])
    _place(place, place.source.collection, artifacts)
    linked = _place(place, place.version.collection, artifacts)
    _insert([_alias(place, version, f"fold-{n}") for n, version in enumerate(linked)])
    # One of them carries a great many, on the first page.
    _insert([_alias(place, linked[-1], f"many-{n}") for n in range(FILES)])


def _place(place: Crowd, collection: Collection, artifacts: list[Artifact]) -> list[Version]:
    collection.refresh_from_db()
    start = collection.next_number
    versions = _insert(
        [
            Version(collection=collection, artifact=artifact, number=start + n, linked_by=place.by)
            for n, artifact in enumerate(artifacts)
        ]
    )
    Collection.objects.filter(pk=collection.pk).update(next_number=start + len(artifacts))
    return versions


def _alias(place: Crowd, version: Version, name: str) -> Alias:
    return Alias(
        collection_id=version.collection_id, version=version, name=name, changed_by=place.by
    )


def _collections(place: Crowd) -> None:
    """Each with tags and the same artifact, which therefore has that many links."""
    by: dict[str, Any] = {"created_by": place.by, "changed_by": place.by}
    collections = _insert(
        [
            Collection(
                project_id=place.registry.pk,
                kind=Collection.Kind.PORTFOLIO,
                name=f"crowded-{n}",
                type="dataset" if n % 2 else f"type-{n}",
                next_number=1,
                **by,
            )
            for n in range(COLLECTIONS)
        ]
    )
    _insert([CollectionTag(collection=one, name="crowded") for one in collections])
    _insert([CollectionTag(collection=collections[-1], name=f"tag-{n}") for n in range(FILES)])
    versions = _insert(
        [
            Version(collection=one, artifact=place.version.artifact, number=0, linked_by=place.by)
            for one in collections
        ]
    )
    _insert([_alias(place, version, "production") for version in versions])


def _events(place: Crowd, people: list[User]) -> None:
    """Moves of aliases, tags and role changes, by everybody."""
    collection = place.version.collection
    common: dict[str, Any] = {
        "entity": place.registry.organization.entity,
        "project_id": place.registry.pk,
        "home_name": place.registry.name,
        "collection": collection,
        "collection_name": collection.name,
        "version": place.version,
        "number": place.version.number,
        "way": "web",
    }
    now = timezone.now()
    _insert(
        [
            Event(
                kind=Event.Kind.ALIAS_MOVED,
                at=now - timedelta(minutes=IN_ONE_COLLECTION - n),
                actor=people[n % PEOPLE],
                alias="crowded",
                alias_counter=n + 1,
                from_version=place.version,
                from_number=place.version.number,
                **common,
            )
            for n in range(IN_ONE_COLLECTION)
        ]
    )


def _rules(place: Crowd) -> None:
    _insert(
        [
            ProtectedAlias(registry=place.registry, name=f"rule-{n}", created_by=place.by)
            for n in range(RULES)
        ]
    )


def _files(place: Crowd) -> None:
    stored = StoredFile.objects.create(sha256="0" * 64, md5="0" * 32, size=1)
    _insert(
        [
            ManifestEntry(
                artifact=place.version.artifact,
                path=f"folder/{n}",
                digest="AAAA",
                size=1,
                stored_file=stored,
            )
            for n in range(FILES)
        ]
    )


def crowd_projects(place: Crowd, at_most: int = COLLECTIONS) -> None:
    """Of the team, and in its first one collections and runs; one run took and made much. No more
    than so many of each."""
    files = min(FILES, at_most)
    model = place.version.artifact
    project = model.project
    _insert(
        [
            Project(entity=project.entity, name=f"project-{n}", created_by=place.by)
            for n in range(min(300, at_most))
        ]
    )
    _insert(
        [
            Collection(
                project=project,
                kind=Collection.Kind.SEQUENCE,
                name=f"crowded-{n}",
                type="dataset",
                created_by=place.by,
                changed_by=place.by,
            )
            for n in range(min(COLLECTIONS, at_most))
        ]
    )
    runs = _insert(
        [
            Run(project=project, name=f"crowd-{n}", display_name=f"crowd {n}", created_by=place.by)
            for n in range(min(COLLECTIONS, at_most))
        ]
    )
    others = list(Artifact.objects.filter(project=project).exclude(pk=model.pk)[: len(runs)])
    makers, users = runs[::2], runs[1::2]
    _insert([ArtifactOutput(run=run, artifact=model) for run in makers])
    _insert([ArtifactUse(run=run, artifact=model) for run in users])
    pairs = list(zip(makers, users, others, strict=False))
    _insert([ArtifactUse(run=maker, artifact=other) for maker, _, other in pairs])
    _insert([ArtifactOutput(run=user, artifact=other) for _, user, other in pairs])
    first = project.runs.get(name="brisk-heron")
    artifacts = Artifact.objects.filter(project=project).exclude(uses__run=first)[:files]
    _insert([ArtifactUse(run=first, artifact=artifact) for artifact in artifacts])
    _insert([ArtifactOutput(run=first, artifact=artifact) for artifact in artifacts])
    stored = StoredFile.objects.get(sha256="0" * 64)
    _insert([RunFile(run=first, name=f"file-{n}", stored_file=stored) for n in range(files)])
