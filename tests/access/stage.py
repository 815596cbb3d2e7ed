"""What the table of operations acts on, read anew for each cell: nothing of a cell is left over."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from accounts.callers import OPERATOR
from accounts.models import ApiKey, Organization, Team, User
from accounts.operations.api_keys import create_api_key
from accounts.operations.invitations import invite
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import create_team
from artifacts.models import Artifact, MultipartUpload, Project, Run
from artifacts.operations.artifacts import create_artifact
from artifacts.operations.drafts import expect_manifest, receive_manifest
from artifacts.operations.multipart import expect_parts, receive_part
from artifacts.operations.projects import create_project
from artifacts.operations.runs import expect_run_file, start_run
from artifacts.operations.uploads import receive_expected
from artifacts.partial_files import PartialFile
from registries.models import Registry
from registries.operations.drafts import announce_version
from registries.operations.edits import edit_version
from registries.operations.members import add_member
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from registries.operations.uploads import begin_upload
from registries.roles import Role
from tests.access import automated
from tests.personas import caller_of, person
from tests.things import link, log, put

PART = b"published"
EMPTY_MANIFEST = json.dumps({"version": 1, "contents": {}}).encode()


@dataclass(frozen=True)
class Stage:
    """`protected` is v0 with `production` and the tag uci, `custom` v1 with `latest` and
    `candidate`; `other` is alone in a collection; `free_source` is linked nowhere."""

    rows: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        row = self.rows[name]
        return type(row).objects.get(pk=row.pk)


def build(people: dict[str, User], project: Project) -> Stage:
    organization, team = Organization.objects.get(teams__isnull=False), Team.objects.get()
    admin, member = people["admin"], people["member"]
    registry = Registry.objects.get(organization=organization, name="Model")
    maker = _run(member, project)
    source = log(member, project, "published", run=maker)
    second = log(member, project, "cleaned")
    protected = link(member, source.artifact, registry)
    custom = link(member, second.artifact, registry, "candidate")
    edit_version(caller_of(member), protected, add_tags=["uci"])
    protect_aliases(caller_of(admin), registry, ["production"])
    put(admin, protected, "production")
    return Stage(
        {
            "organization": organization,
            "team": team,
            "empty_team": create_team(OPERATOR, organization, "empty-team"),
            "robot": create_service_account(OPERATOR, team, "robot"),
            "invitation": invite(OPERATOR, organization)[0],
            "team_member": person("in-the-team", organization, team=team),
            "somebody": (somebody := person("somebody", organization)),
            "key": _key(somebody),
            "registry": registry,
            "own": _own(people, organization, team),
            "project": project,
            "protected": protected,
            "source_of_protected": source,
            "artifact": source.artifact,
            "custom": custom,
            "source_of_custom": second,
            "other": link(member, second.artifact, registry, name="Other"),
            "free_project": _free_project(member, team),
            "free_source": log(member, project, "free", name="free"),
            "loose": create_artifact(caller_of(member), project, "dataset", []),
            "run": (run := _run(member, project)),
            "run_file": expect_run_file(caller_of(member), run, "notes.txt"),
            "run_of_protected": maker,
            "pending": (pending := _pending(member, project)),
            "parts": _parts(member, pending),
            "uploading": (uploading := _upload(member, project, "uploading")),
            "expected": uploading.expected_files.get(),
            "uploaded": _arrived(member, _upload(member, project, "uploaded")),
            **automated.rows(people, organization, custom),
        }
    )


def _free_project(member: User, team: Team) -> Project:
    """With a version that nothing links and a run."""
    project = create_project(caller_of(member), team.entity, "free-project")
    log(member, project, "alone", name="alone")
    _run(member, project)
    return project


def _key(user: User) -> ApiKey:
    return create_api_key(OPERATOR, user)[0]


def _own(people: dict[str, User], organization: Organization, team: Team) -> Registry:
    """A registry that is no core one, with the same members as Model."""
    by = caller_of(people["org_admin"])
    own = create_registry(by, organization, "Own")
    add_member(by, own, team, Role.MEMBER)
    add_member(by, own, people["admin"], Role.ADMIN)
    add_member(by, own, people["guest"], Role.MEMBER)
    add_member(by, own, people["restricted_viewer"], Role.RESTRICTED_VIEWER)
    return own


def _run(member: User, project: Project) -> Run:
    return start_run(caller_of(member), project)


def _upload(member: User, project: Project, name: str) -> Artifact:
    """Begun in a browser."""
    return begin_upload(caller_of(member), project, name, "dataset", {"a.txt": 1})[0]


def _arrived(member: User, upload: Artifact) -> Artifact:
    expected = upload.expected_files.get()
    receive_expected(caller_of(member), expected, io.BytesIO(b"x"), offset=0)
    return upload


def _pending(member: User, project: Project) -> Artifact:
    """Announced, its empty manifest arrived."""
    by = caller_of(member)
    pending = announce_version(by, project, "announced", "dataset", "d", tags=[])
    upload = expect_manifest(by, pending, kind="FULL", name="wandb_manifest.json")
    digest = md5(EMPTY_MANIFEST, usedforsecurity=False).hexdigest()
    receive_manifest(upload, io.BytesIO(EMPTY_MANIFEST), size=len(EMPTY_MANIFEST), md5=digest)
    return pending


def _parts(member: User, pending: Artifact) -> MultipartUpload:
    """One part, arrived and not joined yet; its bytes are those of a file that is there."""
    digest = md5(PART, usedforsecurity=False).hexdigest()
    upload = expect_parts(caller_of(member), pending, digest, {1: digest})
    receive_part(upload, 1, io.BytesIO(PART), size=len(PART))
    return upload


def joinable(stage: Stage) -> MultipartUpload:
    """The parts of the stage. Undoing what joined them has not brought their bytes back."""
    partial = PartialFile(stage.parts.upload_id, count=1, part_size=0)
    partial.place_of(1)[0].write_bytes(PART)
    return stage.parts
