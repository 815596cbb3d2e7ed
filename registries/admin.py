"""Registries, collections, versions, aliases and their history, as operators see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.callers import Caller
from accounts.operators import PAGES, OperatorAdmin, operation, register_others
from registries import search_index
from registries.models import (
    Alias,
    Collection,
    CollectionTag,
    Event,
    ProtectedAlias,
    Registry,
    RegistryPersonRole,
    RegistryTeamRole,
    Version,
)
from registries.operations.aliases import remove_aliases
from registries.operations.collections import delete_collection, edit_collection
from registries.operations.members import remove_member
from registries.operations.protected_aliases import unprotect_alias
from registries.operations.registries import delete_registry
from registries.operations.versions import unlink_version
from registries.queries.finds import matching
from registries.queries.terms import Term
from registries.roles import Role
from registries.rows_on_site import ROWS_ON_SITE
from registries.search_index import Names
from registries.web_addresses import names_of


class NamedAdmin(OperatorAdmin):
    """Found by the index of names, which a million rows need."""

    names: Names
    search_fields = ("name",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = Term.typed(search_term)
        return (queryset.filter(matching(self.names, term)) if term else queryset), False


def _remove_alias(by: Caller, alias: Alias) -> None:
    remove_aliases(by, alias.version, [alias.name])


def _remove_tag(by: Caller, tag: CollectionTag) -> None:
    edit_collection(by, tag.collection, remove_tags=[tag.name])


def _unprotect(by: Caller, rule: ProtectedAlias) -> None:
    unprotect_alias(by, rule.registry, rule.name)


def _remove_person(by: Caller, grant: RegistryPersonRole) -> None:
    remove_member(by, grant.content_object, grant.user)


def _remove_team(by: Caller, grant: RegistryTeamRole) -> None:
    remove_member(by, grant.content_object, grant.group.team)


def _path(collection: Collection) -> str:
    """As its address has it. Reads `project` with its `entity` and `registry`."""
    return "/".join([*names_of(collection.project), collection.name])


def _path_of_registry(registry: Registry) -> str:
    return f"{registry.organization}/{registry}"


def _role(grant: RegistryPersonRole | RegistryTeamRole) -> str:
    role = Role.from_codename(grant.permission.codename)
    return f"{role.label} in {_path_of_registry(grant.content_object)}"


@admin.register(Registry)
class RegistryAdmin(OperatorAdmin):
    search_fields = ("name", "organization__entity__name")
    actions = (operation("Delete with all collections", delete_registry),)

    def named(self, registry: Registry) -> str:
        return f"“{registry}” of {registry.organization}"


@admin.register(Collection)
class CollectionAdmin(NamedAdmin):
    names = search_index.COLLECTIONS
    actions = (operation("Delete with all versions", delete_collection),)
    named_by = ("project__entity", "project__registry")

    def named(self, collection: Collection) -> str:
        return f"“{_path(collection)}”"


@admin.register(CollectionTag)
class CollectionTagAdmin(NamedAdmin):
    names = search_index.COLLECTION_TAGS
    actions = (operation("Remove the tag", _remove_tag),)
    named_by = ("collection__project__entity", "collection__project__registry")

    def named(self, tag: CollectionTag) -> str:
        return f"“{tag}” on {_path(tag.collection)}"


@admin.register(Version)
class VersionAdmin(OperatorAdmin):
    search_fields = ("collection__name",)
    actions = (operation("Unlink", unlink_version),)
    named_by = ("collection__project__entity", "collection__project__registry")

    def named(self, version: Version) -> str:
        return f"“{_path(version.collection)}:{version.label}”"


@admin.register(Alias)
class AliasAdmin(NamedAdmin):
    names = search_index.ALIASES
    actions = (operation("Take off its version", _remove_alias),)
    named_by = ("collection__project__entity", "collection__project__registry")

    def named(self, alias: Alias) -> str:
        return f"“{alias}” on {_path(alias.collection)}:{alias.version.label}"


@admin.register(ProtectedAlias)
class ProtectedAliasAdmin(OperatorAdmin):
    search_fields = ("name", "registry__name")
    actions = (operation("Remove the protection", _unprotect),)

    def named(self, rule: ProtectedAlias) -> str:
        return f"“{rule}” in {_path_of_registry(rule.registry)}"


@admin.register(RegistryPersonRole)
class RegistryPersonRoleAdmin(OperatorAdmin):
    search_fields = ("user__username", "content_object__name")
    actions = (operation("Take the role away", _remove_person),)

    def named(self, grant: RegistryPersonRole) -> str:
        return f"“{grant.user}”, {_role(grant)}"


@admin.register(RegistryTeamRole)
class RegistryTeamRoleAdmin(OperatorAdmin):
    search_fields = ("group__name", "content_object__name")
    actions = (operation("Take the role away", _remove_team),)

    def named(self, grant: RegistryTeamRole) -> str:
        return f"“{grant.group.name}”, {_role(grant)}"


@admin.register(Event)
class EventAdmin(OperatorAdmin):
    search_fields = ("home_name", "collection_name", "alias", "actor__username", "subject")


register_others("registries")
PAGES.update(ROWS_ON_SITE)
