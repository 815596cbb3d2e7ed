"""The pages of the product. A URL's name, its view and its template share one word.

Collections and versions have the same pages in a registry and in a project; those of a project
are called `project-…`.
"""

from __future__ import annotations

from django.urls import URLPattern, include, path

from registries.views import (
    addresses,  # noqa: F401 registers the converters used below
    collection,
    create_collection,
    create_project,
    create_registry,
    delete_project,
    delete_version,
    file_page,
    files,
    history,
    home,
    lineage,
    link_version,
    members,
    project,
    projects,
    protected_aliases,
    put_back,
    registry,
    run,
    runs,
    sdk_addresses,
    search,
    settings,
    start,
    storage,
    unlink_version,
    upload,
    version,
    version_aliases,
    version_edits,
)

ORGANIZATION = "orgs/<name:organization>/"
REGISTRY = f"{ORGANIZATION}registry/<name:registry>"
SETTINGS = f"{REGISTRY}/settings"
PROJECT = "<entity:entity>/<name:project>"
RUN = f"{PROJECT}/runs/<name:run>"
UPLOAD = f"{PROJECT}/uploads/<int:upload>"

# `create-collection` is not below `collections`, where any name may stand.
HOME_PAGES = (
    ("/link", link_version.link_version_anywhere, "link-version-anywhere"),
    ("/create-collection", create_collection.create_collection, "create-collection"),
)

COLLECTION_PAGES = (
    ("", collection.collection, "collection"),
    ("/history", history.collection_history, "collection-history"),
    ("/history/export", history.export_collection_history, "export-collection-history"),
    ("/history/<int:event>/put-back", put_back.put_back, "put-back"),
    ("/edit", collection.edit_card, "edit-card"),
    ("/tags", collection.collection_tags, "collection-tags"),
    ("/delete", collection.delete_collection, "delete-collection"),
    ("/link", link_version.link_version, "link-version"),
    ("/aliases/<name:alias>", version.alias, "alias"),
)

VERSION_PAGES = (
    ("", version.version, "version"),
    ("/aliases", version_aliases.add_aliases, "add-aliases"),
    ("/aliases/remove", version_aliases.remove_aliases, "remove-aliases"),
    ("/aliases/options", version_aliases.alias_options, "alias-options"),
    ("/aliases/confirm", version_aliases.confirm_alias, "confirm-alias"),
    ("/tags", version_edits.version_tags, "version-tags"),
    ("/description", version_edits.description, "version-description"),
    ("/metadata", version_edits.metadata, "version-metadata"),
    ("/unlink", unlink_version.unlink_version, "unlink-version"),
    ("/download", files.download_version, "download-version"),
    ("/files/<path:file>", files.download_file, "download-file"),
    ("/view/<path:file>", file_page.view_file, "view-file"),
    ("/images/<path:file>", file_page.file_image, "file-image"),
    ("/lineage", lineage.lineage, "lineage"),
)


def below(place: str, twins: str = "") -> list[URLPattern]:
    """The pages of collections and versions of a home; `twins` begins the names in a project."""
    below_collection = f"{place}/collections/<name:collection>"
    below_version = f"{below_collection}/versions/<version:number>"
    return [
        path(f"{start}{rest}", view, name=f"{twins}{name}")
        for start, pages in (
            (place, HOME_PAGES),
            (below_collection, COLLECTION_PAGES),
            (below_version, VERSION_PAGES),
        )
        for rest, view, name in pages
    ]


urlpatterns = [
    path("", start.start, name="start"),
    path("", include("registries.people_urls")),
    # Organization
    path(ORGANIZATION, home.home, name="home"),
    path(f"{ORGANIZATION}registries/new", create_registry.create_registry, name="create-registry"),
    path(f"{ORGANIZATION}search", search.search, name="search"),
    path(f"{ORGANIZATION}search/preview", search.search_preview, name="search-preview"),
    path(f"{ORGANIZATION}storage", storage.storage, name="storage"),
    # Registry
    path(REGISTRY, registry.registry, name="registry"),
    path(f"{REGISTRY}/history", history.registry_history, name="registry-history"),
    path(
        f"{REGISTRY}/history/export",
        history.export_registry_history,
        name="export-registry-history",
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
    *below(REGISTRY),
]

# These begin with the name of a team or person, so they come after all others of the site.
project_patterns = [
    path("projects", projects.projects, name="projects"),
    path("projects/new", create_project.create_project, name="create-project"),
    path(f"{PROJECT}/history", history.registry_history, name="project-history"),
    path(
        f"{PROJECT}/history/export",
        history.export_registry_history,
        name="export-project-history",
    ),
    path(f"{PROJECT}/delete-project", delete_project.delete_project, name="delete-project"),
    path(f"{PROJECT}/upload", upload.upload, name="upload"),
    path(f"{PROJECT}/uploads", upload.begin, name="begin-upload"),
    path(f"{UPLOAD}/files/<int:file>", upload.upload_file, name="upload-file"),
    path(f"{UPLOAD}/finish", upload.finish, name="finish-upload"),
    path(f"{UPLOAD}/cancel", upload.cancel, name="cancel-upload"),
    path(f"{PROJECT}/runs", runs.runs, name="runs"),
    path(RUN, run.run, name="run"),
    path(f"{RUN}/files/<path:file>", run.download_run_file, name="download-run-file"),
    *below(PROJECT, "project-"),
    path(
        f"{PROJECT}/collections/<name:collection>/delete-artifact",
        delete_version.delete_artifact,
        name="delete-artifact",
    ),
    path(
        f"{PROJECT}/collections/<name:collection>/versions/<version:number>/delete",
        delete_version.delete_version,
        name="delete-version",
    ),
    # As the SDK prints them
    path("<entity:entity>", sdk_addresses.entity, name="sdk-entity"),
    path("<entity:entity>/wandb-registry-<name:registry>", sdk_addresses.registry, name="sdk-home"),
    path("<entity:entity>/registry/<name:registry>", sdk_addresses.registry, name="sdk-registry"),
    path(f"{PROJECT}/<tab:page>", sdk_addresses.project, name="sdk-project"),
    path(f"{RUN}/<tab:page>", sdk_addresses.run, name="sdk-run"),
    path(
        f"{PROJECT}/artifacts/<name:type>/<name:collection>",
        sdk_addresses.collection,
        name="sdk-collection",
    ),
    path(
        f"{PROJECT}/artifacts/<name:type>/<name:collection>/<name:reference>",
        sdk_addresses.version,
        name="sdk-version",
    ),
    path(PROJECT, project.project, name="project"),
]
