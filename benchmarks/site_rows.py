"""Lays registries and aliases around the scene of the tests: a million, or as many as pages show.

Rows are written in bulk, past the operations, which would need hours. What is measured then is
read and changed through the product alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Entity, Organization, OrganizationMembership, TeamMembership, User
from accounts.names import fold
from artifacts.models import Artifact, ArtifactTag, ManifestEntry, Project, StoredFile
from benchmarks.site_sizes import SMALL, Size
from registries.models import (
    REGISTRY_PROJECT_PREFIX,
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

VERSIONS_OF_OTHERS = 4
ALIASES_OF_OTHERS = 80
EVENTS_OF_OTHERS = 20
BATCH = 5_000

SUBJECTS = """vision speech fraud ranking churn weather protein traffic retina cardio solar wheat
    credit search tumor voice pricing routing galaxy sonar""".split()
KINDS = "classifier detector embedder forecaster segmenter tokenizer reranker dataset".split()
MARKS = "fold epoch run trial seed eval canary shadow rollback nightly sweep quant".split()
TAGS = "baseline audited gpu cpu distilled quantized public internal europe frozen".split()


@dataclass(frozen=True)
class Scene:
    """What the tests of query counts stand on: one version of a crowded collection."""

    version: Version
    source: Version
    by: User
    team_group_id: int
    size: Size

    @property
    def registry(self) -> Registry:
        return Registry.objects.get(pk=self.version.collection.project_id)


def fill(scene: Scene) -> None:
    """All rows, or none."""
    chance = random.Random(4)
    with transaction.atomic():
        _people(scene)
        artifacts = _artifacts(scene)
        _place(scene, scene.source.collection, artifacts)
        crowded = _place(scene, scene.version.collection, artifacts)
        registries = _registries(scene)
        collections = _collections(scene, registries)
        versions = _versions(scene, collections, artifacts)
        _insert(_aliases(scene, crowded, versions, chance))
        _insert(_events(scene, crowded, versions))
        _files(scene)


def _insert(rows: Iterable[Row]) -> list[Row]:
    """In portions; returns them, except where there are a great many."""
    rows = iter(rows)
    kept: list[Row] = []
    while portion := list(islice(rows, BATCH)):
        made = type(portion[0])._default_manager.bulk_create(portion)
        if len(kept) < 100_000:
            kept += made
    return kept


def _people(scene: Scene) -> None:
    organization = scene.registry.organization
    names = [f"colleague-{n}" for n in range(scene.size.people)]
    entities = _insert(Entity(name=name, kind=Entity.Kind.PERSON) for name in names)
    users = _insert(User(username=one.name, entity=one) for one in entities)
    _insert(OrganizationMembership(organization=organization, user=user) for user in users)
    _insert(TeamMembership(group_id=scene.team_group_id, user=user) for user in users)
    role = Permission.objects.get(codename="viewer", content_type__app_label="registries")
    _insert(
        RegistryPersonRole(content_object=scene.registry, user=user, permission=role)
        for user in users
    )


def _artifacts(scene: Scene) -> list[Artifact]:
    model = scene.version.artifact
    made = _insert(
        Artifact(project=model.project, type=model.type, digest=f"{n:032x}", created_by=scene.by)
        for n in range(scene.size.versions_of_one)
    )
    _insert(
        ArtifactTag(artifact=artifact, name=f"{TAGS[n % len(TAGS)]} {n % 97}")
        for n, artifact in enumerate(made)
    )
    return made


def _place(scene: Scene, collection: Collection, artifacts: list[Artifact]) -> list[Version]:
    collection.refresh_from_db()
    start = collection.next_number
    Collection.objects.filter(pk=collection.pk).update(next_number=start + len(artifacts))
    return _insert(
        Version(collection=collection, artifact=one, number=start + n, linked_by=scene.by)
        for n, one in enumerate(artifacts)
    )


def _registries(scene: Scene) -> list[Registry]:
    organization: Organization = scene.registry.organization
    names = [
        f"{SUBJECTS[n % 20]}-{KINDS[n // 20 % 8]}s-{n:04}" for n in range(scene.size.registries)
    ]
    projects = _insert(
        Project(entity=organization.entity, name=REGISTRY_PROJECT_PREFIX + name) for name in names
    )
    made = _insert(
        Registry(
            project=project,
            organization=organization,
            name=name,
            folded=fold(name),
            visibility="restricted" if n % 10 == 9 else "organization",
        )
        for n, (name, project) in enumerate(zip(names, projects, strict=True))
    )
    _insert(
        ProtectedAlias(registry=registry, name=name, created_by=scene.by)
        for registry in made
        for name in ("production", "staging")
    )
    return made


def _collections(scene: Scene, registries: list[Registry]) -> list[Collection]:
    by: dict[str, Any] = {"created_by": scene.by, "changed_by": scene.by}
    made = _insert(
        Collection(
            project_id=_home(scene, registries, n),
            kind=Collection.Kind.PORTFOLIO,
            name=f"{SUBJECTS[n % 20]}_{KINDS[n // 20 % 8]}_{n:05}",
            type="model" if n % 3 else "dataset",
            next_number=VERSIONS_OF_OTHERS,
            changed_at=timezone.now() - timedelta(minutes=n),
            **by,
        )
        for n in range(scene.size.collections)
    )
    _insert(
        CollectionTag(collection=one, name=TAGS[(n + shift) % len(TAGS)])
        for n, one in enumerate(made)
        for shift in (0, 3)
    )
    return made


def _home(scene: Scene, registries: list[Registry], n: int) -> int:
    in_the_scene = n % scene.size.registry_of_every == 0
    registry = scene.registry if in_the_scene else registries[n % len(registries)]
    return int(registry.pk)


def _versions(
    scene: Scene, collections: list[Collection], artifacts: list[Artifact]
) -> dict[int, list[Version]]:
    made = _insert(
        Version(
            collection=collection,
            artifact=artifacts[(n * 7 + number) % len(artifacts)],
            number=number,
            linked_by=scene.by,
        )
        for n, collection in enumerate(collections)
        for number in range(VERSIONS_OF_OTHERS)
    )
    found: dict[int, list[Version]] = {}
    for version in made:
        found.setdefault(version.collection_id, []).append(version)
    return found


def _aliases(
    scene: Scene,
    crowded: list[Version],
    versions: dict[int, list[Version]],
    chance: random.Random,
) -> Iterator[Alias]:
    """As teams give them: a few names everywhere, most names once."""
    now = timezone.now()
    for n in range(scene.size.aliases_of_one):
        name = f"{MARKS[n % len(MARKS)]}-{n:06}"
        yield _alias(scene, crowded[n % len(crowded)], name, now - timedelta(seconds=n))
    others = list(versions.values())
    for place, found in enumerate(others):
        yield _alias(scene, found[-1], "latest", now)
        moved = _alias(scene, found[place % len(found)], "production", now)
        moved.counter = EVENTS_OF_OTHERS
        yield moved
        yield _alias(scene, found[0], "best_model", now)
        for n in range(ALIASES_OF_OTHERS - 3):
            name = f"{MARKS[n % len(MARKS)]}-{chance.choice(SUBJECTS)}_{n}.{place}"
            yield _alias(scene, found[n % len(found)], name, now - timedelta(seconds=place))


def _alias(scene: Scene, version: Version, name: str, at: Any) -> Alias:
    return Alias(
        collection_id=version.collection_id,
        version=version,
        name=name,
        changed_by=scene.by,
        changed_at=at,
    )


def _events(
    scene: Scene, crowded: list[Version], versions: dict[int, list[Version]]
) -> Iterator[Event]:
    # As many in both sizes: the filter of a history lists them all.
    people = list(User.objects.filter(username__startswith="colleague-"))[: SMALL.people]
    now = timezone.now()
    registry = scene.registry
    common: dict[str, Any] = {
        "kind": Event.Kind.ALIAS_MOVED,
        "entity_id": registry.organization.entity_id,
        "way": "web",
    }
    collection = scene.version.collection
    of_one = scene.size.events_of_one
    for n in range(of_one):
        version, before = crowded[n % len(crowded)], crowded[n % len(crowded) - 1]
        yield Event(
            at=now - timedelta(minutes=of_one - n),
            actor=people[n % len(people)],
            project_id=registry.pk,
            home_name=registry.name,
            collection=collection,
            collection_name=collection.name,
            version=version,
            number=version.number,
            from_version=before,
            from_number=before.number,
            alias=f"moved-{n % 50}",
            alias_counter=n + 1,
            **common,
        )
    for found in versions.values():
        place = found[0].collection
        for n in range(EVENTS_OF_OTHERS):
            version = found[n % len(found)]
            yield Event(
                at=now - timedelta(hours=EVENTS_OF_OTHERS - n),
                actor=people[(place.pk + n) % len(people)],
                project_id=place.project_id,
                home_name="one of many",
                collection_id=place.pk,
                collection_name=place.name,
                version=version,
                number=version.number,
                alias="production",
                alias_counter=n + 1,
                **common,
            )


def _files(scene: Scene) -> None:
    stored = StoredFile.objects.create(sha256="0" * 64, md5="0" * 32, size=1)
    _insert(
        ManifestEntry(
            artifact=scene.version.artifact,
            path=f"folder/{n}",
            digest="AAAA",
            size=1,
            stored_file=stored,
        )
        for n in range(scene.size.files)
    )
