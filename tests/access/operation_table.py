"""The table of operations: who gets what from each. A new operation without a row fails the tests.

Roles are those of `tests.personas`, in the registries Model and Own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.callers import Caller
from artifacts.operations import announcements, artifacts, drafts, multipart, projects, runs
from registries.operations import (
    aliases,
    edits,
    members,
    protected_aliases,
    registries,
    sources,
    uses,
)
from registries.operations import drafts as logging
from registries.operations import projects as whole_projects
from registries.operations import runs as whole_runs
from registries.roles import Role
from tests.access.stage import Stage, joinable
from tests.personas import PERSONAS
from tests.things import files

# What each persona gets, in the order of PERSONAS:
# org_admin admin member service_account | viewer org_viewer | restricted_viewer guest |
# removed_member other_admin outsider
ANYBODY = "✓ ✓ ✓ ✓ | ✓ ✓ | ✓ ✓ | ✓ ✓ ✓"
WHO_SEE_THE_REGISTRY = "✓ ✓ ✓ ✓ | ✓ ✓ | ✓ ✓ | 404 404 404"
REGISTRY_MEMBERS = "✓ ✓ ✓ ✓ | 403 403 | 403 ✓ | 404 404 404"
REGISTRY_ADMINS = "✓ ✓ 403 403 | 403 403 | 403 403 | 404 404 404"
REGISTRY_ADMINS_ELSE_HIDDEN = "✓ ✓ 404 404 | 404 404 | 404 404 | 404 404 404"
NOBODY_OF_THE_REGISTRY = "403 403 403 403 | 403 403 | 403 403 | 404 404 404"
PROJECT_WRITERS = "✓ ✓ ✓ ✓ | 404 404 | 404 404 | 404 404 404"
PROJECT_WRITERS_WHO_ARE_ADMINS = "✓ ✓ 403 403 | 404 404 | 404 404 | 404 404 404"
NOBODY_OF_THE_PROJECT = "403 403 403 403 | 404 404 | 404 404 | 404 404 404"
ORGANIZATION_ADMINS = "✓ 403 403 403 | 403 403 | 404 404 | 404 404 404"
ORGANIZATION_MEMBERS = "✓ ✓ ✓ ✓ | ✓ 403 | 403 403 | 404 404 404"
NOBODY = "403 403 403 403 | 403 403 | 403 403 | 403 403 403"
NOBODY_KNOWS_OF_IT = "404 404 404 404 | 404 404 | 404 404 | 404 404 404"
# Linking what is in no registry needs the source, too.
MEMBERS_WHO_READ_THE_SOURCE = "✓ ✓ ✓ ✓ | 403 403 | 403 404 | 404 404 404"
# Through the SDK the source decides; the link itself they see.
WRITERS_OF_THE_SOURCE = "✓ ✓ ✓ ✓ | 403 403 | 403 403 | 404 404 404"
# Using needs the bytes where one came from and a run where one may write.
OPENERS_WITH_A_RUN = "✓ ✓ ✓ ✓ | 404 404 | 403 404 | 404 404 404"

Deed = Callable[[Caller, Stage], Any]


@dataclass(frozen=True)
class Row:
    operation: Callable[..., Any]
    what: str
    outcomes: str
    do: Deed

    def __str__(self) -> str:
        return f"{self.operation.__module__}.{self.operation.__name__}: {self.what}"

    def expected(self) -> dict[str, str]:
        cells = self.outcomes.replace("|", "").split()
        return dict(zip(PERSONAS, cells, strict=True))


WRITERS = {
    projects.create_project: lambda by, s: projects.create_project(by, s.team.entity, "n"),
    projects.project_for_use: lambda by, s: projects.project_for_use(by, s.team.entity, "n"),
    artifacts.create_artifact: lambda by, s: artifacts.create_artifact(by, s.project, "t", []),
    artifacts.delete_artifacts: lambda by, s: artifacts.delete_artifacts(by, [s.loose]),
    runs.start_run: lambda by, s: runs.start_run(by, s.project),
    runs.finish_run: lambda by, s: runs.finish_run(by, s.run),
    runs.note_use: lambda by, s: runs.note_use(by, s.project, s.run.name, s.artifact),
    runs.note_output: lambda by, s: runs.note_output(by, s.run, s.artifact),
    runs.upsert_run: lambda by, s: runs.upsert_run(by, s.project, "abc"),
    runs.extend_run: lambda by, s: runs.extend_run(
        by, s.run, counts={"log_line_count": 1}, summary={}, state=None
    ),
    runs.give_run_up: lambda by, s: runs.give_run_up(by, s.run),
    runs.end_run: lambda by, s: runs.end_run(by, s.run),
    runs.delete_run_files: lambda by, s: runs.delete_run_files(by, [s.run_file]),
    runs.expect_run_file: lambda by, s: runs.expect_run_file(by, s.run, "a.txt"),
    announcements.announce: lambda by, s: announcements.announce(
        by, s.project, collection_name="n", type_name="t", digest="d", aliases=[], tags=[]
    ),
    announcements.announce_again: lambda by, s: announcements.announce_again(
        by, s.free_source.artifact, collection_name="free", aliases=[], tags=[]
    ),
    drafts.expect_manifest: lambda by, s: drafts.expect_manifest(
        by, s.pending, kind="FULL", name="n"
    ),
    multipart.expect_parts: lambda by, s: multipart.expect_parts(
        by, s.pending, "0" * 32, {1: "0" * 32}
    ),
    multipart.join_parts: lambda by, s: multipart.join_parts(
        by, s.pending, joinable(s).upload_id, {1: s.parts.md5}
    ),
    multipart.abandon_parts: lambda by, s: multipart.abandon_parts(
        by, s.pending, s.parts.upload_id
    ),
    drafts.make_whole: lambda by, s: drafts.make_whole(by, s.pending, None),
    logging.announce_version: lambda by, s: logging.announce_version(
        by, s.project, "n", "t", "d", tags=[]
    ),
    logging.log_again: lambda by, s: logging.log_again(
        by, s.project, "free", "dataset", s.free_source.artifact.digest, run=s.run
    ),
    logging.commit_version: lambda by, s: logging.commit_version(by, s.pending),
    sources.log_version: lambda by, s: sources.log_version(by, s.project, "n", "t", files("x")),
}
ARTIFACTS = [
    *(Row(operation, "of a team", PROJECT_WRITERS, do) for operation, do in WRITERS.items()),
    Row(
        projects.create_project,
        "of one's own",
        ANYBODY,
        lambda by, s: projects.create_project(by, by.user.entity, "n"),
    ),
    Row(
        projects.create_project,
        "of the organization",
        NOBODY_KNOWS_OF_IT,
        lambda by, s: projects.create_project(by, s.organization.entity, "n"),
    ),
    Row(
        sources.log_version,
        "into a registry",
        NOBODY_KNOWS_OF_IT,
        lambda by, s: sources.log_version(by, s.registry.project, "n", "t", files("x")),
    ),
]


SOURCES = [
    Row(
        whole_runs.delete_run,
        "that made nothing",
        PROJECT_WRITERS,
        lambda by, s: whole_runs.delete_run(by, s.run, with_artifacts=True),
    ),
    Row(
        whole_runs.delete_run,
        "that made a protected version",
        NOBODY_OF_THE_PROJECT,
        lambda by, s: whole_runs.delete_run(by, s.run_of_protected),
    ),
    Row(
        sources.change_type,
        "of a sequence",
        PROJECT_WRITERS,
        lambda by, s: sources.change_type(by, s.free_source.collection, "n"),
    ),
    Row(
        sources.delete_source,
        "linked, free",
        PROJECT_WRITERS,
        lambda by, s: sources.delete_source(by, s.source_of_custom, delete_aliases=True),
    ),
    Row(
        sources.delete_source,
        "of a protected version",
        NOBODY_OF_THE_PROJECT,
        lambda by, s: sources.delete_source(by, s.source_of_protected, delete_aliases=True),
    ),
    Row(
        sources.delete_sequence,
        "free",
        PROJECT_WRITERS,
        lambda by, s: sources.delete_sequence(by, s.free_source.collection),
    ),
    Row(
        sources.delete_sequence,
        "that holds the source of a protected version",
        NOBODY_OF_THE_PROJECT,
        lambda by, s: sources.delete_sequence(
            by, s.source_of_protected.collection, delete_aliases=True
        ),
    ),
    Row(
        whole_projects.delete_project,
        "nothing of which is linked",
        "✓ 403 403 403 | 404 404 | 404 404 | 404 404 404",
        lambda by, s: whole_projects.delete_project(by, s.free_project),
    ),
    Row(
        whole_projects.delete_project,
        "that holds the source of a protected version",
        NOBODY_OF_THE_PROJECT,
        lambda by, s: whole_projects.delete_project(by, s.project, delete_aliases=True),
    ),
    Row(
        aliases.add_aliases,
        "in a project",
        PROJECT_WRITERS,
        lambda by, s: aliases.add_aliases(by, s.free_source, ["production"]),
    ),
    Row(
        edits.edit_version,
        "at the source of a protected version",
        PROJECT_WRITERS_WHO_ARE_ADMINS,
        lambda by, s: edits.edit_version(by, s.source_of_protected, description="n"),
    ),
    Row(
        uses.use_artifact,
        "by way of the registry",
        OPENERS_WITH_A_RUN,
        lambda by, s: uses.use_artifact(by, s.artifact, s.registry.project, s.project, s.run.name),
    ),
]


SETTINGS = [
    Row(
        registries.create_registry,
        "one",
        ORGANIZATION_MEMBERS,
        lambda by, s: registries.create_registry(by, s.organization, "n"),
    ),
    Row(
        registries.create_core_registries,
        "once more",
        ORGANIZATION_ADMINS,
        lambda by, s: registries.create_core_registries(by, s.organization),
    ),
    Row(
        registries.edit_registry,
        "default role",
        REGISTRY_ADMINS,
        lambda by, s: registries.edit_registry(by, s.registry, default_role="member"),
    ),
    Row(
        registries.edit_registry,
        "name and visibility",
        REGISTRY_ADMINS,
        lambda by, s: registries.edit_registry(by, s.own, name="n", visibility="restricted"),
    ),
    Row(
        registries.accept_types,
        "a list",
        REGISTRY_ADMINS,
        lambda by, s: registries.accept_types(by, s.registry, ["model"]),
    ),
    Row(
        registries.delete_registry,
        "a core one",
        NOBODY_OF_THE_REGISTRY,
        lambda by, s: registries.delete_registry(by, s.registry),
    ),
    Row(
        registries.delete_registry,
        "another",
        REGISTRY_ADMINS,
        lambda by, s: registries.delete_registry(by, s.own),
    ),
    Row(
        members.add_member,
        "somebody",
        REGISTRY_ADMINS,
        lambda by, s: members.add_member(by, s.registry, s.somebody, Role.VIEWER),
    ),
    Row(
        members.set_role,
        "a team",
        REGISTRY_ADMINS,
        lambda by, s: members.set_role(by, s.registry, s.team, Role.ADMIN),
    ),
    Row(
        members.set_roles,
        "a team",
        REGISTRY_ADMINS,
        lambda by, s: members.set_roles(by, s.registry, {s.team: Role.ADMIN}),
    ),
    Row(
        members.remove_member,
        "a team",
        REGISTRY_ADMINS,
        lambda by, s: members.remove_member(by, s.registry, s.team),
    ),
    Row(
        protected_aliases.protect_aliases,
        "a name",
        REGISTRY_ADMINS,
        lambda by, s: protected_aliases.protect_aliases(by, s.registry, ["staging"]),
    ),
    Row(
        protected_aliases.unprotect_alias,
        "a name",
        REGISTRY_ADMINS,
        lambda by, s: protected_aliases.unprotect_alias(by, s.registry, "production"),
    ),
]
