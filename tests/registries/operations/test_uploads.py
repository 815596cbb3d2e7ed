"""Versions from a browser: what was cut off goes on, and the same content is one version."""

from __future__ import annotations

import io

import pytest

from accounts.errors import Conflict
from artifacts import growing_files
from artifacts.operations.uploads import receive_expected
from artifacts.storage import open_file
from registries.operations.uploads import begin_upload, finish_upload
from tests.personas import caller_of


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
