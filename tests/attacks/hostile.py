"""A registry in which every text that people may choose is an attempt at a script."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.callers import OPERATOR
from accounts.operations.people import edit_profile
from artifacts.operations.artifacts import Reference
from artifacts.operations.projects import create_project
from artifacts.operations.runs import (
    expect_run_file,
    extend_run,
    receive_run_file,
    upsert_run,
)
from registries.models import Event, Registry, Version
from registries.operations.collections import create_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.members import add_member
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry, edit_registry
from registries.operations.sources import log_version
from registries.operations.versions import link_version
from registries.roles import Role
from tests.personas import caller_of
from tests.things import put

if TYPE_CHECKING:
    from accounts.models import Team, User

# Names take neither / nor : nor, for registries, some others; texts take everything.
NAME = "\"'><img src=x onerror=alert(1)><svg onload=alert(1)>"
TEXT = (
    NAME + "</script></textarea></title><script>alert(1)</script><iframe src='javascript:alert(1)'>"
    "\n\n[a](javascript:alert(1)) [b](data:text/html,x) ![c](javascript:alert(1))"
    "\n<a href='vbscript:x' style='color:red' onclick=alert(1)>d</a>\n{{7*7}}{% debug %}<!--"
)


@dataclass(frozen=True)
class Hostile:
    """Every page of it has an address made of these."""

    registry: Registry
    version: Version
    source: Version
    team: str
    files: str

    def places(self) -> dict[str, Any]:
        collection = self.version.collection
        change = Event.objects.filter(alias=PROTECTED, collection=collection).latest("pk")
        return {
            "organization": self.registry.organization.name,
            "registry": self.registry.name,
            "collection": collection.name,
            "number": self.version.number,
            "event": change.pk,
            "alias": PROTECTED,
            "file": self.files,
            "name": "admin-of-model",
            "team": self.team,
        }

    def places_of_project(self) -> dict[str, Any]:
        change = Event.objects.filter(collection=self.source.collection, alias=NAME).latest("pk")
        return {
            "entity": self.team,
            "project": self.source.collection.project.name,
            "collection": self.source.collection.name,
            "number": self.source.number,
            "event": change.pk,
            "alias": NAME,
            "run": "brisk-heron",
            "file": self.files,
            "page": "overview",
        }


PROTECTED = f"p {NAME}"[:100]


def fill(team: Team, admin: User) -> Hostile:
    by = caller_of(admin)
    edit_profile(OPERATOR, admin, full_name=NAME)
    registry = create_registry(by, team.organization, NAME.replace("?", ""), description=TEXT)
    edit_registry(by, registry, description=TEXT)
    project = create_project(by, team.entity, "hostile", description=TEXT)
    run, _ = upsert_run(
        by,
        project,
        "brisk-heron",
        display_name=NAME,
        config={NAME: TEXT},
        notes=TEXT,
        group=NAME,
        job_type=NAME,
        tags=[NAME[:64]],
    )
    extend_run(
        by,
        run,
        counts={"history_line_count": 1},
        summary=None,
        state=None,
        history=[json.dumps({NAME: TEXT, "deep": {NAME: [TEXT]}})],
    )
    file_name = "<img src=x onerror=alert(1)>.csv"
    receive_run_file(expect_run_file(by, run, file_name), io.BytesIO(TEXT.encode()), size=len(TEXT))
    reference = Reference("file:///etc/passwd?" + NAME, "d", 1)
    source = log_version(
        by,
        project,
        NAME,
        NAME,
        {file_name: io.BytesIO(b"1"), "reference": reference},
        aliases=[NAME],
        description=TEXT,
        metadata={NAME: TEXT, "nested": {NAME: [TEXT]}},
        run=run,
    ).version
    protect_aliases(by, registry, [PROTECTED])
    linked = link_version(by, source.artifact, registry.project, NAME, [NAME])
    version = linked.version
    put(admin, version, PROTECTED)
    edit_version(by, version, description=TEXT + " again", metadata={NAME: TEXT})
    edit_collection(by, version.collection, description=TEXT)
    create_collection(by, registry.project, f"e{NAME}", NAME, description=TEXT)
    link_version(by, source.artifact, project, f"picks {NAME}", [NAME])
    add_member(by, registry, team, Role.MEMBER)
    return Hostile(registry, version, source, team.entity.name, file_name)
