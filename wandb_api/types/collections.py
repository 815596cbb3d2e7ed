"""Collections, their memberships (our versions) and aliases as GraphQL shows them."""
# ruff: noqa: N802, N803

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from artifacts.models import Artifact, Project
from registries.models import Alias, Collection, Version
from registries.named import shown_of, version_named
from registries.names import is_number_to_sdk
from registries.permissions import require_open
from registries.visibility import collections_visible_to, versions_visible_to
from wandb_api.context import Context, Info
from wandb_api.filter_fields import FIELDS_OF_VERSIONS
from wandb_api.filters import filtered
from wandb_api.identifiers import encode
from wandb_api.orders import OF_VERSIONS, order_by
from wandb_api.shown import source_projects, with_aliases, with_what_is_shown
from wandb_api.types.artifacts import ArtifactNode, TagType, TypeOfArtifact
from wandb_api.types.files import files_of
from wandb_api.types.instants import instant
from wandb_api.types.lists import Connection, Edge, prefetched
from wandb_api.types.projects import ProjectNode

HOME = ("collection__project__entity", "collection__project__registry")


class AliasNode:
    def __init__(self, alias: Alias) -> None:
        self._collection = alias.collection
        self.id = encode("ArtifactAlias", alias.pk)
        self.alias = alias.name

    def artifactCollection(self, *_: Any) -> CollectionNode:
        return CollectionNode(self._collection)


def told(aliases: list[Alias]) -> list[AliasNode]:
    """Without those of an earlier time that the SDK would take for the number of the version."""
    return [AliasNode(alias) for alias in aliases if not is_number_to_sdk(alias.name)]


class NumberNode:
    """The number a link has in its collection, told as an alias: there the SDK looks for it, and
    where it finds none it takes the number of the source for that of the link.
    """

    def __init__(self, version: Version) -> None:
        self._collection = version.collection
        self.id = encode("ArtifactCollectionMembership", version.pk)
        self.alias = version.label

    def artifactCollection(self, *_: Any) -> CollectionNode:
        return CollectionNode(self._collection)


class CollectionNode:
    """`ArtifactSequence` or `ArtifactPortfolio`; the SDK tells them apart by `__typename`."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        is_sequence = collection.kind == Collection.Kind.SEQUENCE
        self.type_name = "ArtifactSequence" if is_sequence else "ArtifactPortfolio"
        self.id = encode(self.type_name, collection.pk)
        self.name = collection.name
        self.description = collection.description
        self.createdAt = instant(collection.created_at)
        self.updatedAt = instant(collection.changed_at)
        self.state = "READY"

    def project(self, info: Info) -> ProjectNode | None:
        """None where the caller does not see it: the SDK then leaves the source alone."""
        project = self.collection.project
        return ProjectNode(project) if info.context.sees(project) else None

    def defaultArtifactType(self, *_: Any) -> TypeOfArtifact:
        collection = self.collection
        return TypeOfArtifact(collection.type, collection.project_id, self.createdAt)

    def tags(self, *_: Any) -> dict[str, list[Edge]]:
        tags = sorted(self.collection.tags.all(), key=lambda tag: tag.name)
        return {"edges": [Edge(TagType(tag), "") for tag in tags]}

    def aliases(self, *_: Any, after: str | None = None, first: int | None = None) -> Connection:
        aliases = self.collection.aliases.select_related("collection__project__entity")
        return Connection(aliases.order_by("name"), AliasNode, after=after, first=first)

    def artifactMembership(self, info: Info, aliasName: str) -> MembershipNode | None:
        collection = self.collection
        return membership_named(info.context, collection.project, collection.name, aliasName)

    def artifacts(
        self,
        info: Info,
        after: str | None = None,
        first: int | None = None,
        order: str | None = None,
        filters: str | None = None,
    ) -> Connection:
        """Committed versions, the newest first unless the SDK asks otherwise."""
        versions = Version.objects.filter(collection=self.collection)
        found = with_what_is_shown(filtered(versions, filters, FIELDS_OF_VERSIONS))
        rows = found.order_by(*order_by(order, OF_VERSIONS, "-number"))
        page = Connection(rows, lambda version: version, after=after, first=first)
        page.edges = [
            Edge(_listed(edge.node, info.context), edge.cursor, edge.node.label)
            for edge in page.edges
        ]
        make_one_page(info, [edge.node for edge in page.edges])
        return page

    def latestArtifact(self, *_: Any) -> ArtifactNode | None:
        newest = self.collection.versions.select_related("artifact").order_by("-number").first()
        return ArtifactNode(newest.artifact) if newest else None


class MembershipNode:
    """An artifact in one collection: what we call a version."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.id = encode("ArtifactCollectionMembership", version.pk)
        self.versionIndex = version.number
        self.createdAt = instant(version.linked_at)
        self._artifact: ArtifactNode | None = None

    def aliases(self, info: Info) -> list[AliasNode]:
        aliases = prefetched(self.version, "aliases")
        if aliases is None:
            # Whoever finds one version asks for its content as well.
            aliases, tags, source = shown_of(info.context.user, self.version)
            self.artifact().learn(info.context, tags, source)
        for alias in aliases:
            alias.collection = self.version.collection
        return told(sorted(aliases, key=lambda alias: alias.name))

    def artifactCollection(self, *_: Any) -> CollectionNode:
        return CollectionNode(self.version.collection)

    def artifact(self, *_: Any) -> ArtifactNode:
        if self._artifact is None:
            self._artifact = ArtifactNode(self.version.artifact)
        return self._artifact

    def files(
        self,
        info: Info,
        names: list[str] | None = None,
        after: str | None = None,
        first: int | None = None,
    ) -> Connection:
        """Refused to who may see the version but not open it, as through this registry."""
        home = self.version.collection.project
        require_open(info.context.access(home), home, self.version.artifact)
        return files_of(self.version.artifact, names, after, first)


