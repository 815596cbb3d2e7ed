"""Versions from a browser: what was cut off goes on, and the same content is one version."""

from __future__ import annotations

import hashlib
import io

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Full
from artifacts import growing_files
from artifacts.operations.multipart import expect_parts, receive_part
from artifacts.operations.storage_use import set_quota
from artifacts.operations.uploads import abandon, receive_expected
from artifacts.storage import open_file
from registries.operations.uploads import begin_upload, finish_upload
from tests.personas import caller_of
from tests.refusals import nothing_changes


def begin(by, project):
    upload, (expected,) = begin_upload(by, project, "weights", "model", {"a/b.bin": 10})
    expected.artifact = upload
    return upload, expected


def test_a_file_goes_on_where_its_connection_was_lost(project, member):
    by = caller_of(member)
    upload, expected = begin(by, project)
    receive_expected(by, expected, io.BytesIO(b"12345"), offset=0)
    assert growing_files.grown_to(expected.pk) == 5
    with pytest.raises(Conflict):
        receive_expected(by, expected, io.BytesIO(b"67890"), offset=3)
    with pytest.raises(Conflict):
        finish_upload(by, upload)
    receive_expected(by, expected, io.BytesIO(b"67890"), offset=5)
    outcome = finish_upload(by, upload)
    assert outcome.version.label == "v0"
    with open_file(expected.stored_file) as kept:
        assert kept.read() == b"1234567890"


def test_the_same_files_again_make_no_new_version(project, member):
    by = caller_of(member)
    versions = []
    for _ in range(2):
        upload, expected = begin(by, project)
        receive_expected(by, expected, io.BytesIO(b"1234567890"), offset=0)
        versions.append(finish_upload(by, upload).version)
    assert versions[0] == versions[1]


def test_uploads_that_are_not_finished_together_are_no_more_than_may_be_stored(
    project, member, organization
):
    set_quota(OPERATOR, organization.entity, most_bytes=25, most_files=None)
    by = caller_of(member)
    (first, at_first), (_, at_second), (_, at_third) = (begin(by, project) for _ in range(3))
    for expected in (at_first, at_second):
        receive_expected(by, expected, io.BytesIO(b"123456789"), offset=0)
    with nothing_changes(), pytest.raises(Full):
        receive_expected(by, at_third, io.BytesIO(b"123456789"), offset=0)
    receive_expected(by, at_second, io.BytesIO(b"0"), offset=9)
    abandon(by, first)
    receive_expected(by, at_third, io.BytesIO(b"123456789"), offset=0)


def test_what_has_come_from_browsers_leaves_less_room_for_parts(project, member, organization):
    set_quota(OPERATOR, organization.entity, most_bytes=15, most_files=None)
    by = caller_of(member)
    upload, expected = begin(by, project)
    receive_expected(by, expected, io.BytesIO(b"123456789"), offset=0)
    md5 = hashlib.md5(b"1234567", usedforsecurity=False).hexdigest()
    parts = expect_parts(by, upload, md5, {1: md5})
    with nothing_changes(), pytest.raises(Full):
        receive_part(parts, 1, io.BytesIO(b"1234567"), size=7)
