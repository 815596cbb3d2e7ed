"""Files nobody refers to go once they have lain for a while; all others stay."""

from __future__ import annotations

import fcntl
import io
import os
from datetime import timedelta
from hashlib import md5

import pytest
from django.utils import timezone

from accounts.callers import OPERATOR
from accounts.errors import Invalid, Lost
from artifacts import storage
from artifacts.models import StoredFile
from artifacts.operations.artifacts import keep_bytes
from artifacts.operations.cleaning import remove_unreferenced_files
from artifacts.operations.multipart import expect_parts, receive_part
from artifacts.operations.projects import create_project
from artifacts.operations.uploads import receive_expected
from artifacts.storage import open_file, place_of
from registries.operations.drafts import announce_version
from registries.operations.projects import delete_project
from registries.operations.sources import delete_source
from registries.operations.uploads import begin_upload
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


def clean():
    """Of strays so many. BlockingIOError where it would wait for whoever calls this."""
    with (storage.folder_of("incoming").parent / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return remove_unreferenced_files(OPERATOR).strays


class Slow(io.BytesIO):
    """A night's cleaning falls between its pieces."""

    def read(self, size=-1):
        self.removed = getattr(self, "removed", 0) + clean()
        return super().read(min(size, 3))


def leave_stray():
    path = place_of("ab" * 32)
    storage.make_folder_of(path)
    path.write_bytes(b"stray")
    os.utime(path, (0, 0))


@pytest.mark.parametrize("kind", ["of a script", "of a browser", "grown twice"])
def test_cleaning_does_not_wait_for_bytes_that_are_coming(project, member, kind):
    slow = Slow(b"zebra")
    if kind == "of a script":
        leave_stray()
        keep_bytes(slow)
    else:
        by = caller_of(member)
        upload, (expected,) = begin_upload(by, project, "zoo", "dataset", {"a": 5})
        expected.artifact, offset = upload, 0
        if kind == "grown twice":
            receive_expected(by, expected, io.BytesIO(b"ze"), offset=0)
            slow, offset = Slow(b"bra"), 2
        leave_stray()
        receive_expected(by, expected, slow, offset=offset)
    assert slow.removed == 1
    with open_file(StoredFile.objects.get()) as kept:
        assert kept.read() == b"zebra"


def test_bytes_that_came_too_slowly_are_to_be_sent_again(db):
    class Overtaken(io.BytesIO):
        def read(self, size=-1):
            for path in storage.folder_of("incoming").iterdir():
                os.utime(path, (0, 0))
            clean()
            return super().read(size)

    with pytest.raises(Lost, match="Send it again"):
        keep_bytes(Overtaken(b"zebra"))
    assert not StoredFile.objects.exists()
    assert keep_bytes(io.BytesIO(b"zebra")).size == 5


def test_what_may_still_be_on_its_way_is_left_alone(db):
    with pytest.raises(Invalid):
        remove_unreferenced_files(OPERATOR, older_than=timedelta(minutes=5))