def membership_named(
    context: Context, project: Project, collection: str, name: str
) -> MembershipNode | None:
    """By number (`v3`) or alias, `latest` among them, in a project the caller sees."""
    found = context.take_found_ahead(project.pk, (collection, name))
    if found is None:
        version = version_named(project.pk, collection, name)
    else:
        version = found[0] if found else None
    if version is None:
        return None
    version.collection.project = project
    return MembershipNode(version)


def sequence_of(node: ArtifactNode, info: Info) -> CollectionNode | NamedSequence:
    """The sequence an artifact was logged to, or is about to be.

    Of one in a project the caller does not see the name alone, without which the SDK cannot do.
    """
    source = node.source(info)
    sequence = source.collection if source is not None else _announced_sequence(node.artifact)
    if sequence is not None and info.context.sees(sequence.project):
        return CollectionNode(sequence)
    name = sequence.name if sequence else node.artifact.announcement.collection_name
    return NamedSequence(name, node.artifactType(), node.createdAt)


def _announced_sequence(artifact: Artifact) -> Collection | None:
    announcement = artifact.announcement
    sequences = Collection.objects.filter(
        project=announcement.project_id, name=announcement.collection_name
    )
    return sequences.select_related("project__entity", "project__registry").first()


class NamedSequence:
    """Stands for one that the first commit will make, and for one that is not shown."""

    type_name = "ArtifactSequence"

    def __init__(self, name: str, type_: TypeOfArtifact, created_at: str) -> None:
        # Leads to nothing.
        self.id = encode(self.type_name, 0)
        self.name = name
        self.defaultArtifactType = type_
        self.createdAt = created_at
        self.state = "READY"
        self.tags: dict[str, list[Edge]] = {"edges": []}
        self.description = self.updatedAt = self.project = self.latestArtifact = None

    def aliases(self, *_: Any, **__: Any) -> Connection:
        return Connection([], AliasNode)

    def artifacts(self, *_: Any, **__: Any) -> Connection:
        return Connection([], ArtifactNode)

    def artifactMembership(self, *_: Any, **__: Any) -> None:
        return None


def make_one_page(info: Info, nodes: list[ArtifactNode]) -> None:
    """What one of them is asked for will be learnt of all."""
    info.context.look_at(source_projects(node.artifact for node in nodes))
    for node in nodes:
        node.page = nodes


def _listed(version: Version, context: Context) -> ArtifactNode:
    """The SDK finds the number of a link among the aliases of the collection that it asked for, by
    the name it wrote. Where that is written otherwise, it finds no alias, takes the number of the
    source, and would fetch the files of another link: there that of the link stands instead.
    """
    number = None if context.writes_names_as_kept else version.number
    return ArtifactNode(version.artifact, number)


def aliases_of(node: ArtifactNode, info: Info) -> list[AliasNode | NumberNode]:
    """Of all its memberships, as far as the caller sees their collections; with the number of each
    that is not the one of the source.
    """
    if node.aliases is None:
        _learn_aliases(node.page, info.context)
    number = node.versionIndex(info)
    links = [NumberNode(link) for link in node.links or [] if link.number != number]
    return [*told(node.aliases or []), *links]


def _learn_aliases(nodes: list[ArtifactNode], context: Context) -> None:
    artifacts = {node.artifact.pk for node in nodes}
    seen = collections_visible_to(context.user)
    shown = ("collection__project__entity", "collection__project__registry")
    aliases: dict[int, list[Alias]] = defaultdict(list)
    found = Alias.objects.filter(version__artifact__in=artifacts, collection__in=seen)
    for alias in found.select_related("version", *shown).order_by("collection_id", "name"):
        context.note_seen(alias.collection.project)
        aliases[alias.version.artifact_id].append(alias)
    links: dict[int, list[Version]] = defaultdict(list)
    linked = Version.objects.filter(artifact__in=artifacts, collection__in=seen)
    in_portfolios = linked.filter(collection__kind=Collection.Kind.PORTFOLIO)
    for link in in_portfolios.select_related(*shown).order_by("collection_id"):
        context.note_seen(link.collection.project)
        links[link.artifact_id].append(link)
    for node in nodes:
        node.aliases, node.links = aliases[node.artifact.pk], links[node.artifact.pk]


def memberships_of(node: ArtifactNode, info: Info) -> Connection:
    versions = with_aliases(visible_versions(info.context).filter(artifact=node.artifact))
    page = Connection(versions.order_by("pk"), MembershipNode)
    for edge in page.edges:
        info.context.note_seen(edge.node.version.collection.project)
    return page


def visible_versions(context: Context) -> QuerySet[Version]:
    return versions_visible_to(context.user).select_related(*HOME, "artifact__project__entity")
