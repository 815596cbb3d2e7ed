"""What uploads and manifests may not do: read what is another's, leave the store, fill it half."""

from __future__ import annotations

import ast
import base64
import errno
import hashlib
import io
import json
import os
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.callers import OPERATOR
from accounts.errors import Invalid, RegistryError
from accounts.operations.api_keys import revoke_api_key
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import deactivate_user
from accounts.operations.teams import add_to_team, create_team, remove_from_team
from artifacts.models import Artifact, StoredFile
from artifacts.operations.artifacts import Reference
from artifacts.operations.drafts import expect_manifest, receive_file, receive_manifest
from artifacts.operations.projects import create_project
from artifacts.signing import sign_artifact_upload
from registries.operations.drafts import announce_version, commit_version
from registries.operations.sources import log_version
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.things import log
from wandb_api.identifiers import encode

SECRET = b"the bytes of another team"
MOST_ENTRIES = 100_000


def md5_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def base64_of(content: bytes) -> str:
    return base64.b64encode(bytes.fromhex(md5_of(content))).decode()


def announced(by, project, contents: dict[str, object]) -> Artifact:
    """A pending artifact whose manifest has arrived."""
    artifact = announce_version(caller_of(by), project, "announced", "dataset", "d", tags=[])
    manifest = json.dumps({"version": 1, "contents": contents}).encode()
    upload = expect_manifest(caller_of(by), artifact, kind="FULL", name="wandb_manifest.json")
    receive_manifest(upload, io.BytesIO(manifest), size=len(manifest), md5=md5_of(manifest))
    return artifact


@pytest.fixture
def theirs(outsider, organization):
    """A version of a team the member is not in, with bytes the member does not know."""
    team = create_team(OPERATOR, organization, "others")
    set_organization_role(OPERATOR, organization, outsider, "member")
    add_to_team(OPERATOR, team, outsider)
    project = create_project(caller_of(outsider), team.entity, "closed")
    return log(outsider, project, SECRET.decode())


@pytest.mark.parametrize("birth", [True, False])
def test_knowing_a_digest_opens_no_bytes_of_somebody_else(theirs, member, project, birth):
    entry = {"digest": base64_of(SECRET), "size": len(SECRET)}
    if birth:
        entry["birthArtifactID"] = encode("Artifact", theirs.artifact_id)
    artifact = announced(member, project, {"mine.csv": entry})
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        commit_version(caller_of(member), artifact)
    unknown = announced(member, project, {"mine.csv": entry | {"digest": base64_of(b"nobody's")}})
    with pytest.raises(Invalid) as same:
        commit_version(caller_of(member), unknown)
    assert refusal.value.sentence == same.value.sentence


def test_an_upload_of_bytes_that_are_somewhere_is_asked_for_all_the_same(theirs, member, project):
    artifact = announced(member, project, {})
    assert StoredFile.objects.filter(md5=md5_of(SECRET)).exists()
    token = sign_artifact_upload(artifact.pk, md5_of(SECRET))
    with nothing_changes():
        answer = Client().put(
            f"/storage/uploads/files/{token}", b"guessed", "application/octet-stream"
        )
    assert answer.status_code == 422


def test_who_was_taken_out_of_the_team_since_announcing_commits_nothing(member, team, project):
    artifact = announced(member, project, {})
    remove_from_team(OPERATOR, team, member)
    with nothing_changes(), pytest.raises(RegistryError):
        commit_version(caller_of(member), artifact)


@pytest.mark.parametrize("ended", ["key", "account"])
def test_a_key_or_account_that_ended_since_announcing_commits_nothing(member, project, ended, ask):
    artifact = announced(member, project, {})
    query = "mutation($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }"
    given = {"query": query, "variables": {"id": encode("Artifact", artifact.pk)}}
    headers = ask.headers(member)
    if ended == "key":
        revoke_api_key(OPERATOR, member.api_keys.get())
    else:
        deactivate_user(OPERATOR, member)
    with nothing_changes():
        answer = Client().post("/graphql", given, "application/json", headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://169.254.169.254/latest", "s3://b/k", "gs://b/k?x=1"]
)
def test_a_reference_is_text_that_the_server_never_opens(member, project, address):
    opened = []
    sys.addaudithook(lambda event, details: opened.append((event, str(details[:1]))))
    version = log_version(
        caller_of(member), project, "refs", "dataset", {"r": Reference(address, "d", 1)}
    ).version
    reader = Client()
    reader.force_login(member)
    page = reader.get(
        f"/smle-reg-team-2/zoo_experiment/collections/refs/versions/v{version.number}"
    )
    assert page.status_code == 200
    assert not [event for event in opened if event[0] in {"socket.connect", "socket.getaddrinfo"}]
    assert not [event for event in opened if event[0] == "open" and "passwd" in event[1]]


def test_a_manifest_has_no_more_entries_than_a_registry_can_show(member, project):
    entry = {"digest": "d", "size": 1, "ref": "s3://bucket/key"}
    contents = {f"{number}": entry for number in range(MOST_ENTRIES + 1)}
    artifact = announced(member, project, contents)
    with nothing_changes(), pytest.raises(Invalid):
        commit_version(caller_of(member), artifact)


def test_a_full_disk_refuses_the_write_and_reads_go_on(member, project, source, monkeypatch):
    artifact = announced(member, project, {})
    monkeypatch.setattr(os, "fsync", _no_space)
    kept = Path(settings.WAYMARK_DATA) / "files"
    before = sorted(path for path in kept.rglob("*") if path.is_file())
    token = sign_artifact_upload(artifact.pk, md5_of(b"more"))
    answer = Client(raise_request_exception=False).put(
        f"/storage/uploads/files/{token}", b"more", "application/octet-stream"
    )
    assert answer.status_code == 413
    assert "disk" in answer.content.decode()
    assert sorted(path for path in kept.rglob("*") if path.is_file()) == before
    reader = Client()
    reader.force_login(member)
    place = "/smle-reg-team-2/zoo_experiment/collections/zoo_dataset/versions/v0"
    assert reader.get(place).status_code == 200


def _no_space(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_is_uploaded_is_never_unpacked_or_run():
    """No module of the product imports what could. Archives are written for downloads alone."""
    dangerous = {"pickle", "shelve", "marshal", "dill", "joblib", "tarfile", "runpy"}
    for app in ("accounts", "artifacts", "registries", "wandb_api", "automations"):
        for path in Path(app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                assert not _imported(node) & dangerous, path
                assert _called(node) not in {"eval", "exec", "compile", "extractall"}, path


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return (
        {name.name.split(".")[0] for name in node.names} if isinstance(node, ast.Import) else set()
    )


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr if function.attr == "extractall" else ""
    return function.id if isinstance(function, ast.Name) else ""


def test_bytes_of_a_person_without_rights_are_not_accepted_by_the_operation_either(
    theirs, member, project
):
    artifact = announced(member, project, {})
    with nothing_changes(), pytest.raises(Invalid):
        receive_file(artifact, io.BytesIO(b"guessed"), size=7, md5=md5_of(SECRET))
