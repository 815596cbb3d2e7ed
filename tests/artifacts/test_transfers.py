"""Bytes in and out by signed addresses, as the server runs them: outside every transaction."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve, reverse

from artifacts.long_transfers import LONG
from artifacts.models import ArrivedFile
from artifacts.signing import sign_artifact_upload, sign_download
from registries.operations.drafts import announce_version
from tests.personas import caller_of

pytestmark = pytest.mark.django_db(transaction=True)


class Watched(io.BytesIO):
    """A body that notes at each read whether a connection to the database is open."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.was_connected: set[bool] = set()

    def read(self, size: int | None = -1) -> bytes:
        self.was_connected.add(connection.connection is not None)
        return super().read(size)


@pytest.mark.parametrize(("size", "stays"), [(LONG, False), (1000, True)])
def test_while_a_long_upload_arrives_no_connection_to_the_database_is_held(
    member, project, size, stays
):
    content = bytes(size)
    body = Watched(content)
    artifact = announce_version(caller_of(member), project, "large", "model", "d", tags=[])
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    path = reverse("artifact-upload", args=[sign_artifact_upload(artifact.pk, md5)])
    extra = {"CONTENT_LENGTH": str(size), "wsgi.input": body}
    found = resolve(path)
    answer = found.func(RequestFactory().put(path, **extra), **found.kwargs)
    assert (answer.status_code, answer.content) == (200, b"")
    assert ArrivedFile.objects.get().stored_file.size == size
    assert body.was_connected == {stays}


def test_while_a_long_file_leaves_no_connection_to_the_database_is_held(member, project):
    content = b"0123456789abcdef" * (LONG // 16)
    artifact = announce_version(caller_of(member), project, "large", "model", "d", tags=[])
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    upload = reverse("artifact-upload", args=[sign_artifact_upload(artifact.pk, md5)])
    found = resolve(upload)
    found.func(RequestFactory().put(upload, content), **found.kwargs)
    stored = ArrivedFile.objects.get().stored_file
    path = reverse("stored-file", args=[sign_download(stored.sha256), "weights"])
    found = resolve(path)
    answer = found.func(RequestFactory().get(path), **found.kwargs)
    assert connection.connection is None
    assert answer.getvalue() == content
    answer.close()
