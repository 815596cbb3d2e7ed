"""What scripts name, found in one prepared statement each. What one may not see is not there.

Names are looked up as they are kept: what a script could write, the same text finds.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.names import composed, entity_key, fold
from accounts.statements import Asking, asked_together, prepared
from artifacts.models import ArtifactTag, Project
from artifacts.permissions import projects_visible_to
from registries.models import Alias, Collection, Registry, Version
from registries.names import is_version_number
from registries.visibility import homes_visible_to, registries_visible_to

# As many digits as a version's number can have.
LONGEST_NUMBER = 9

# The organization's and the registry's, as they are compared.
RegistryName = tuple[str, str]
# Where somebody found a registry the last time. It may have another name by now, or be hidden from
# them: who goes there asks under its locks.
PLACES: dict[tuple[int, RegistryName], Project] = {}
MOST_PLACES = 1000

# The version in the sequence that logged an artifact, and whether the person sees it there.
Source = tuple[Version, bool]


@dataclass(frozen=True)
class NamedVersion:
    """The version of an artifact in a collection, as a script names it: nobody looked yet whether
    it is there. The caller sees the project; with a `registry_name` nobody looked either whether
    the project is still that of the registry with this name."""

    project: Project
    collection_name: str
    artifact_id: int
    registry_name: RegistryName | None = None

    @property
    def place(self) -> tuple[int, str]:
        """Of the collection: the project's id, and the name as it is kept."""
        return self.project.pk, composed(self.collection_name)


def registry_named(user: User, organization_name: str, name: str) -> Registry | None:
    """With its project and the project's entity, whatever case the names are written in."""
    asked = entity_key(organization_name), fold(name)
    return _remembered(user, asked, _registries_named(user, *asked))


def registry_and_version_named(
    user: User, organization_name: str, registry: str, collection: str, version: str
) -> tuple[Registry | None, list[Version] | None]:
    """In one trip, where this person found the registry by this name the last time; None for what
    was not looked for, as anywhere else. The version is there or not, as `version_named` tells."""
    asked = entity_key(organization_name), fold(registry)
    place = PLACES.get((user.pk, asked))
    version_asking = place and _asking_version(place.pk, collection, version)
    registry_asking = _registries_named.asking(user, *asked)
    if not place or not version_asking:
        return _remembered(user, asked, registry_asking.alone()), None
    registries, versions = asked_together(registry_asking, version_asking)
    found = _remembered(user, asked, registries)
    return found, versions if found is not None and found.pk == place.pk else None


def _remembered(user: User, asked: RegistryName, found: list[Registry]) -> Registry | None:
    if not found:
        return None
    registry = found[0]
    registry.project.registry = registry
    if len(PLACES) >= MOST_PLACES:
        PLACES.clear()
    PLACES[user.pk, asked] = registry.project
    return registry


def version_where_it_was(
    user: User, organization_name: str, registry: str, collection: str, artifact_id: int
) -> NamedVersion | None:
    """In the registry that this person found by this name the last time, if they did: one look at
    the database less."""
    asked = entity_key(organization_name), fold(registry)
    project = PLACES.get((user.pk, asked))
    return NamedVersion(project, collection, artifact_id, asked) if project else None


def name_of(registry: Registry) -> RegistryName:
    return entity_key(registry.organization.entity.name), registry.folded


def project_named(user: User, entity_name: str, name: str) -> Project | None:
    """An ordinary project, with its entity. Its name is taken in the case it is written in."""
    found = _projects_named(user, entity_key(entity_name), composed(name))
    return found[0] if found else None


def sees_project(user: User, project_id: int) -> bool:
    """Ordinary projects and homes of registries alike."""
    return bool(_seen_projects(user, project_id))


def collection_named(project: Project, name: str) -> Collection | None:
    """With its project, which the caller sees."""
    collection = Collection.objects.filter(project=project, name=composed(name)).first()
    if collection is not None:
        collection.project = project
    return collection


