"""Files nobody refers to go once they have lain for a while; all others stay."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from hashlib import md5

import pytest
from django.utils import timezone

from accounts.callers import OPERATOR
from accounts.errors import Invalid
from artifacts import storage
from artifacts.models import StoredFile
from artifacts.operations.cleaning import remove_unreferenced_files
from artifacts.operations.multipart import expect_parts, receive_part
from artifacts.operations.projects import create_project
from artifacts.storage import open_file, place_of
from registries.operations.drafts import announce_version
from registries.operations.projects import delete_project
from registries.operations.sources import delete_source
from tests.personas import caller_of
from tests.things import log


def test_only_what_nobody_refers_to_goes_and_only_after_a_while(project, member):
    gone, kept = log(member, project, "gone"), log(member, project, "kept")
    path = place_of(gone.artifact.entries.get().stored_file.sha256)
    delete_source(caller_of(member), gone, delete_aliases=True)
    assert remove_unreferenced_files(OPERATOR).files == 0
    StoredFile.objects.update(arrived_at=timezone.now() - timedelta(days=2))
    assert remove_unreferenced_files(OPERATOR, dry_run=True).files == 1
    assert path.exists()
    assert remove_unreferenced_files(OPERATOR).files == 1
    assert not path.exists()
    with open_file(kept.artifact.entries.get().stored_file) as bytes_of_kept:
        assert bytes_of_kept.read() == b"kept"


def announced(member, project, name):
    """A large file of which the first of two parts has arrived."""
    by = caller_of(member)
    artifact = announce_version(by, project, name, "dataset", "d", tags=[])
    part_md5s = {number: md5(b"part").hexdigest() for number in (1, 2)}
    upload = expect_parts(by, artifact, md5(b"partpart").hexdigest(), part_md5s)
    receive_part(upload, 1, io.BytesIO(b"part"), size=4)
    return storage.folder_of("parts") / upload.upload_id


def make_old(folder):
    for path in [*folder.iterdir(), folder]:
        os.utime(path, (0, 0))


def test_parts_of_a_file_go_once_its_project_is_gone_and_only_after_a_while(
    project, member, team, org_admin
):
    kept = announced(member, create_project(caller_of(member), team.entity, "other"), "kept")
    gone = announced(member, project, "gone")
    make_old(kept)
    delete_project(caller_of(org_admin), project, delete_aliases=True)
    assert remove_unreferenced_files(OPERATOR).strays == 0
    make_old(gone)
    assert remove_unreferenced_files(OPERATOR, dry_run=True).strays == 1
    assert gone.exists()
    assert remove_unreferenced_files(OPERATOR).strays == 1
    assert not gone.exists()
    assert kept.exists()


def test_what_may_still_be_on_its_way_is_left_alone(db):
    with pytest.raises(Invalid):
        remove_unreferenced_files(OPERATOR, older_than=timedelta(minutes=5))
