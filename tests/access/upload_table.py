"""Who gets what from the operations of uploads, storage and quotas."""

from __future__ import annotations

import io

from artifacts.operations import cleaning, storage_use, uploads
from registries.operations import uploads as registry_uploads
from tests.access.operation_table import NOBODY, PROJECT_WRITERS, Row

UPLOADS = [
    Row(
        registry_uploads.begin_upload,
        "of a team",
        PROJECT_WRITERS,
        lambda by, s: registry_uploads.begin_upload(by, s.project, "n", "t", {"a.txt": 1}),
    ),
    Row(
        uploads.expect_files,
        "of a team",
        PROJECT_WRITERS,
        lambda by, s: uploads.expect_files(by, s.pending, {"b.txt": 1}),
    ),
    Row(
        uploads.receive_expected,
        "of a team",
        PROJECT_WRITERS,
        lambda by, s: uploads.receive_expected(by, s.expected, io.BytesIO(b"x"), offset=0),
    ),
    Row(
        uploads.write_manifest,
        "of a team",
        PROJECT_WRITERS,
        lambda by, s: uploads.write_manifest(by, s.uploaded),
    ),
    Row(
        registry_uploads.finish_upload,
        "of a team",
        PROJECT_WRITERS,
        lambda by, s: registry_uploads.finish_upload(by, s.uploaded),
    ),
    Row(
        uploads.abandon,
        "of a team",
        PROJECT_WRITERS,
        lambda by, s: uploads.abandon(by, s.uploading),
    ),
    Row(
        storage_use.set_quota,
        "of the organization",
        NOBODY,
        lambda by, s: storage_use.set_quota(
            by, s.organization.entity, most_bytes=1, most_files=None
        ),
    ),
    Row(
        cleaning.remove_unreferenced_files,
        "of everybody",
        NOBODY,
        lambda by, s: cleaning.remove_unreferenced_files(by),
    ),
    Row(
        storage_use.count_again,
        "of a team",
        NOBODY,
        lambda by, s: storage_use.count_again(by, s.team.entity),
    ),
]
