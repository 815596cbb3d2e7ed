from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.models import Artifact, ManifestEntry, StoredFile
from artifacts.operations.artifacts import (
    Reference,
    create_artifact,
    delete_artifacts,
    digest_of,
    keep_bytes,
    store_files,
)
from artifacts.operations.projects import create_project
from artifacts.operations.runs import start_run
from artifacts.storage import open_file
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import files

HOSTILE_NAMES = ("../../escape.csv", "/etc/passwd", "C:\\x", "a\x00b", "x\u202egpj.exe", "%2e%2e/a")


def make(by, project, text="zebra", **options):
    return create_artifact(caller_of(by), project, "dataset", store_files(files(text)), **options)


def test_a_content_knows_its_files_size_maker_and_digest(project, member):
    entries = store_files({"b/labels.csv": io.BytesIO(b"1234"), "a.csv": io.BytesIO(b"12")})
    artifact = create_artifact(caller_of(member), project, "dataset", entries, tags=["zoo", "zoo"])
    assert (artifact.size, artifact.file_count, artifact.created_by) == (6, 2, member)
    assert artifact.digest == digest_of(artifact.entries.all())
    assert [tag.name for tag in artifact.tags.all()] == ["zoo"]
    assert {entry.path for entry in artifact.entries.all()} == {"a.csv", "b/labels.csv"}


def test_the_same_bytes_are_stored_once_whatever_they_are_called(project, member):
    store_files({"a.csv": io.BytesIO(b"same"), "b.csv": io.BytesIO(b"same")})
    assert StoredFile.objects.filter(size=4).count() == 1


def test_bytes_come_back_as_they_went_in(project, member):
    artifact = make(member, project, "zebra")
    with open_file(artifact.entries.get().stored_file) as stream:
        assert stream.read() == b"zebra"


def test_no_file_name_of_a_user_touches_the_file_system(project, subtests):
    for name in HOSTILE_NAMES:
        with subtests.test(name=name):
            with refused(Invalid, "path_form"):
                store_files({"fine.csv": io.BytesIO(b"never kept"), name: io.BytesIO(b"hostile")})
            on_disk = [path.name for path in Path(settings.WAYMARK_DATA).rglob("*")]
            assert not any("escape" in place or "passwd" in place for place in on_disk)


def test_a_good_file_name_is_nowhere_on_the_disk_either(project):
    store_files({"very-own-name.csv": io.BytesIO(b"bytes of the very own name")})
    on_disk = [path.name for path in Path(settings.WAYMARK_DATA, "files").rglob("*")]
    assert not any("very-own-name" in place for place in on_disk)


def test_names_that_are_twins_are_refused_before_any_byte_is_read(project):
    unread = io.BytesIO(b"unread")
    with refused(Invalid, "path_twin"):
        store_files({"A.csv": unread, "a.csv": io.BytesIO(b"x")})
    assert unread.tell() == 0


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://169.254.169.254/latest/meta-data", "s3://b/k"]
)
def test_a_reference_is_text_that_nobody_opens(project, member, address):
    """The network is closed in tests: an attempt would fail."""
    entries = store_files({"outside": Reference(address, "etag", 12)})
    artifact = create_artifact(caller_of(member), project, "dataset", entries)
    entry = artifact.entries.get()
    assert (entry.reference, entry.stored_file, entry.size) == (address, None, 12)


def test_a_reference_that_could_not_be_kept_is_refused(project, subtests):
    for reference in [
        Reference("", "d"),
        Reference("s3://\x00", "d"),
        Reference("s3://b", "d\nother:d"),
        Reference("s3://b", "d", -1),
    ]:
        with subtests.test(reference=reference), refused(Invalid, "entry_form"):
            store_files({"outside": reference})
    with refused(Invalid, "digest_length"):
        store_files({"outside": Reference("s3://b", "d" * 8193)})


def test_only_who_may_write_in_the_project_makes_content(team, project, viewer, outsider):
    entries = store_files(files("zebra"))
    with refused(NotFound):
        create_artifact(caller_of(outsider), project, "dataset", entries)
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        create_artifact(caller_of(viewer), project, "dataset", entries)


def test_bad_facts_make_no_content(project, member, subtests):
    for options, field in [
        ({"metadata": {"a": float("nan")}}, "metadata"),
        ({"metadata": {str(n): n for n in range(101)}}, "metadata"),
        ({"tags": ["a/b"]}, "tag"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tag"),
        ({"description": "a\x00b"}, "description"),
    ]:
        with subtests.test(options=options):
            entries = store_files(files("zebra"))
            with refused(Invalid) as refusal:
                create_artifact(caller_of(member), project, "dataset", entries, **options)
            assert refusal.value.field == field


@pytest.mark.parametrize("description", [None, "", "A table."])
def test_null_and_empty_descriptions_are_kept_apart(project, member, description):
    artifact = make(member, project, description=description)
    artifact.refresh_from_db()
    assert artifact.description == description


def test_the_run_that_made_it_is_one_of_the_same_project(project, member, viewer):
    run = start_run(caller_of(member), project)
    assert make(member, project, run=run).run == run
    elsewhere = create_project(caller_of(viewer), viewer.entity, "own")
    foreign = start_run(caller_of(viewer), elsewhere)
    entries = store_files(files("zebra"))
    with refused(NotFound):
        create_artifact(caller_of(member), project, "dataset", entries, run=foreign)


def test_content_nobody_points_at_ends_with_its_entries_and_keeps_shared_bytes(project, member):
    doomed, other = make(member, project), make(member, project)
    delete_artifacts(caller_of(member), [doomed])
    assert list(Artifact.objects.all()) == [other]
    assert ManifestEntry.objects.get().artifact == other
    with open_file(other.entries.get().stored_file) as stream:
        assert stream.read() == b"zebra"


def test_content_a_version_points_at_is_not_deleted(member, source):
    with refused(Conflict, "still_linked"):
        delete_artifacts(caller_of(member), [source.artifact])


def test_who_may_not_write_deletes_nothing(project, member, outsider):
    artifact = make(member, project)
    with refused(NotFound):
        delete_artifacts(caller_of(outsider), [artifact])


@pytest.mark.django_db
def test_bytes_other_than_promised_are_not_kept():
    with refused(Invalid, "upload_size"):
        keep_bytes(io.BytesIO(b"zebra"), size=4)
    with refused(Invalid, "upload_digest"):
        keep_bytes(io.BytesIO(b"a digest that differs"), size=21, md5="0" * 32)