def version_named(project_id: int, collection_name: str, name: str) -> Version | None:
    """By number (`v3`) or alias, with collection and content. The caller sees the project."""
    asking = _asking_version(project_id, collection_name, name)
    found = asking.alone() if asking else []
    return found[0] if found else None


def _asking_version(project_id: int, collection_name: str, name: str) -> Asking | None:
    """None for a number that no version has."""
    collection_name = composed(collection_name)
    if not is_version_number(name):
        return _versions_by_alias.asking(project_id, collection_name, composed(name))
    digits = fold(name)[1:]
    if len(digits) > LONGEST_NUMBER:
        return None
    return _versions_by_number.asking(project_id, collection_name, int(digits))


def version_of(named: NamedVersion) -> Version | None:
    found = _versions_of_artifact(*named.place, named.artifact_id)
    return found[0] if found else None


def source_of(user: User, artifact_id: int) -> Source | None:
    """None while it is pending."""
    return _source(_sources(user, artifact_id))


def _source(found: list[Version]) -> Source | None:
    return (found[0], bool(found[0].is_seen)) if found else None  # type: ignore[attr-defined]


def shown_of(user: User, version: Version) -> tuple[list[Alias], list[ArtifactTag], Source | None]:
    """The aliases of a version, the tags of its content, its source: one trip to the database."""
    aliases, tags, sources = asked_together(
        aliases_on.asking(version.pk),
        tags_on.asking(version.artifact_id),
        _sources.asking(user, version.artifact_id),
    )
    return aliases, tags, _source(sources)


@prepared
def aliases_on(version_id: int) -> QuerySet[Alias]:
    return Alias.objects.filter(version=version_id).order_by("name")


@prepared
def tags_on(artifact_id: int) -> QuerySet[ArtifactTag]:
    return ArtifactTag.objects.filter(artifact=artifact_id)


@prepared
def _registries_named(user: User, organization: str, folded: str) -> QuerySet[Registry]:
    return (
        registries_visible_to(user)
        .filter(organization__entity__name__lower=organization, folded=folded)
        .select_related("project__entity")
    )


@prepared
def _projects_named(user: User, entity: str, name: str) -> QuerySet[Project]:
    projects = projects_visible_to(user).filter(entity__name__lower=entity, name=name)
    return projects.select_related("entity", "registry")


@prepared
def _seen_projects(user: User, project_id: int) -> QuerySet[Project]:
    return homes_visible_to(user).filter(pk=project_id).only("pk")


@prepared
def _versions_by_number(project_id: int, collection: str, number: int) -> QuerySet[Version]:
    return _versions_in(project_id, collection).filter(number=number)


@prepared
def _versions_by_alias(project_id: int, collection: str, alias: str) -> QuerySet[Version]:
    place = collection_at(project_id, collection)
    return _with_content(Version.objects.filter(aliases__collection=place, aliases__name=alias))


@prepared
def _versions_of_artifact(project_id: int, collection: str, artifact_id: int) -> QuerySet[Version]:
    return _versions_in(project_id, collection).filter(artifact=artifact_id)


@prepared
def _sources(user: User, artifact_id: int) -> QuerySet[Version]:
    # Nothing is logged to a registry: the rule of projects is all there is to ask.
    is_seen = Exists(projects_visible_to(user).filter(pk=OuterRef("collection__project")))
    return (
        Version.objects.filter(artifact=artifact_id, collection__kind=Collection.Kind.SEQUENCE)
        .select_related("collection__project__entity", "collection__project__registry")
        .annotate(is_seen=is_seen)
    )


def _versions_in(project_id: int, collection: str) -> QuerySet[Version]:
    return _with_content(Version.objects.filter(collection=collection_at(project_id, collection)))


def _with_content(versions: QuerySet[Version]) -> QuerySet[Version]:
    return versions.select_related("collection", "artifact")


def collection_at(project_id: int, name: str) -> Subquery:
    """Its key, found first. In a join PostgreSQL may begin with whatever else was asked for: with
    the aliases of that name in all collections, or with all that hold an artifact."""
    return Subquery(Collection.objects.filter(project=project_id, name=name).values("pk"))
