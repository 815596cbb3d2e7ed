"""Migrations on tables that hold what people made: forward, back, and forward again."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.models import User
from artifacts.models import Artifact
from artifacts.operations.artifacts import Reference
from artifacts.operations.drafts import expect_manifest, receive_manifest
from registries.operations.drafts import announce_version, commit_version
from registries.operations.sources import log_version
from tests.architecture.source import PACKAGES
from tests.faults import furniture
from tests.faults.children import in_child
from tests.faults.event_replay import require_history_agrees
from tests.faults.places import Place
from tests.faults.whole_state import State, whole_state

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def _apps() -> list[str]:
    """Those with migrations, the highest floor first."""
    return [app for app in PACKAGES if app in MigrationLoader(connection).migrated_apps]


def _migrate(*where: str) -> None:
    call_command("migrate", *where, interactive=False, verbosity=0)


def _back_to_the_first_and_forward() -> tuple[State, State]:
    before = whole_state()
    for app in _apps():
        _migrate(app, "0001")
    _migrate()
    require_history_agrees()
    return before, whole_state()


def _back_to_nothing_and_forward() -> State:
    for app in _apps():
        _migrate(app, "zero")
    left = connection.introspection.table_names()
    assert not [table for table in left if table.startswith(tuple(f"{app}_" for app in PACKAGES))]
    _migrate()
    return whole_state()


def _back_and_forward_then_work() -> None:
    _back_to_the_first_and_forward()
    furniture.log_content(furniture.project(), "animals", "after all migrations")
    require_history_agrees()


ADDRESS = "https://bucket/key?signature=" + "x" * 1800


def _long_references_back_and_forward() -> list[str]:
    by, project = furniture.by("max"), furniture.project()
    files = {
        "signed": Reference(ADDRESS, ADDRESS, 1),
        "short": Reference("https://bucket/other", "etag", 1),
    }
    made = log_version(by, project, "refs", "dataset", files)
    told = []
    for number in ("0012", "0013"):
        _migrate("artifacts", number)
        entries = made.version.artifact.entries.order_by("path")
        told.append(list(entries.values_list("digest", flat=True)))
    return told


def _part(name: str, path: str) -> Artifact:
    """A part of what the group `g` fills, as a run without a name sends it."""
    by, project = furniture.by("max"), furniture.project()
    artifact = announce_version(
        by, project, name, "dataset", path, distributed_id="g", client_id=name + path, tags=[]
    )
    part = expect_manifest(by, artifact, kind="PATCH", name="wandb_manifest.patch.json")
    entry = {"digest": path, "size": 1, "ref": f"https://files/{path}"}
    text = json.dumps({"version": 1, "contents": {path: entry}}).encode()
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    receive_manifest(part, io.BytesIO(text), size=len(text), md5=md5)
    return artifact


def _finished(artifact: Artifact) -> list[str]:
    version = commit_version(furniture.by("max"), artifact).version
    return sorted(version.artifact.entries.values_list("path", flat=True))


def _parts_on_their_way_back_and_forward() -> dict[str, list[str]]:
    _finished(_part("train", "before"))
    begun = {name: [_part(name, path) for path in "ab"] for name in ("train", "eval")}
    _migrate("artifacts", "0008")
    _migrate()
    answered = {name: _finished(artifacts[0]) for name, artifacts in begun.items()}
    return answered | {"next": _finished(_part("train", "after"))}


def _second_list_of_addresses_forward() -> list[str]:
    _migrate("accounts", "0004")
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=User.objects.earliest("pk"), email="old@example.org", verified=True)]
    )
    _migrate()
    return list(EmailAddress.objects.values_list("email", flat=True))


def test_addresses_that_were_kept_besides_the_profile_are_forgotten(place: Place):
    assert in_child(place, _second_list_of_addresses_forward) == []


def test_a_long_reference_without_a_checksum_is_whole_after_going_back_and_forward(place: Place):
    back, forward = in_child(place, _long_references_back_and_forward)
    assert back == ["etag", ADDRESS[:1024]]
    assert forward == ["etag", ADDRESS]


def test_parts_of_distributed_artifacts_outlive_going_back_and_forward(place: Place):
    answered = in_child(place, _parts_on_their_way_back_and_forward)
    assert answered == {"train": ["a", "b"], "eval": ["a", "b"], "next": ["after"]}


def test_what_people_made_is_the_same_after_going_back_and_forward(place: Place):
    before, after = in_child(place, _back_to_the_first_and_forward)
    assert before == after
    assert before["registries.Version"]


def test_work_goes_on_after_going_back_and_forward(place: Place):
    in_child(place, _back_and_forward_then_work)


def test_filled_tables_can_be_taken_away_whole_and_made_again(place: Place):
    assert in_child(place, _back_to_nothing_and_forward) == {}
