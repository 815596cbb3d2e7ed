"""The pages of the product. A URL's name, its view and its template share one word."""

from __future__ import annotations

from django.urls import path

from registries.views import (
    addresses,  # noqa: F401 registers the converters used below
    collection,
    create_collection,
    create_registry,
    files,
    history,
    home,
    link_version,
    members,
    protected_aliases,
    put_back,
    registry,
    search,
    settings,
    start,
    unlink_version,
    version,
    version_aliases,
    version_edits,
)

ORGANIZATION = "orgs/<name:organization>/"
REGISTRY = f"{ORGANIZATION}registry/<name:registry>"
SETTINGS = f"{REGISTRY}/settings"
COLLECTION = f"{REGISTRY}/collections/<name:collection>"
VERSION = f"{COLLECTION}/versions/<version:number>"

urlpatterns = [
    path("", start.start, name="start"),
    # Organization
    path(ORGANIZATION, home.home, name="home"),
    path(f"{ORGANIZATION}registries/new", create_registry.create_registry, name="create-registry"),
    path(f"{ORGANIZATION}search", search.search, name="search"),
    path(f"{ORGANIZATION}search/preview", search.search_preview, name="search-preview"),
    # Registry. `create-collection` is not below `collections`, where any name may stand.
    path(REGISTRY, registry.registry, name="registry"),
    path(f"{REGISTRY}/history", history.registry_history, name="registry-history"),
    path(
        f"{REGISTRY}/history/export",
        history.export_registry_history,
        name="export-registry-history",
    ),
    path(f"{REGISTRY}/link", link_version.link_version_anywhere, name="link-version-anywhere"),
    path(
        f"{REGISTRY}/create-collection",
        create_collection.create_collection,
        name="create-collection",
    ),
    # Settings
    path(SETTINGS, settings.settings, name="settings"),
    path(f"{SETTINGS}/general", settings.general, name="settings-general"),
    path(f"{SETTINGS}/types", settings.types, name="settings-types"),
    path(f"{SETTINGS}/protected-aliases", protected_aliases.protect, name="protect-aliases"),
    path(
        f"{SETTINGS}/protected-aliases/remove", protected_aliases.unprotect, name="unprotect-alias"
    ),
    path(f"{SETTINGS}/members/add", members.add_access, name="add-access"),
    path(f"{SETTINGS}/members/role", members.set_roles, name="set-roles"),
    path(f"{SETTINGS}/members/remove", members.remove_member, name="remove-member"),
    path(f"{SETTINGS}/delete", settings.delete_registry, name="delete-registry"),
    # Collection
    path(COLLECTION, collection.collection, name="collection"),
    path(f"{COLLECTION}/history", history.collection_history, name="collection-history"),
    path(
        f"{COLLECTION}/history/export",
        history.export_collection_history,
        name="export-collection-history",
    ),
    path(f"{COLLECTION}/history/<int:event>/put-back", put_back.put_back, name="put-back"),
    path(f"{COLLECTION}/edit", collection.edit_card, name="edit-card"),
    path(f"{COLLECTION}/tags", collection.collection_tags, name="collection-tags"),
    path(f"{COLLECTION}/delete", collection.delete_collection, name="delete-collection"),
    path(f"{COLLECTION}/link", link_version.link_version, name="link-version"),
    path(f"{COLLECTION}/aliases/<name:alias>", version.alias, name="alias"),
    # Version
    path(VERSION, version.version, name="version"),
    path(f"{VERSION}/aliases", version_aliases.add_aliases, name="add-aliases"),
    path(f"{VERSION}/aliases/remove", version_aliases.remove_aliases, name="remove-aliases"),
    path(f"{VERSION}/aliases/options", version_aliases.alias_options, name="alias-options"),
    path(f"{VERSION}/aliases/confirm", version_aliases.confirm_alias, name="confirm-alias"),
    path(f"{VERSION}/tags", version_edits.version_tags, name="version-tags"),
    path(f"{VERSION}/description", version_edits.description, name="version-description"),
    path(f"{VERSION}/metadata", version_edits.metadata, name="version-metadata"),
    path(f"{VERSION}/unlink", unlink_version.unlink_version, name="unlink-version"),
    path(f"{VERSION}/download", files.download_version, name="download-version"),
    path(f"{VERSION}/files/<path:file>", files.download_file, name="download-file"),
]
