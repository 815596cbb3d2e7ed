"""Registries, collections and versions of an organization, filtered, ordered and paged."""
# ruff: noqa: N803 the protocol's names

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from django.db.models import QuerySet

from accounts.errors import NotFound
from accounts.models import Entity
from artifacts.models import Project
from artifacts.permissions import projects_visible_to
from registries.models import AcceptedType, Collection, Registry, Version
from registries.visibility import registries_visible_to
from wandb_api.context import Info
from wandb_api.filter_fields import (
    FIELDS_OF_COLLECTIONS,
    FIELDS_OF_REGISTRIES,
    FIELDS_OF_VERSIONS,
)
from wandb_api.filters import filtered
from wandb_api.identifiers import decode
from wandb_api.orders import OF_COLLECTIONS, OF_REGISTRIES, OF_VERSIONS, order_by
from wandb_api.resolvers.found import quoted
from wandb_api.shown import source_projects, with_what_is_shown
from wandb_api.types.collections import CollectionNode, MembershipNode
from wandb_api.types.lists import Connection
from wandb_api.types.people import EntityType
from wandb_api.types.projects import ProjectNode


def projects_of_entity(
    node: EntityType,
    info: Info,
    filters: str | None = None,
    after: str | None = None,
    first: int | None = None,
    order: str | None = None,
) -> Connection:
    """Of an organization its registries, of anybody else the ordinary projects."""
    entity_id = decode("Entity", node.id)
    if node.entityType != Entity.Kind.ORGANIZATION:
        projects = projects_visible_to(info.context.user).filter(entity=entity_id)
        rows = projects.select_related("entity", "registry").order_by("name", "pk")
        return _as_one_page(Connection(rows, ProjectNode, after=after, first=first))
    found = filtered(_registries(node, info), filters, FIELDS_OF_REGISTRIES)
    registries = found.select_related(
        "project__entity__organization__entity", "project__entity__team"
    )
    page = Connection(
        registries.order_by(*order_by(order, OF_REGISTRIES, "name")),
        _project_of,
        after=after,
        first=first,
    )
    return _as_one_page(page)


def _as_one_page(projects: Connection) -> Connection:
    """What one of its projects is asked for will be learnt of all."""
    nodes = [edge.node for edge in projects.edges]
    for each in nodes:
        each.page = nodes
    return projects


def learn_types(nodes: Sequence[ProjectNode]) -> None:
    """Accepted types of a registry that lists them, else the types in use: of many at once."""
    listing = {node.project.pk for node in nodes if lists_types(node)}
    in_use = {node.project.pk for node in nodes} - listing
    accepted = AcceptedType.objects.filter(registry__in=listing).values_list("registry", "name")
    used = Collection.objects.filter(project__in=in_use).values_list("project", "type").distinct()
    names: dict[int, list[str]] = {}
    for project_id, name in chain(accepted, used):
        names.setdefault(project_id, []).append(name)
    for node in nodes:
        node.types = sorted(names.get(node.project.pk, []))


def lists_types(node: ProjectNode) -> bool:
    return node.registry is not None and not node.registry.accepts_all_types


def collections_of_entity(
    node: EntityType,
    info: Info,
    projectFilters: str | None = None,
    filters: str | None = None,
    collectionTypes: list[str] | None = None,
    after: str | None = None,
    first: int | None = None,
    order: str | None = None,
) -> Connection:
    registries = filtered(_registries(node, info), projectFilters, FIELDS_OF_REGISTRIES)
    collections = Collection.objects.filter(project__registry__in=registries)
    if collectionTypes:
        collections = collections.filter(kind__in=[kind.lower() for kind in collectionTypes])
    found = filtered(collections, filters, FIELDS_OF_COLLECTIONS)
    page = _page_of_collections(found, after, first, order)
    info.context.look_at(edge.node.collection.project_id for edge in page.edges)
    return page


def memberships_of_entity(
    node: EntityType,
    info: Info,
    projectFilters: str | None = None,
    collectionFilters: str | None = None,
    filters: str | None = None,
    after: str | None = None,
    first: int | None = None,
    order: str | None = None,
) -> Connection:
    registries = filtered(_registries(node, info), projectFilters, FIELDS_OF_REGISTRIES)
    collections = filtered(
        Collection.objects.filter(project__registry__in=registries),
        collectionFilters,
        FIELDS_OF_COLLECTIONS,
    )
    versions = filtered(
        Version.objects.filter(collection__in=collections), filters, FIELDS_OF_VERSIONS
    )
    rows = versions.order_by(*order_by(order, OF_VERSIONS, "pk"))
    page = Connection(rows, MembershipNode, after=after, first=first, whole=with_what_is_shown)
    versions_shown = [edge.node.version for edge in page.edges]
    homes = (version.collection.project_id for version in versions_shown)
    sources = source_projects(version.artifact for version in versions_shown)
    info.context.look_at(chain(homes, sources))
    return page


def collections_of_project(
    node: ProjectNode,
    info: Info,
    after: str | None = None,
    first: int | None = None,
    filters: str | None = None,
    order: str | None = None,
    among: QuerySet[Collection] | None = None,
) -> Connection:
    collections = Collection.objects.filter(project=node.project) if among is None else among
    found = filtered(collections, filters, FIELDS_OF_COLLECTIONS)
    return _page_of_collections(found, after, first, order)


def _page_of_collections(
    collections: QuerySet[Collection], after: str | None, first: int | None, order: str | None
) -> Connection:
    rows = collections.select_related("project__entity", "project__registry")
    return Connection(
        rows.prefetch_related("tags").order_by(*order_by(order, OF_COLLECTIONS, "name")),
        CollectionNode,
        after=after,
        first=first,
    )


def _registries(node: EntityType, info: Info) -> QuerySet[Registry]:
    if node.entityType != Entity.Kind.ORGANIZATION:
        raise NotFound.of(f"organization {quoted(node.name)}")
    return registries_visible_to(info.context.user).filter(
        organization__entity=decode("Entity", node.id)
    )


def _project_of(registry: Registry) -> ProjectNode:
    project: Project = registry.project
    project.registry = registry
    return ProjectNode(project)
